"""Figures in what people write: `{goal/measure}` is the figure of today, and the one of its day once the report is approved."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from base.documents.parts import Linked
from desk.reports.figures import coded
from themes.plans.reading import number, said

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from desk.reports.figures import Figure

BRACES = re.compile(r"\{([^{}\n]*)\}")
PERIOD, TARGET = "period", "target"


def runs_of(text: str, figures: Mapping[str, Figure]) -> list[str]:
    """Its words, with each figure `Linked`. A reference that leads nowhere says so in its place: it is never taken for a figure."""
    found: list[str] = []
    for place, piece in enumerate(BRACES.split(text)):
        if place % 2 == 0:
            found.append(piece)
        elif (figure := figures.get(_name(piece))) is not None:
            found.append(Linked(value(figure, _what(piece)), figure["ref"]))
        else:
            found.append(_("[no figure: %(reference)s]") % {"reference": piece})
    return [piece for piece in found if piece]


def problems(text: str, figures: Mapping[str, Figure]) -> Iterator[str]:
    """What is wrong with the references of a text, in words for whoever wrote it."""
    for piece in BRACES.findall(text):
        words = {"reference": coded(piece)}
        figure = figures.get(_name(piece))
        if figure is None:
            yield _("%(reference)s is no figure of this report. Choose one of the list “Figures for your texts”.") % words
        elif not figure["is_known"]:
            yield _("The package that counts %(reference)s is not installed: its figure is not known.") % words


def value(figure: Figure, what: str = "") -> str:
    """With its unit. `what` is "" from the first observation to the period's end, `period` the period alone, `target` what is expected."""
    found = figure["target"] if what == TARGET else figure["within"] if what == PERIOD else figure["total"]
    if found is None:
        return _("no data")
    return " ".join(part for part in (number(found), said(figure["unit"])) if part)


def _name(piece: str) -> str:
    return piece.strip().removesuffix(f"/{_what(piece)}") if _what(piece) else piece.strip()


def _what(piece: str) -> str:
    last = piece.strip().rpartition("/")[2]
    return last if last in (PERIOD, TARGET) else ""


def references(figure: Figure) -> list[dict[str, Any]]:
    """For the list from which a figure is chosen."""
    kinds = (("", _("until the period's end")), (PERIOD, _("in the period")), (TARGET, _("what is expected")))
    return [{"code": coded(figure["ref"], what), "label": label, "value": value(figure, what)} for what, label in kinds]
