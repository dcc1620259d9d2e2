"""In which language, how wide and how light each place is looked at.

By default every two of place, language, width and scheme meet; with E2E_FULL=1 (`make e2e-full`) all four do.
"""

from __future__ import annotations

import os
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

EVERYTHING = bool(os.environ.get("E2E_FULL"))
LANGUAGES, WIDTHS, SCHEMES = ("fi", "sv", "en"), (360, 1280), ("light", "dark")
# Any two neighbours, the last and the first too, differ in width; any two that are next but one, in scheme.
SCREENS = ((360, "light"), (1280, "dark"), (360, "dark"), (1280, "light"))


class Look(NamedTuple):
    place: str
    language: str
    width: int
    scheme: str

    def __str__(self) -> str:
        return "-".join(str(part) for part in self)


def looks(places: Iterable[str], languages: Sequence[str] = LANGUAGES) -> list[Look]:
    """From four places on, every two meet."""
    if EVERYTHING:
        return [Look(*row) for row in product(places, languages, WIDTHS, SCHEMES)]
    found = []
    for number, place in enumerate(places):
        for turn in range(max(len(languages), 2)):
            # Of one language, a place has two looks: the first two screens, or the last two.
            start = number if len(languages) > 1 else 2 * number
            found.append(Look(place, languages[turn % len(languages)], *SCREENS[(start + turn) % len(SCREENS)]))
    return found
