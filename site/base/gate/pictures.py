"""Checks of a page's main picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from base.gate import Finding, error, register, warning, words
from base.gate.texts import WCAG, is_nothing

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


def register_all() -> None:
    register("base.pictures.check_main_picture", check_main_picture)
