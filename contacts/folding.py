"""Words as they are compared: without case, marks and the spellings that people mix up."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Letters that have no mark to take away.
LETTERS: dict[str, str | int | None] = {
    "ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i", "ŋ": "n", "ŧ": "t", "w": "v",
}  # fmt: skip
SPACE = re.compile(r"[^a-z0-9@.+-]+")
PARTED = re.compile(r"[@.+-]")


class _Letters(dict[int, str | int | None]):
    """What becomes of a sign; of those that were never met before it is looked up once."""

    def __missing__(self, sign: int) -> int | None:
        found = self[sign] = None if unicodedata.combining(chr(sign)) else sign
        return found


_letters = _Letters(str.maketrans(LETTERS))


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Lower case, one space between words: "Åström-Wirtanen Aino" is "astrom-virtanen aino"."""
    plain = text.lower() if text.isascii() else unicodedata.normalize("NFKD", text.casefold())
    return SPACE.sub(" ", plain.translate(_letters)).strip()


def words_of(*texts: str) -> str:
    """A text to search in: each word once, with a space before each; also the parts of double names and of addresses."""
    found: dict[str, None] = {}
    for text in texts:
        for word in fold(text).split() if text else ():
            found[word] = None
            if PARTED.search(word):
                for part in PARTED.split(word):
                    if len(part) > 1:
                        found[part] = None
    return "".join(f" {word}" for word in found)
