"""Documents that we make: PDF that a screen reader can read (PDF/UA-1), and Word, with the emblem and the statement, set in the house's face."""

from base.documents.pdf import Unmade, document, table_document
from base.documents.word import TYPE, word_document

__all__ = ["TYPE", "Unmade", "document", "table_document", "word_document"]
