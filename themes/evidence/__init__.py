"""Media mentions and surveys of awareness: what they measure (`measuring`), and how they come from a table (`reading`, `actions`, `views`)."""
