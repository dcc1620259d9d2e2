"""Who is coming, in numbers: by region, target group, organisation, way to take part and state; and the answers that were chosen."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from base.questions import questions_of
from events.models import Mode, Registration
from events.organising.lists import date_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from events.models import Event, EventPage

State = Registration.State
COMING = {State.HELD, State.CONFIRMED, State.ATTENDED}
MOST_ORGANISATIONS = 30


@dataclass(frozen=True)
class Table:
    """`rows` are (name, registrations, people), the most people first. The number of people counts a group's members."""

    title: str
    of: str
    rows: list[tuple[str, int, int]]
    note: str = ""


def seat_rows(dates: Iterable[Event]) -> list[dict[str, Any]]:
    """Of each date and way to take part: its places, what is taken, what is left."""
    return [
        {"event": date, "date": date_text(date), "way": Mode(pool.key).label, "capacity": pool.capacity, "taken": pool.taken, "left": pool.left}
        for date in dates
        for pool in date.seats
    ]


def tables(page: EventPage, rows: Iterable[Registration]) -> list[Table]:
    """Of the registrations that a list shows. By state all of them; by anything else those who are coming or came."""
    rows = list(rows)
    coming = [row for row in rows if row.state in COMING]
    whose = _("Of those who are coming or came.")
    unknown = _("Not known")
    found = [
        Table(_("By state"), _("State"), counted(rows, lambda row: str(row.get_state_display()))),
        Table(_("By region"), _("Region"), counted(coming, lambda row: str(row.person.region or unknown)), whose),
        Table(_("By target group"), _("Target group"), counted(coming, lambda row: str(row.person.target_group or unknown)), whose),
        Table(_("By organisation"), _("Organisation"), counted(coming, _organisation)[:MOST_ORGANISATIONS], whose),
        Table(_("By way to take part"), _("Way to take part"), counted(coming, lambda row: str(row.get_mode_display())), whose),
        *_of_answers(page, coming, whose),
    ]
    return [table for table in found if table.rows]


def _organisation(row: Registration) -> str:
    return " ".join(row.organisation.split()) or _("Not known")


def counted(rows: Iterable[Registration], name: Callable[[Registration], str]) -> list[tuple[str, int, int]]:
    """Names that differ by capitals alone are one, as it is written most often."""
    registrations: Counter[str] = Counter()
    people: Counter[str] = Counter()
    written: dict[str, Counter[str]] = {}
    for row in rows:
        shown = name(row)
        key = shown.casefold()
        registrations[key] += 1
        people[key] += row.size
        written.setdefault(key, Counter())[shown] += 1
    named = [(written[key].most_common(1)[0][0], number, people[key]) for key, number in registrations.items()]
    return sorted(named, key=lambda row: (-row[2], row[0].casefold()))


def _of_answers(page: EventPage, rows: list[Registration], note: str) -> Iterable[Table]:
    chosen: dict[str, Counter[str]] = {}
    people: dict[str, Counter[str]] = {}
    for row in rows:
        for answer in row.answers.all():
            for option in answer.options:
                chosen.setdefault(answer.question, Counter())[option] += 1
                people.setdefault(answer.question, Counter())[option] += row.size
    for question in questions_of(page.questions):
        if question.options and question.key in chosen:
            numbers = [(option.text, chosen[question.key][option.key], people[question.key][option.key]) for option in question.options]
            yield Table(question.label, _("Answer"), numbers, note)
