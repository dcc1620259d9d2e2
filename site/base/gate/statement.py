"""The funding statement and the description of the operation as readers see them: V2 to V4 and V7, at two widths, in light and dark.

Regulation (EU) 2021/1060, Articles 47 and 50 and Annex IX.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from base.css.document import elements_in, has_class
from base.css.values import BLACK, WHITE, parts
from base.emblem import STATEMENTS
from base.gate import Finding, error, register, warning, words
from base.gate.emblem import ANNEX
from base.gate.geometry import BLUE
from base.gate.sight import ground, is_seen, places, size
from base.gate.texts import is_nothing, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bs4 import Tag

    from base.css import Style, View
    from base.gate.subject import Subject

ARTICLE_50 = "(EU) 2021/1060 Art. 50(1)(a)"
FACES = {"arial", "auto", "calibri", "garamond", "trebuchet", "trebuchet ms", "tahoma", "verdana", "ubuntu"}
# What stands in where a machine lacks the first: drawn to the same measures, or the machine's own.
STAND_INS = {"liberation sans", "arimo", "carlito", "sans-serif", "system-ui", "serif"}
READABLE, SMALLEST = 4.5, 9
DESCRIPTION_LEAST = 25
# What Article 50(1)(a) asks of the description, and the words by which it is known.
PARTS_OF_DESCRIPTION = (
    ("eu.description_aims", words.AIMS, _("The theme's summary does not seem to tell what the operation aims at.")),
    ("eu.description_results", words.RESULTS, _("The theme's summary does not seem to tell the operation's results.")),
    ("eu.description_support", words.SUPPORT, _("The theme's summary does not tell that the European Union supports the operation.")),
)


def check_seen(subject: Subject) -> Iterator[Finding]:
    """V2: in full, in the page's language, beside an emblem that is seen."""
    wanted = STATEMENTS[subject.page.locale.language_code]
    missing = []
    for view in subject.views:
        lines = [line for line, _emblem in subject.emblems_in(view)]
        if lines and not any(_tells(view, statement, wanted) for line in lines for statement in _statements(line)):
            missing.append(view)
    if missing:
        yield error(
            "eu.statement",
            _("The funding statement is not in full beside the emblem, in the page's language."),
            article=ANNEX,
            excerpt=places(missing),
        )


def _statements(line: Tag) -> list[Tag]:
    return [part for part in elements_in(line) if has_class(part, "eu-line__statement")]


def _tells(view: View, statement: Tag, wanted: str) -> bool:
    if " ".join(statement.get_text(" ").split()) != wanted or not is_seen(view, statement):
        return False
    style = view.style(statement)
    under = ground(style)
    color = style.color("color")
    is_readable = color is None or under is None or (color.alpha > 0.5 and color.over(under).contrast(under) >= READABLE)
    return is_readable and style.font_size >= SMALLEST and abs(style.length("text-indent", view.width) or 0) < view.width / 2


def check_beside(subject: Subject) -> Iterator[Finding]:
    """V3: no fund, no earlier period, no other mark; what styles write counts as written."""
    for line in subject.lines:
        written = [line.get_text(" ")]
        for view in subject.views:
            for part in (line, *elements_in(line)):
                written += [style["content"] for name in ("before", "after") if (style := view.pseudo(part, name)) is not None]
        text = " ".join(written)
        others = [picture for picture in line.find_all(["img", "svg", "picture", "object"]) if "eu-emblem" not in (picture.get("class") or [])]
        if words.FUNDS.search(text) or words.OLD_WORDINGS.search(text) or any("url(" in part for part in written) or others:
            yield error("eu.beside_emblem", _("No fund's name and no other mark may stand beside the emblem."), article=ANNEX)
            return


def check_type(subject: Subject) -> Iterator[Finding]:
    """V4 and V5: its face, its effects, its colour and its size."""
    found: dict[str, list[View]] = {"face": [], "effects": [], "colour": [], "size": []}
    for view in subject.views:
        for line, emblem in subject.emblems_in(view):
            for statement in _statements(line):
                if not is_seen(view, statement):
                    continue
                styles = [view.style(part) for part in (statement, *elements_in(statement))]
                if not all(_may_be_set(style["font-family"], subject) for style in styles):
                    found["face"].append(view)
                if any(_has_effects(style) for style in styles) or _is_decorated(view, statement):
                    found["effects"].append(view)
                if not all(_is_permitted(style) for style in styles):
                    found["colour"].append(view)
                height = size(view, emblem)[1]
                if height and not 0.15 * height <= view.style(statement).font_size <= height:
                    found["size"].append(view)
    yield from _of_type(found)


def _of_type(found: dict[str, list[View]]) -> Iterator[Finding]:
    if found["face"]:
        yield error(
            "eu.face",
            _("The funding statement is set in Arial, Auto, Calibri, Garamond, Trebuchet, Tahoma, Verdana or Ubuntu."),
            article=ANNEX,
            excerpt=places(found["face"]),
        )
    if found["effects"]:
        yield error(
            "eu.effects",
            _("The funding statement may have no italics, underlining or other effects."),
            article=ANNEX,
            excerpt=places(found["effects"]),
        )
    if found["colour"]:
        yield error("eu.colour", _("The funding statement is Reflex Blue, black or white."), article=ANNEX, excerpt=places(found["colour"]))
    if found["size"]:
        yield error(
            "eu.proportion", _("The funding statement's size is out of proportion to the emblem."), article=ANNEX, excerpt=places(found["size"])
        )


def _may_be_set(families: str, subject: Subject) -> bool:
    """By the first face; those that follow are for machines that lack it. A face of our own may not borrow a name."""
    names = [part.strip("\"' ").lower() for part in families.split(",")]
    borrowed = (FACES - {"ubuntu", "auto"}) & subject.styles.sheet.faces
    return names[0] in FACES and names[0] not in borrowed and all(name in FACES | STAND_INS for name in names)


def _has_effects(style: Style) -> bool:
    return (
        style["font-style"] != "normal"
        or style["font-variant"] != "normal"
        or style["text-transform"] != "none"
        or style["text-shadow"] != "none"
        or style.number("-webkit-text-stroke-width", 0) > 0
        or "text" in parts(style["background-clip"])
        or any(style[name] != "none" for name in ("filter", "transform", "rotate", "scale"))
        or style["text-decoration-line"] != "none"
    )


def _is_decorated(view: View, statement: Tag) -> bool:
    """A line under what is around it goes through all of it; so do filters, and what makes it pale."""
    return any(
        style["text-decoration-line"] != "none" or style["filter"] != "none" or style.number("opacity", 1.0) < 1
        for style in view.style(statement).lineage
    )


def _is_permitted(style: Style) -> bool:
    color = style.color("color")
    return color is not None and any(color.is_near(permitted) for permitted in (BLUE, BLACK, WHITE))


def check_description(subject: Subject) -> Iterator[Finding]:
    """V7: what the operation is for, and that the Union supports it, on every page."""
    found = subject.with_class("site-footer__summary")
    texts = [" ".join(part.get_text(" ").split()) for part in found if all(is_seen(view, part) for view in subject.views)]
    text = " ".join(texts)
    if is_nothing(text):
        yield error("eu.description", _("The page does not describe the operation: give the national theme a summary."), article=ARTICLE_50)
        return
    if len(text) < DESCRIPTION_LEAST:
        yield warning(
            "eu.description_short", _("The theme's summary is too short to tell the operation's aims and results."), article=ARTICLE_50, excerpt=text
        )
        return
    for code, what, message in PARTS_OF_DESCRIPTION:
        if not what.search(text):
            yield warning(code, message, article=ARTICLE_50, excerpt=shown(text))


def register_all() -> None:
    for check in (check_seen, check_beside, check_type, check_description):
        register(f"base.statement.{check.__name__}", check)
