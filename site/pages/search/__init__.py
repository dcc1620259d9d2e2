"""Search over the public pages, by the basic forms of words, in three languages."""
