"""The emblem of the European Union as readers see it: V1, V5 and V6, at two widths, in light and dark.

Regulation (EU) 2021/1060, Article 47 and Annex IX. The emblem is the one of `base/eu_line.html`; a picture in its place is not it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from base.css.values import WHITE
from base.gate import Finding, error, register
from base.gate.covering import is_covered
from base.gate.geometry import is_emblem
from base.gate.sight import ground, is_seen, places, size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bs4 import Tag

    from base.css import View
    from base.gate.subject import Subject

ANNEX, ARTICLE_47 = "(EU) 2021/1060 Annex IX", "(EU) 2021/1060 Art. 47, Annex IX"
# Annex IX: one centimetre; a browser's is 37.8 px.
LEAST_HEIGHT = 37.5
# The white border on a ground that is not white: 1/25 of the height.
BORDER = 1 / 25
# Less light than this is a coloured ground.
LIGHT = 0.8
EFFECTS = ("filter", "mask", "clip-path", "rotate", "scale", "mix-blend-mode")


def check_seen(subject: Subject) -> Iterator[Finding]:
    """V1."""
    missing = [view for view in subject.views if not subject.emblems_in(view)]
    if missing:
        yield error("eu.emblem", _("The emblem of the European Union is missing from the page."), article=ARTICLE_47, excerpt=places(missing))


def check_form(subject: Subject) -> Iterator[Finding]:
    """V6: unmodified."""
    changed = [view for view in subject.views if any(_is_changed(view, emblem) for _line, emblem in subject.emblems_in(view))]
    if changed:
        yield error(
            "eu.changed", _("The emblem is not as Annex IX draws it: its shape, its colours or an effect."), article=ANNEX, excerpt=places(changed)
        )


def _is_changed(view: View, emblem: Tag) -> bool:
    if not is_emblem(view, emblem) or view.style(emblem).number("border-radius", 0):
        return True
    width, height = size(view, emblem)
    is_stretched = width and height and abs(width / height - 1.5) > 0.03 and str(emblem.get("preserveaspectratio") or "").startswith("none")
    if is_stretched:
        return True
    for style in view.style(emblem).lineage:
        if any(style[name] not in {"", "none", "normal", "0deg", "1"} for name in EFFECTS) or style.number("opacity", 1.0) < 1:
            return True
        if style["transform"] != "none" and not style["transform"].startswith("translate"):
            return True
    return False


def check_room(subject: Subject) -> Iterator[Finding]:
    """V5: nothing over it, large enough, on a ground that it may stand on."""
    covered, small, coloured = [], [], []
    for view in subject.views:
        for line, emblem in subject.emblems_in(view):
            if is_covered(view, line, emblem):
                covered.append(view)
            if (size(view, emblem)[1] or 0) < LEAST_HEIGHT:
                small.append(view)
            if not _may_stand(view, emblem):
                coloured.append(view)
    if covered:
        yield error("eu.covered", _("Something lies over the emblem, or may come to lie over it."), article=ANNEX, excerpt=places(covered))
    if small:
        yield error("eu.small", _("The emblem is less than a centimetre high."), article=ANNEX, excerpt=places(small))
    if coloured:
        yield error(
            "eu.ground",
            _("On a coloured ground the emblem needs a white border, a 25th of its height wide; a picture may not be behind it."),
            article=ANNEX,
            excerpt=places(coloured),
        )


def _may_stand(view: View, emblem: Tag) -> bool:
    color = ground(view.style(emblem))
    if color is not None and color.luminance >= LIGHT:
        return True
    style, height = view.style(emblem), size(view, emblem)[1] or 0
    for kind in ("outline", "border"):
        line = style.color(f"{kind}-color")
        if (
            style[f"{kind}-style"] == "solid"
            and line is not None
            and line.is_near(WHITE)
            and style.number(f"{kind}-width", 0) >= BORDER * height - 0.1
        ):
            return color is not None
    return False


def check_other_logos(subject: Subject) -> Iterator[Finding]:
    """V6: no other logo is both higher and wider."""
    found: dict[str, list[View]] = {}
    logos = logos_of(subject)
    for view in subject.views:
        for _line, emblem in subject.emblems_in(view):
            own = size(view, emblem)
            for logo in logos:
                if is_seen(view, logo) and _is_larger(size(view, logo), own):
                    found.setdefault(_name(logo), []).append(view)
    for name, views in found.items():
        where = places(views)
        yield error(
            "eu.larger_logo",
            _("Another logo is larger than the emblem: the emblem is at least as high or as wide as the largest."),
            article=ANNEX,
            excerpt=f"{name}, {where}" if where else name,
        )


def logos_of(subject: Subject) -> list[Any]:
    """Drawings and pictures that are somebody's mark: in the name at the head of the page, or called a logo."""
    found = []
    for picture in subject.html.find_all(["svg", "img"]):
        words = " ".join(
            [*(picture.get("class") or []), str(picture.get("id") or ""), str(picture.get("src") or ""), str(picture.get("alt") or "")]
        ).lower()
        around = picture.find_parent(class_="brand") or picture.find_parent(class_=lambda name: bool(name) and "logo" in name)
        if not picture.find_parent(class_="eu-line") and ("logo" in words or "mark" in (picture.get("class") or []) or around):
            found.append(picture)
    return found


def _is_larger(other: tuple[float | None, float | None], own: tuple[float | None, float | None]) -> bool:
    """One of unknown size is not: a browser may know."""
    (width, height), (own_width, own_height) = other, own
    if width is None and height is None:
        return False
    return (width is None or width > (own_width or 0)) and (height is None or height > (own_height or 0))


def _name(logo: Tag) -> str:
    return str(logo.get("alt") or "") or " ".join(logo.get("class") or []) or str(logo.name)


def register_all() -> None:
    for check in (check_seen, check_form, check_room, check_other_logos):
        register(f"base.emblem.{check.__name__}", check)
