"""Deleted pages: they lie in a tree of their own, outside all sites, until they are brought back or their days are over."""
