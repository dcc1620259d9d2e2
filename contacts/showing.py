"""Who may be shown on the public site: those who have agreed to it. The agreement is a consent: evidence, withdrawn when they say so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models.signals import post_save, pre_delete
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from base.page_changes import forget_pages
from contacts.models import Consent, Person

if TYPE_CHECKING:
    from django.db.models import QuerySet

PURPOSE = "contacts.shown_on_site"
VERSION = "1"


def consent_text(language: str) -> str:
    """What a person agrees to, in their language."""
    with override(language):
        return _("My name, my job title, my organisation and the address of its office may be shown on the public site, until I say otherwise.")


def shown_people() -> QuerySet[Person]:
    """With a consent in force."""
    return Person.objects.filter(consents__purpose=PURPOSE, consents__withdrawn_at=None)


def consent_of(person: Person) -> Consent | None:
    return person.consents.filter(purpose=PURPOSE, withdrawn_at=None).first()


@transaction.atomic
def allow_showing(person: Person, *, how: str) -> Consent:
    """Writes down that the person agreed, and how. Agreeing again changes nothing."""
    locked = Person.objects.select_for_update().get(pk=person.pk)
    if known := consent_of(locked):
        return known
    values = {"text": consent_text(locked.language), "text_version": VERSION, "language": locked.language, "given_how": how[:200]}
    forget_pages()
    return Consent.objects.create(person=locked, purpose=PURPOSE, given_at=timezone.now(), **values)


@transaction.atomic
def end_showing(person: Person, *, how: str) -> None:
    """The person disappears from all pages at once."""
    in_force = Consent.objects.filter(person=person, purpose=PURPOSE, withdrawn_at=None)
    in_force.update(withdrawn_at=timezone.now(), withdrawn_how=how[:200])
    forget_pages()


def connect() -> None:
    """One who is shown was changed or erased. Others, such as each new subscriber, leave the pages alone."""
    for signal in (post_save, pre_delete):
        signal.connect(_forget_who_is_shown, sender=Person, dispatch_uid=f"contacts.showing.{id(signal)}")


def _forget_who_is_shown(instance: Person, created: bool = False, **_how: Any) -> None:
    if not created and consent_of(instance):
        forget_pages()
