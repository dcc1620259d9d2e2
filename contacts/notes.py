"""Writing something down on a contact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from contacts.models import Note, Organisation, Person

if TYPE_CHECKING:
    from base.models import User


@transaction.atomic
def add_note(contact: Person | Organisation, text: str, *, by: User | None) -> Note:
    """Stands in the contact's timeline."""
    ends = {"person": contact} if isinstance(contact, Person) else {"organisation": contact}
    return Note.objects.create(theme_id=contact.theme_id, text=text, by=by, **ends)
