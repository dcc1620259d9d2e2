"""Languages of a page, for those who write: the state of each, what is missing or out of date, and translations that follow their source."""
