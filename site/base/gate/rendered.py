"""Checks of the page as its readers get it: headings, and what of it cannot be read here. The EU's rules stand in files of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from base.gate import Finding, error, register, warning
from base.gate.texts import WCAG, is_nothing, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from base.gate.subject import Subject

HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]


def check_headings(subject: Subject) -> Iterator[Finding]:
    main = subject.html.find("main") or subject.html
    above, first = 0, True
    for heading in main.find_all(HEADINGS):
        level, text = int(heading.name[1]), heading.get_text(" ")
        place = place_of(subject, text)
        if is_nothing(text):
            yield error("heading.empty", _("A heading has no text."), article=WCAG.format("1.3.1"), **place)
        elif level == 1 and not first:
            yield error("heading.second_title", _("The page has a second main heading. Its title is the only one."), excerpt=shown(text), **place)
        elif above and level > above + 1:
            yield error("heading.skipped", _("A heading skips a level."), article=WCAG.format("1.3.1"), excerpt=shown(text), **place)
        above, first = level, first and level != 1
    if first:
        yield error("heading.no_title", _("The page has no main heading."), article=WCAG.format("1.3.1"))


def place_of(subject: Subject, text: str) -> dict[str, str]:
    text = " ".join(text.split())
    for piece in subject.pieces:
        if piece.block and (is_nothing(piece.text) and piece.kind == "heading" if is_nothing(text) else text in " ".join(piece.text.split())):
            return piece.place
    return {"field": ""}


def check_sheets(subject: Subject) -> Iterator[Finding]:
    """What the checks of the rendered page cannot know."""
    for name in subject.unread_sheets:
        yield warning("style.unread", _("The checks cannot read one of the page's style sheets: look at the page yourself."), excerpt=shown(name))


def register_all() -> None:
    for check in (check_headings, check_sheets):
        register(f"base.rendered.{check.__name__}", check)
