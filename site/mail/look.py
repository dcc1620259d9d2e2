"""The colours and faces of mails. The hexadecimal values are those of `frontend/src/tokens.css`: mail clients know no OKLCH."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PAPER = "#fafaf7"
PAPER_2 = "#f2f1eb"
INK = "#14242b"
INK_MUTED = "#46555c"
HAIRLINE = "#d6d4cd"
SIGNAL = "#00566b"
SIGNAL_INK = "#fbfaf6"
ACCENT = "#be711d"

DARK_PAPER = "#0f191d"
DARK_PAPER_2 = "#172227"
DARK_INK = "#ebe9e4"
DARK_INK_MUTED = "#afbaba"
DARK_HAIRLINE = "#374246"
DARK_SIGNAL = "#7fd4e3"
DARK_SIGNAL_INK = "#071b23"
DARK_ACCENT = "#e19855"

TEXT_FACES = "'Source Sans 3', 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"
TITLE_FACES = "Newsreader, Georgia, 'Times New Roman', serif"
# Annex IX of Regulation (EU) 2021/1060 names the faces that may stand by the emblem.
EU_FACES = "Arial, Ubuntu, sans-serif"


@dataclass(frozen=True)
class Look:
    """Whose mail it is. What a theme does not say is the house's; addresses of the mail begin with `base_url`. A lazy name is said as the mail's
    language has it."""

    name: StrOrPromise = ""
    base_url: str = ""
    accent: str = ACCENT
    dark_accent: str = DARK_ACCENT
    title_faces: str = TITLE_FACES

    def address(self) -> str:
        return self.base_url or settings.BASE_URL

    def words(self) -> dict[str, str]:
        """The palette with its own colours and faces."""
        return palette() | {"accent": self.accent, "dark_accent": self.dark_accent, "title_faces": self.title_faces}


def palette() -> dict[str, str]:
    """Everything above that is a text, by its name in small letters, as the templates want it."""
    return {name.lower(): value for name, value in globals().items() if name.isupper() and isinstance(value, str)}
