"""Consent to counting opens: apart from the newsletter's own, off until it is given, and asked for each open.

Whoever counts an open asks `may_track_opens` at that moment: a consent that was withdrawn since reaches mail that has been sent already
(CNIL, deliberation 2026-042).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from contacts.models import Consent
from newsletters.models import Subscription

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from contacts.models import Person
    from newsletters.models import Newsletter
    from themes.models import Theme

# Raise it whenever the words below change: what was agreed to stands in each consent.
TEXT_VERSION = "1"


def purpose_in(theme: Theme) -> str:
    return f"newsletters.opens:{theme.key}"


def consent_text(language: str) -> str:
    with translation.override(language):
        return _(
            "You may count which newsletters I open. It is used only to see which issues are read, never to decide what is sent to whom. "
            "I can take this back whenever I like, and then it holds for letters that I have already received, too."
        )


def in_force(person: Person) -> QuerySet[Consent]:
    return Consent.objects.filter(person=person, purpose=purpose_in(person.theme), withdrawn_at=None)


def may_track_opens(person: Person, newsletter: Newsletter) -> bool:
    """Whether an open by this person may be counted now. Two queries at most."""
    is_subscriber = Subscription.objects.filter(person=person, newsletter=newsletter, state=Subscription.State.CONFIRMED)
    return in_force(person).exists() and is_subscriber.exists()


def allow_opens(person: Person, *, language: str, how: str) -> None:
    """`language` is that of the text as the person saw it."""
    if not in_force(person).exists():
        values = {"text": consent_text(language), "text_version": TEXT_VERSION, "language": language, "given_how": how[:200]}
        Consent.objects.create(person=person, purpose=purpose_in(person.theme), given_at=timezone.now(), **values)


def forbid_opens(person: Person, *, how: str) -> None:
    in_force(person).update(withdrawn_at=timezone.now(), withdrawn_how=how[:200])
