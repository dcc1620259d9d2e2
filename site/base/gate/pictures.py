"""Checks of a page's main picture, and of the right to show any picture of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from base.gate import Finding, error, register, warning, words
from base.gate.texts import WCAG, is_nothing, shown
from base.models import SiteImage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from base.gate.subject import Subject


def check_main_picture(subject: Subject) -> Iterator[Finding]:
    picture = getattr(subject.page, "picture", None)
    if picture is None:
        return
    text, article = (subject.page.picture_alt or "").strip(), WCAG.format("1.1.1")
    if is_nothing(text):
        yield error("picture.alternative", _("Describe the main picture to those who do not see it."), article=article, field="picture_alt")
    elif words.FILE_NAME.match(text):
        yield error(
            "picture.alternative", _("A file name tells nothing of the picture. Describe what it shows."), article=article, field="picture_alt"
        )
    if not picture.credit:
        yield warning("picture.credit", _("The picture does not say who made it."), field="picture")


def check_rights(subject: Subject) -> Iterator[Finding]:
    """Of the main picture, of pictures in blocks and of those within rich text, which are read in one query."""
    numbers = [
        (piece, int(str(found["id"]))) for piece in subject.pieces if piece.is_rich for found in piece.soup.find_all("embed", embedtype="image")
    ]
    within = SiteImage.objects.in_bulk([number for _piece, number in numbers]) if numbers else {}
    if isinstance(main := getattr(subject.page, "picture", None), SiteImage):
        yield from _rights_of(main, {"field": "picture", "block": ""})
    for piece in subject.pieces:
        if isinstance(piece.value, SiteImage):
            yield from _rights_of(piece.value, piece.place)
    for piece, number in numbers:
        if number in within:
            yield from _rights_of(within[number], piece.place)


def _rights_of(picture: SiteImage, place: dict[str, str]) -> Iterator[Finding]:
    place = {"excerpt": shown(picture.title), **place}
    if not picture.rights:
        yield error("picture.rights", _("Nobody has said by which right this picture may be shown. Say it in the picture's own form."), **place)
    if not picture.people:
        yield error(
            "picture.people", _("Nobody has said whether people can be recognised in this picture. Say it in the picture's own form."), **place
        )
    if picture.has_ended:
        yield error("picture.ended", _("This picture may not be shown any more: the licence or the consent has ended."), **place)
    elif picture.ends_soon:
        yield warning("picture.ending", _("The licence or the consent of this picture ends soon."), **place)


def register_all() -> None:
    register("base.pictures.check_main_picture", check_main_picture)
    register("base.pictures.check_rights", check_rights)
