"""The results of an issue as they are shown and taken along: the same tables, and what each figure is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mail.clicks import Rule
from newsletters.results import share

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletters.results import Results, Sums


class Share(NamedTuple):
    """Shown with the two numbers that it is of, so that a share of few is seen as one."""

    number: int
    of: int

    @property
    def percent(self) -> float | None:
        return share(self.number, self.of)


@dataclass(frozen=True)
class Figure:
    """`meaning` is one sentence for whoever reads the figure alone."""

    label: str
    meaning: str
    value: int | Share


@dataclass(frozen=True)
class Column:
    label: str
    meaning: str


@dataclass(frozen=True)
class Row:
    """`note` stands below the name; `is_this` marks the issue itself among others."""

    name: str
    values: list[int | Share]
    note: str = ""
    is_this: bool = False


@dataclass(frozen=True)
class Table:
    title: str
    of: str
    columns: list[Column]
    rows: list[Row]
    note: str = ""


class Line(NamedTuple):
    """Of the file that is taken along."""

    table: str
    of: str
    figure: str
    number: int | float | None
    meaning: str


def columns() -> dict[str, Column]:
    """Of every table of copies."""
    return {
        "copies": Column(_("Copies"), _("Copies frozen when the issue was sent, one for each subscriber.")),
        "sent": Column(_("Sent"), _("Copies that the readers' mail servers took.")),
        "came_back": Column(_("Came back"), _("Sent copies that were returned later: those that the server never took are not among them.")),
        "delivered": Column(pgettext("copies", "Delivered"), _("Sent less those that came back. Shares are of these.")),
        "clicked": Column(_("Clicked"), _("Readers of whom at least one link was followed by a person, as the published rules decide.")),
        "left": Column(
            _("Left"), _("Readers who left by a link of this issue, by its address for leaving or by a complaint, and have not come back.")
        ),
    }


def headline(found: Results) -> list[Figure]:
    total, words = found.total, columns()
    figures = [Figure(it.label, it.meaning, _value(total, name)) for name, it in words.items()]
    followed, views = sum(row.people for row in found.followed), sum(found.views.values())
    return [
        *figures,
        Figure(_("Clicks of machines"), _("Links followed by scanners and other programs; they count nowhere else."), found.machine_clicks),
        Figure(_("Views on the web"), _("Times that the issue's page on the site was opened, by anybody, without cookies."), views),
        Figure(_("Registrations that followed"), _followed(), followed),
    ]


def _followed() -> str:
    return _("People who registered for an event within 14 days of following its link in this issue. They might have come without it.")


def _value(row: Sums, name: str) -> int | Share:
    number: int = getattr(row, name)
    return Share(number, row.delivered) if name in {"clicked", "left"} else number


def tables(found: Results) -> list[Table]:
    """Those that have something to say."""
    every = [
        _of_copies(_("By language"), _("Language"), found.languages),
        _of_copies(_("By part of the readers"), _("Part"), found.segments),
        _links(found),
        _of_copies(_("By receiving domain"), _("Domain"), found.domains, _("The twenty with the most copies; the others are summed.")),
        _came_back(found),
        _views(found),
        _registrations(found),
        _compared(found),
    ]
    return [table for table in every if table.rows]


def _of_copies(title: str, of: str, rows: list[Sums], note: str = "") -> Table:
    words = columns()
    return Table(title, of, list(words.values()), [Row(row.name, [_value(row, name) for name in words]) for row in rows], note)


def rules() -> dict[str, str]:
    """Why a click was taken for a machine's."""
    return {
        Rule.NO_AGENT: _("Machine: says no name"),
        Rule.CRAWLER: _("Machine: known robot"),
        Rule.PREFETCH: _("Machine: fetched ahead"),
        Rule.TOO_SOON: _("Machine: within two seconds of sending"),
        Rule.ALL_LINKS: _("Machine: every link at once"),
    }


def _links(found: Results) -> Table:
    seen = {rule for row in found.links for rule, _number in row.machines}
    words = {rule: label for rule, label in rules().items() if rule in seen}
    heads = [Column(_("People"), _("Readers who followed this link; each counts once.")), *(_machine(label) for label in words.values())]
    rows = []
    for row in found.links:
        machines = dict(row.machines)
        values: list[int | Share] = [Share(row.people, found.total.delivered), *(machines.get(rule, 0) for rule in words)]
        rows.append(Row(row.title or unquote(row.url), values, unquote(row.url) if row.title else ""))
    return Table(_("By link"), _("Link"), heads, rows, _("A machine's click is counted once for each copy, link and rule."))


def _machine(label: str) -> Column:
    return Column(label, _("Clicks that this rule took for a machine's."))


def _came_back(found: Results) -> Table:
    heads = [
        Column(_("Refused"), _("The server did not take the copy: it stands as failed.")),
        Column(_("Returned"), _("The server took the copy and it was returned later.")),
    ]
    rows = [Row(row.kind, [row.refused, row.returned]) for row in found.came_back]
    words = {"complaint": _("Complaint: a reader called it spam"), "auto_reply": _("Automatic reply: the copy was delivered")}
    rows += [Row(label, [0, found.reports.get(kind, 0)]) for kind, label in words.items()]
    shown = rows if any(any(row.values) for row in rows) else []
    note = _("A copy counts once, as the worst that is known of it. The last two are no bounces.")
    return Table(_("What came back"), _("Kind"), heads, shown, note)


def _views(found: Results) -> Table:
    heads = [Column(_("Views on the web"), _("Times that the issue's page in this language was opened."))]
    return Table(_("On the web"), _("Language"), heads, [Row(language, [number]) for language, number in found.views.items()])


def _registrations(found: Results) -> Table:
    heads = [Column(_("Registered"), _followed())]
    return Table(_("Registrations that followed"), _("Event"), heads, [Row(row.event, [row.people]) for row in found.followed], _followed())


def _compared(found: Results) -> Table:
    words = {name: it for name, it in columns().items() if name in {"delivered", "clicked", "left"}}
    rows = []
    for it in found.compared:
        sent_on = timezone.localdate(it.issue.mailing.frozen_at) if it.issue.mailing else None
        day = date_format(sent_on, "SHORT_DATE_FORMAT") if sent_on else ""
        rows.append(Row(it.issue.title, [_value(it.sums, name) for name in words], day, it.is_this))
    note = _("The newsletter's last twelve. Where few were delivered, one reader moves a share by much: look at the numbers beside it.")
    return Table(_("Beside other issues"), _("Issue"), list(words.values()), rows, note)


def lines(found: Results) -> Iterator[Line]:
    """All of it, a figure a line; a share has a line of its own after its number."""
    for it in headline(found):
        yield from _lines(_("All"), found.issue.title, Column(it.label, it.meaning), it.value)
    for table in tables(found):
        for row in table.rows:
            name = f"{row.name} ({row.note})" if row.note else row.name
            for column, value in zip(table.columns, row.values, strict=True):
                yield from _lines(table.title, name, column, value)


def _lines(table: str, name: str, column: Column, value: int | Share) -> Iterator[Line]:
    if not isinstance(value, Share):
        yield Line(table, name, column.label, value, column.meaning)
        return
    yield Line(table, name, column.label, value.number, column.meaning)
    of = _("Per cent of the %(number)d delivered. %(meaning)s") % {"number": value.of, "meaning": column.meaning}
    yield Line(table, name, f"{column.label}, %", value.percent, of)
