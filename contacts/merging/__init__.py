"""Two contacts become one, and two again (docs/contacts.md)."""
