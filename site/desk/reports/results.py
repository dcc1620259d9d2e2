"""The figures of a report as parts: how they stand, each with its chart and the table of it, and what each of them means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from base.documents.parts import Heading, Linked, Picture, Table, Text
from desk.reports.charts import chart, in_words
from desk.reports.referring import PERIOD, TARGET, value
from themes.plans.reading import day, number, said

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from base.documents.parts import Part
    from desk.reports.composing import Composed
    from desk.reports.figures import Figure


def course(composed: Composed) -> Iterator[Part]:
    figures = composed["figures"]
    if not figures:
        yield Text(_("The goals have no expected results."))
        return
    head = [_("Measure"), _("Goal"), pgettext("figure", "So far"), _("In the period"), _("Expected"), _("By when"), _("State")]
    rows = [
        [
            said(figure["words"]),
            said(figure["goal_words"]),
            shown(figure),
            shown(figure, PERIOD),
            value(figure, TARGET),
            day(figure["due"]),
            said(figure["course"]),
        ]
        for figure in figures
    ]
    yield Table(_("Goals: on course or not"), head, rows, (24, 30, 18, 18, 18, 15, 17))
    yield Text(
        _(
            "The state is as of the last day of the period. It is foretold from the last 13 weeks: on course is what reaches the least "
            "that is expected by its day with a probability of nine in ten."
        )
    )


def results(composed: Composed) -> Iterator[Part]:
    by_goal: dict[int, list[Figure]] = {}
    for figure in composed["figures"]:
        by_goal.setdefault(figure["goal"], []).append(figure)
    for goal in composed["goals"]:
        yield Heading(3, said(goal["words"]))
        if goal["id"] not in by_goal:
            yield Text(_("The goal has no expected results."))
        for figure in by_goal.get(goal["id"], ()):
            yield from _result(figure)


def _result(figure: Figure) -> Iterator[Part]:
    yield Heading(4, said(figure["words"]))
    if figure["total"] is None:
        told = _("No data yet. Expected %(target)s by %(due)s.") if figure["is_known"] else _("No data: nobody counts this any more.")
        yield Text(told % {"target": value(figure, TARGET), "due": day(figure["due"])} if figure["is_known"] else told)
        return
    words = in_words(figure)
    yield Text(words)
    yield Picture(chart(figure), words)
    head = [_("Until"), pgettext("figure", "Came"), pgettext("figure", "So far")]
    rows = [[day(ends), _number(came), _number(total)] for _starts, ends, came, total in figure["steps"]]
    yield Table(said(figure["words"]), head, [*rows, [_("Together"), _number(figure["new"]), shown(figure)]], (30, 20, 20))
    if figure["new"] is not None and figure["within"] not in (None, figure["new"]):
        numbers = {"within": value(figure, PERIOD), "new": number(figure["new"])}
        yield Text(_("In the period %(within)s in all, of whom %(new)s for the first time.") % numbers)


def _number(found: int | None) -> str:
    return "–" if found is None else number(found)


def definitions(figures: Sequence[Figure]) -> Iterator[Part]:
    """Each figure with what it means, its source, its unit and its day."""
    if not figures:
        return
    yield Heading(2, _("What the figures mean"))
    head = [_("Figure"), _("Goal"), _("Value"), _("Definition"), _("Source"), _("As of")]
    rows = [
        [
            said(figure["words"]),
            said(figure["goal_words"]),
            shown(figure),
            f"{said(figure['definition'])} ({said(figure['level'])})" if figure["is_known"] else _("Not known: its package is not installed."),
            said(figure["source"]) or "–",
            day(figure["ends"]),
        ]
        for figure in figures
    ]
    yield Table(_("What the figures mean"), head, rows, (20, 26, 16, 40, 24, 14))


def shown(figure: Figure, what: str = "") -> Linked:
    return Linked(value(figure, what), figure["ref"])
