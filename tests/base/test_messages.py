from __future__ import annotations

import pytest

from base import messages

# Words that are the same in both languages.
SAME = {"fi": {", "}, "sv": {", ", "Hybrid", "Material", "material", "Organisation", "organisation", "person"}}


def words(message):
    """(English, translation) pairs; a plural gives two."""
    ids, texts = message.id, message.string
    return list(zip(ids, texts, strict=True)) if isinstance(ids, tuple) else [(ids, texts)]


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_message_is_translated(language):
    assert messages.missing(language) == []


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_no_translation_is_its_english_original(language):
    pairs = [pair for message in messages.read(language) if message.id for pair in words(message)]
    assert len(pairs) > 500
    assert {english for english, text in pairs if english == text} <= SAME[language]


def test_texts_inside_formatted_strings_are_not_lost():
    """Babel does not read what stands inside an f-string, so nothing may."""
    found = [path for path in messages.sources() if path.suffix == ".py" and messages.INSIDE_FORMATTED.search(path.read_text(encoding="utf-8"))]
    assert found == []
