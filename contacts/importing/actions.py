"""Bringing the rows of a file into the register. `contacts.importing.undoing` takes a whole import back.

A row whose number or e-mail address is known fills in what was empty on that person, and changes nothing else. One that may be somebody who is there
(`contacts.importing.matching`) is told, and comes as was chosen for it: left out, the same person, or another one.

The worker brings a batch a transaction, and each batch names where it begins: a worker that dies leaves nothing twice.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from base import copying
from base.spreadsheets import Unreadable
from base.tasks import enqueue
from contacts.importing import columns, reading, undoing
from contacts.importing.looking import Tally, look
from contacts.importing.matching import Sorter
from contacts.importing.writing import Writer
from contacts.models import ContactImport, ContactPoint, HeldFor, Organisation, Person, Role
from contacts.models.imports import NO_FILE

if TYPE_CHECKING:
    from base.models import User
    from contacts.importing.rows import Problem
    from contacts.models import Purpose
    from themes.models import Theme

BATCH = 1000
GO_ON = "contacts.importing.actions.go_on"
# Of one run of the worker; then it asks for another.
RUN_SECONDS = 120
FILE_KEPT = timedelta(days=1)


class Duplicate(NamedTuple):
    """A row that may be a person in the register. `person` is 0 where it is like an earlier row of the file."""

    row: int
    name: str
    person: int
    person_name: str


@dataclass
class Report:
    """`left` are headings that say nothing. At most a thousand problems and duplicates are kept; the numbers of the import count all."""

    bringing: ContactImport
    left: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    duplicates: list[Duplicate] = field(default_factory=list)


@dataclass(frozen=True)
class Why:
    """Why the people may be held (GDPR, Articles 6 and 14)."""

    source: str
    purpose: Purpose


def bring(
    content: bytes, *, theme: Theme, file_name: str, why: Why, by: User | None = None, keep_duplicates: bool = False, dry_run: bool = False
) -> Report:
    """To its end, in this process; the file is not kept. Raises Unreadable for one that is none, or has no column that names people.

    With `keep_duplicates` every row becomes a person of its own.
    """
    table = reading.table(content)
    bringing = ContactImport(theme=theme, file_name=file_name[:200], by=by, source=why.source, purpose=why.purpose)
    bringing.columns = reading.guess(table.heading)
    bringing.kind, bringing.keeps_duplicates = columns.kind_of(table.heading), keep_duplicates
    if dry_run:
        tally = look(content, bringing, keeps_known=keep_duplicates)
        for name, number in tally.counts.items():
            setattr(bringing, name, number)
    else:
        bringing.save()
        tally = Tally()
        try:
            _bring(content, bringing, tally, keeps_known=keep_duplicates)
        except Unreadable:
            # Whole or not at all.
            undoing.undo(bringing)
            bringing.delete()
            raise
        _finish(bringing.pk, bringing.done)
        bringing.refresh_from_db()
    return Report(bringing, columns.guess(table.heading)[1], tally.problems, _duplicates(tally))


def _duplicates(tally: Tally) -> list[Duplicate]:
    people = Person.objects.in_bulk([verdict.candidates[0].person for verdict in tally.duplicates])
    found = []
    for verdict in tally.duplicates:
        person = people.get(verdict.candidates[0].person)
        name = f"{verdict.row.first_name} {verdict.row.last_name}"
        found.append(Duplicate(verdict.row.number, name, person.pk if person else 0, str(person or "")))
    return found


@transaction.atomic
def ask(bringing: ContactImport, *, by: User | None) -> None:
    """Asks the worker to bring what was looked at. What was asked for before, or has gone, is not asked."""
    row = ContactImport.objects.select_for_update(of=("self",)).get(pk=bringing.pk)
    if not row.is_waiting or not columns.names_people(row.columns):
        return
    row.rows = (row.looked or {}).get("counts", {}).get("rows", 0)
    row.asked_at, row.by, row.looked = timezone.now(), row.by or by, None
    row.save(update_fields=["asked_at", "by", "looked", "rows"])
    enqueue(GO_ON, row.pk)


def go_on(pk: int) -> None:
    """For the worker. Bears any number of repeats and of workers at once."""
    row = ContactImport.objects.select_related("theme").filter(pk=pk).first()
    if row is None or not row.is_on_its_way or row.content is None:
        return
    try:
        is_over = _bring(bytes(row.content), row, Tally(), until=time.monotonic() + RUN_SECONDS)
    except Unreadable:
        # It was read to its end when it was looked at, so somebody has changed it by hand: whole or not at all.
        undoing.undo(row)
        return
    if is_over:
        _finish(pk, row.done)
    else:
        enqueue(GO_ON, pk)


def go_on_with_all() -> None:
    """By the clock: what a worker that died has left."""
    for pk in ContactImport.objects.filter(ended_at=None, undo_asked_at=None).exclude(asked_at=None).values_list("pk", flat=True):
        go_on(pk)
    undoing.go_on_with_all()


def forget_files() -> None:
    """By the clock: a file that was looked at and never brought goes after a day, and what was taken back keeps none."""
    ContactImport.objects.filter(asked_at=None, ended_at=None, done=0, began_at__lt=timezone.now() - FILE_KEPT).delete()
    ContactImport.objects.exclude(content=None).exclude(ended_at=None, undo_asked_at=None).update(**NO_FILE)


def _bring(content: bytes, bringing: ContactImport, tally: Tally, *, keeps_known: bool = False, until: float = float("inf")) -> bool:
    """False when the time is over first."""
    sorter = Sorter(bringing.theme, bringing.choices, keeps_duplicates=bringing.keeps_duplicates, keeps_known=keeps_known)
    writer = Writer(bringing, sorter)
    rows = islice(reading.rows(content, bringing), bringing.done, None)
    while batch := list(islice(rows, BATCH)):
        with transaction.atomic():
            now = ContactImport.objects.select_for_update(of=("self",)).only("done", "ended_at", "undo_asked_at").get(pk=bringing.pk)
            if now.done != bringing.done or now.ended_at or now.undo_asked_at:
                # Another worker has gone on, or somebody has taken it back.
                return True
            verdicts = sorter.sort(batch)
            writer.write(verdicts)
            bringing.done += len(batch)
            bringing.rows = max(bringing.rows, bringing.done)
            bringing.save(update_fields=["done", "rows", "created", "known", "doubled", "refused", "organisations"])
        tally.tell(verdicts)
        if time.monotonic() > until:
            return False
    return True


@transaction.atomic
def _finish(pk: int, done: int) -> None:
    """The file goes. Nothing happens where another worker has gone further."""
    row = ContactImport.objects.select_related("theme", "by").defer("content").get(pk=pk)
    ended = {"ended_at": timezone.now(), "rows": done, **NO_FILE}
    if ContactImport.objects.filter(pk=pk, done=done, ended_at=None, undo_asked_at=None).update(**ended):
        if row.created >= BATCH:
            copying.take_stock(Person, Role, ContactPoint, HeldFor, Organisation)
        log(row.theme, "contacts.imported", user=row.by, data={"of": "person", "import": pk, "rows": row.created + row.known})
