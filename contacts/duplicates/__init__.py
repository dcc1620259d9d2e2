"""Who stands in the register twice (docs/contacts.md)."""
