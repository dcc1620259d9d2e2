"""Pages of an old site, brought in as drafts with their old addresses (docs/importing.md)."""
