"""People and organisations from a table that somebody brings (docs/contacts.md)."""
