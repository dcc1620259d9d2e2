"""The look of a theme's mails, and the address that their links begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.functional import lazy

from mail.look import Look
from themes import colours
from themes.look import Face
from themes.places import address_of

if TYPE_CHECKING:
    from themes.models import Theme

FACES = {
    Face.NEWSREADER: "Newsreader, Georgia, 'Times New Roman', serif",
    Face.LITERATA: "Literata, Georgia, 'Times New Roman', serif",
    Face.SANS: "'Source Sans 3', 'Segoe UI', Roboto, Helvetica, Arial, sans-serif",
}


def mail_look(theme: Theme) -> Look:
    """The theme's name in the language of each mail, its address, colours and face.

    No logo: a mail asks no server for a picture."""
    tones = colours.tones(theme.accent) if theme.accent else {}
    own = {"accent": tones["light"].accent, "dark_accent": tones["dark"].accent} if tones else {}
    return Look(name=lazy(lambda: theme.name, str)(), base_url=address_of(theme), title_faces=FACES[Face(theme.face)], **own)
