"""What a registration says in a row: on the screen, in a spreadsheet, in the name list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from base.questions import questions_of
from base.questions.kinds import CONSENT, HEADING
from events.models.pools import SESSION
from events.organising.lists import date_text, session_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from base.questions import Question
    from events.models import Answer, EventPage, Registration


@dataclass(frozen=True)
class Cell:
    """One column: its heading, and what it says of a registration."""

    key: str
    label: str
    value: Callable[[Registration], Any]


def columns(page: EventPage, *, with_needs: bool) -> list[Cell]:
    """All that an export holds. Sensitive answers are for those who see to them: `with_needs`."""
    names = session_names(page)
    found = [
        Cell("date", _("Date"), lambda row: date_text(row.event)),
        Cell("last_name", _("Last name"), lambda row: row.person.last_name),
        Cell("first_name", _("First name"), lambda row: row.person.first_name),
        Cell("email", _("E-mail"), lambda row: row.person.email),
        Cell("organisation", _("Organisation"), lambda row: row.organisation),
        Cell("region", _("Region"), lambda row: str(row.person.region or "")),
        Cell("target_group", _("Target group"), lambda row: str(row.person.target_group or "")),
        Cell("state", _("State"), lambda row: str(row.get_state_display())),
        Cell("reply", _("Answer from the calendar"), lambda row: str(row.get_reply_display())),
        Cell("mode", _("Way to take part"), lambda row: str(row.get_mode_display())),
        Cell("size", _("Number of people"), lambda row: row.size),
        Cell("guests", _("Comes along"), lambda row: ", ".join(filter(None, map(str, row.guests.all())))),
        Cell("sessions", _("Sessions"), lambda row: ", ".join(_sessions(row, names))),
        Cell("language", _("Language"), lambda row: str(row.get_language_display())),
        *(Cell(f"answer:{question.key}", question.label, _answer(question)) for question in _asked(page, with_needs=with_needs)),
        Cell("asked_at", _("Asked for"), lambda row: row.asked_at),
        Cell("confirmed_at", _("Confirmed"), lambda row: row.confirmed_at),
        Cell("minutes", _("Minutes present"), lambda row: row.minutes_present),
    ]
    return [*found, Cell("needs", _("Diet and accessibility"), _needs)] if with_needs else found


def _asked(page: EventPage, *, with_needs: bool) -> Iterator[Question]:
    asked = (question for question in questions_of(page.questions) if question.kind != HEADING)
    return (question for question in asked if with_needs or not question.is_sensitive)


def _sessions(row: Registration, names: dict[str, str]) -> Iterator[str]:
    keys = (key.removeprefix(SESSION) for key in row.further_pools if key.startswith(SESSION))
    return (names.get(key, key[:8]) for key in keys)


def _answer(question: Question) -> Callable[[Registration], str]:
    def value(row: Registration) -> str:
        found = next((answer for answer in row.answers.all() if answer.question == question.key), None)
        return "" if found is None else answer_text(found, question)

    return value


def answer_text(answer: Answer, question: Question | None) -> str:
    """What was chosen in the words of the staff's page, whatever the language it was chosen in; of a consent the version agreed to."""
    if question and question.kind == CONSENT:
        return _("Agreed to version {version}").format(version=answer.version)
    chosen = [question.text_of(option) for option in answer.options] if question else []
    return "; ".join(chosen) if chosen and all(chosen) else answer.value


def _needs(row: Registration) -> str:
    of_guests = (f"{guest}: {guest.needs}" for guest in row.guests.all() if guest.needs)
    return "; ".join(filter(None, (row.needs, *of_guests)))
