"""Words of cells that mean the same in every import."""

from __future__ import annotations

import re

LANGUAGES = {
    "fi": ("fi", "fin", "fifi", "suomi", "suomeksi", "finnish", "finska"),
    "sv": ("sv", "swe", "svfi", "svse", "se", "ruotsi", "ruotsiksi", "swedish", "svenska"),
    "en": ("en", "eng", "engb", "enus", "englanti", "englanniksi", "english", "engelska"),
}
BY_WORD = {word: code for code, words in LANGUAGES.items() for word in words}
# A name in front of the address, as mail programs copy it.
NAMED = re.compile(r"[^<>]*<([^<>]+)>")


def language_of(cell: str) -> str | None:
    """The code of the language that is named; "" where nothing is, None for a word that names none."""
    plain = re.sub(r"[\W_]", "", cell.casefold())
    return BY_WORD.get(plain) if plain else ""
