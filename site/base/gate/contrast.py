"""Contrast of text with what it stands on (WCAG 2.2, 1.4.3), wherever styles alone tell both colours."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from bs4 import Tag
from bs4.element import Comment, NavigableString
from django.utils.translation import gettext_lazy as _

from base.css.document import elements_in
from base.gate import Finding, error, register
from base.gate.rendered import place_of
from base.gate.sight import KEPT, ground, is_seen
from base.gate.texts import WCAG, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from base.css import Style
    from base.gate.subject import Subject

ORDINARY, LARGE = 4.5, 3.0
MOST = 3
SILENT = {"script", "style", "title", "option", "svg", "path"}


def check_contrast(subject: Subject) -> Iterator[Finding]:
    """A narrow window in light and a wide one in dark: colours follow the scheme, seldom the width."""
    told: set[str] = set()
    elements = list(_with_text(subject))
    for view in (subject.views[0], subject.views[-1]):
        for element in elements:
            if _is_readable(view.style(element)):
                continue
            text = shown(element.get_text(" "))
            if text in told or len(told) >= MOST or not is_seen(view, element):
                continue
            told.add(text)
            yield error(
                "text.contrast",
                _("The text stands out too little from its ground."),
                article=WCAG.format("1.4.3"),
                excerpt=text,
                **place_of(subject, text),
            )


def _with_text(subject: Subject) -> Iterator[Any]:
    body = subject.html.find("body")
    for element in elements_in(body) if isinstance(body, Tag) else ():
        if element.name not in SILENT and not element.has_attr("disabled") and any(_is_text(child) for child in element.children):
            yield element


def _is_text(child: object) -> bool:
    return isinstance(child, NavigableString) and not isinstance(child, Comment) and any(sign.isalnum() for sign in child)


@lru_cache(maxsize=KEPT)
def _is_readable(style: Style) -> bool:
    """Yes where a colour is not known: the checks say nothing of what they cannot tell."""
    color, under = style.color("color"), ground(style)
    if color is None or under is None:
        return True
    bold = style["font-weight"] in {"bold", "bolder"} or (style["font-weight"].isdigit() and int(style["font-weight"]) >= 700)
    is_large = style.font_size >= 24 or (bold and style.font_size >= 18.66)
    return color.over(under).contrast(under) >= (LARGE if is_large else ORDINARY) - 0.02


def register_all() -> None:
    register("base.contrast.check_contrast", check_contrast)
