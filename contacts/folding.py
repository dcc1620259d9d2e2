"""Words as they are compared: without case, marks and the spellings that people mix up."""

from __future__ import annotations

import re
import unicodedata

# Letters that have no mark to take away.
LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i", "ŋ": "n", "ŧ": "t", "w": "v"})
SPACE = re.compile(r"[^a-z0-9@.+-]+")


def fold(text: str) -> str:
    """Lower case, one space between words: "Åström-Wirtanen Aino" is "astrom-virtanen aino"."""
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(LETTERS)
    return SPACE.sub(" ", "".join(sign for sign in plain if not unicodedata.combining(sign))).strip()


def words_of(*texts: str) -> str:
    """A text to search in: each word once, with a space before each; also the parts of double names and of addresses."""
    found: dict[str, None] = {}
    for text in texts:
        for word in fold(text).split():
            found[word] = None
            for part in re.split(r"[@.+-]", word):
                if len(part) > 1:
                    found[part] = None
    return "".join(f" {word}" for word in found)
