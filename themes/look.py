"""The look of a theme within the system: a small stylesheet made from its colour and its display face.

The stylesheet's address says all that is in it, so it is kept for a year, needs no query, and a look that is only being tried has one too.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from themes import colours

if TYPE_CHECKING:
    from themes.colours import Tones

# In the address of a look without a colour: the accent is the system's.
NONE = "house"


class Face(models.TextChoices):
    """The families of the product, for titles. Text is always set in Source Sans 3."""

    NEWSREADER = "newsreader", _("Newsreader: narrow, with serifs")
    LITERATA = "literata", _("Literata: wide, with serifs")
    SANS = "sans", _("Source Sans 3: without serifs")


FAMILIES = {
    Face.NEWSREADER: '"Kantama Display","Kantama Display Fallback",Georgia,serif',
    Face.LITERATA: '"Kantama Display 2","Kantama Display 2 Fallback",Georgia,serif',
    Face.SANS: "var(--font-text)",
}


def check_accent(value: str) -> None:
    """Refuses what is no colour, and one that does not stand out from paper; says which near one does."""
    colour = value.lower()
    if not colours.is_colour(colour):
        raise ValidationError(_("Write the colour as # and six digits or letters from a to f, such as #8a3c6e."), code="no_colour")
    if (ratio := colours.on_paper(colour)) < colours.GRAPHIC:
        raise ValidationError(
            _("%(colour)s is too light: its contrast on paper is %(ratio)s, and %(least)s is needed. The nearest that passes is %(nearest)s."),
            code="contrast",
            # Rounded down: 2.96 must not be told as 3.0.
            params={"colour": colour, "ratio": int(ratio * 10) / 10, "least": int(colours.GRAPHIC), "nearest": colours.nearest(colour)},
        )


@lru_cache(maxsize=256)
def stylesheet(accent: str, face: str) -> str:
    """Raises ValidationError for a colour that may not be saved, and ValueError for a face that we do not have."""
    if accent:
        check_accent(accent)
    tones = colours.tones(accent) if accent else {}
    family = f"--font-display:{FAMILIES[Face(face)]}"
    light, dark = (f"{_declarations(tones.get(scheme))}{family}" for scheme in ("light", "dark"))
    # The two below the first are for a preview, where both schemes stand side by side.
    return (
        f"@layer tokens{{:root,[data-scheme=light]{{{light}}}"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"
        f"[data-scheme=light]{{{light}}}[data-scheme=dark]{{{dark}}}}}"
    )


def _declarations(tones: Tones | None) -> str:
    return f"--accent:{tones.accent};--accent-text:{tones.text};--accent-wash:{tones.wash};" if tones else ""


def digest(accent: str, face: str) -> str:
    return hashlib.blake2b(stylesheet(accent, face).encode(), digest_size=6).hexdigest()


def stylesheet_url(accent: str, face: str) -> str:
    """ "" where nothing differs from the system's own look, and where the colour could not be saved."""
    if not accent and face == Face.NEWSREADER:
        return ""
    try:
        return reverse("themes:look", args=[accent.lstrip("#") or NONE, face, digest(accent, face)])
    except (ValidationError, ValueError):
        return ""
