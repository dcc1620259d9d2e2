"""What is deleted by the clock, what is overdue, and the record of what went when.

A question says how long its answers are kept. Diet and accessibility, which every form asks for, go with the sensitive ones.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from base.bounds import everywhere
from base.questions import SENSITIVE_DAYS
from base.questions.files import delete_strays
from events.models import Answer, Deletion, Event, Guest, Registration
from events.models.answers import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.db.models import QuerySet

    from base.models import User

NEEDS = ""


@dataclass(frozen=True)
class Due:
    """So many answers to a question of an event, `NEEDS` among them, are to go at a time."""

    event: Event
    question: str
    days: int
    asked: str
    number: int

    @property
    def at(self) -> datetime:
        return self.event.ends_at + timedelta(days=self.days)

    @property
    def rows(self) -> QuerySet[Answer]:
        return Answer.objects.filter(registration__event=self.event, question=self.question, kept_days=self.days)


def delete_due(*, by: User | None = None) -> int:
    """By the clock, or by somebody's hand within their theme. How many answers went; a repeat finds nothing. What a crash left of files goes too."""
    if by is None:
        with everywhere():
            number = sum(map(_delete, overdue()))
            delete_strays(FOLDER, Answer.objects.exclude(file="").values_list("file", flat=True))
    else:
        number = sum(map(_delete, overdue()))
    if number:
        transaction.on_commit(_wipe)
    return number


@transaction.atomic
def _delete(due: Due) -> int:
    number = _forget_needs(due.event) if due.question == NEEDS else due.rows.delete()[1].get(Answer._meta.label, 0)
    if number:
        Deletion.objects.create(event=due.event, asked=due.asked, number=number, due_at=due.at)
    return number


def _forget_needs(event: Event) -> int:
    return sum(rows.filter(**{path: event}).exclude(needs="").update(needs="") for rows, path in with_needs())


def _wipe() -> None:
    """A deleted row's bytes stay in the database's own files until these are cleaned."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # The file itself is overwritten as it goes (`secure_delete` in the settings); what went before lies in the log beside it.
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            for model in (Answer, Registration, Guest):
                cursor.execute(f"VACUUM {model._meta.db_table}")


def overdue() -> list[Due]:
    now = timezone.now()
    return [due for due in planned() if due.at <= now]


def planned() -> list[Due]:
    """All that is to go by the clock, the earliest first. Five queries."""
    counted = {(event, question, days): number for event, question, days, number in _counted()}
    events = Event.objects.in_bulk({event for event, _question, _days in counted})
    words = words_of({question for _event, question, _days in counted})
    found = [Due(events[event], question, days, words[question], number) for (event, question, days), number in counted.items()]
    return sorted(found, key=lambda due: (due.at, due.event.pk, due.question))


def _counted() -> Iterator[tuple[int, str, int, int]]:
    answers = Answer.objects.exclude(kept_days=None).order_by().values_list("registration__event", "question", "kept_days")
    yield from answers.annotate(number=Count("pk"))
    needs: Counter[int] = Counter()
    for rows, path in with_needs():
        needs.update(dict(rows.exclude(needs="").order_by().values_list(path).annotate(number=Count("pk"))))
    yield from ((event, NEEDS, SENSITIVE_DAYS, number) for event, number in needs.items())


def with_needs() -> list[tuple[Any, str]]:
    """Who says what they need, and the way from there to the event."""
    return [(Registration.objects.all(), "event"), (Guest.objects.all(), "registration__event")]


def words_of(questions: set[str]) -> dict[str, str]:
    """How each question was put last, by its id. One query."""
    found = {NEEDS: _("Diet and accessibility")}
    rows = Answer.objects.filter(question__in=questions - {NEEDS}).order_by("question", "-at", "-pk")
    for question, asked in rows.values_list("question", "asked"):
        found.setdefault(question, asked)
    return found
