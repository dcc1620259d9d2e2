"""Files that wait to be brought, of somebody who is erased."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from base.spreadsheets import Unreadable
from contacts.importing import reading, undoing
from contacts.models import ContactImport
from contacts.models.imports import NO_FILE
from contacts.models.people import Person

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from base.personal import Subject


def holding(who: Subject) -> QuerySet[ContactImport]:
    """Those whose file has one of the addresses, the number or the name of the person."""
    files = ContactImport.objects.filter(theme__people=who.person_id).exclude(content=None)
    person = Person.objects.filter(pk=who.person_id).first()
    if person is None or not files.exists():
        return ContactImport.objects.none()
    name = f"{person.first_name} {person.last_name}".strip().casefold()
    words = {*who.emails, person.external_id.casefold(), name if person.first_name and person.last_name else ""} - {""}
    found = [row.pk for row in files.iterator(chunk_size=1) if _names(row, words)]
    return ContactImport.objects.filter(pk__in=found)


def _names(bringing: ContactImport, words: set[str]) -> bool:
    """A file that cannot be read might."""
    try:
        for line in reading.table(bytes(bringing.content or b"")).lines:
            cells = [cell.casefold() for cell in line.cells if cell]
            beside = list(pairwise(cells))
            whole = {*cells, *(f"{one} {two}" for one, two in beside), *(f"{two} {one}" for one, two in beside)}
            if words & whole or any(word in cell for word in words if "@" in word for cell in cells):
                return True
    except Unreadable:
        return True
    mended = " ".join(text.casefold() for cells in bringing.mended.values() for text in cells.values())
    return any(word in mended for word in words)


def forget(who: Subject) -> None:
    """The file goes, and its import waits no more: it would bring the person back. What is on its way is taken back."""
    for row in holding(who):
        if row.is_on_its_way:
            undoing.ask(row, by=None)
        ContactImport.objects.filter(pk=row.pk).update(**NO_FILE)
