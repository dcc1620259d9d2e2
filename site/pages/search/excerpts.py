"""The words that were searched for, marked where they stand in a text, in whatever form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from pages.search.lemmas import said, words

if TYPE_CHECKING:
    from collections.abc import Collection

WORDS_SHOWN, WORDS_BEFORE = 32, 8
# As much of a text is looked through.
MOST_SIGNS = 20_000


def marked(text: str, terms: Collection[str], language: str) -> SafeString:
    """The whole text, escaped, with <mark>."""
    parts, end = [], 0
    for word in words(text):
        if not said(word.group(), language).isdisjoint(terms):
            parts += [escape(text[end : word.start()]), "<mark>", escape(word.group()), "</mark>"]
            end = word.end()
    # Every piece of the text is escaped above.
    return mark_safe("".join([*parts, escape(text[end:])]))


def excerpt(text: str, terms: Collection[str], language: str) -> SafeString:
    """Where the most of the words stand together; "" where none does."""
    text = text[:MOST_SIGNS]
    found = list(words(text))
    hits = [number for number, word in enumerate(found) if not said(word.group(), language).isdisjoint(terms)]
    if not hits:
        return SafeString()
    first = max(hits, key=lambda start: (sum(start <= hit < start + WORDS_SHOWN - WORDS_BEFORE for hit in hits), -start))
    begin = max(0, first - WORDS_BEFORE)
    end = min(len(found), begin + WORDS_SHOWN)
    piece = marked(text[found[begin].start() : found[end - 1].end()], terms, language)
    return mark_safe(f"{'… ' if begin else ''}{piece}{' …' if end < len(found) else ''}")
