"""Documents that we make: PDF that a screen reader can read (PDF/UA-1), with the emblem and the statement, set in the house's face."""

from base.documents.pdf import Unmade, document, table_document

__all__ = ["Unmade", "document", "table_document"]
