"""Subscribers who agreed elsewhere, brought from a file with the evidence of it (docs/importing.md)."""
