"""What can be done to enquiries: taken in, forgotten; and what they hold on a person."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from base import personal
from base.personal import Holding, Subject
from mail import outbox
from pages.enquiry import ANSWER_DAYS, Enquiry
from themes.mails import mail_look

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from themes.models import Theme

STREAM = "pages"
# Mails of thanks to one address in 24 hours: the form must not fill a stranger's mailbox.
MAILS_A_DAY = 3
FIELDS = ("kind", "name", "email", "subject", "message", "language", "asked_at", "due_on", "state", "answer", "answered_at")


@transaction.atomic
def receive_enquiry(*, theme: Theme, kind: str, name: str, email: str, subject: str, message: str, language: str) -> Enquiry:
    """Stores it and thanks by mail. The mail repeats nothing of what was written: anybody may name anybody's address."""
    due_on = timezone.localdate() + timedelta(days=ANSWER_DAYS) if kind == Enquiry.Kind.ACCESSIBILITY else None
    since = timezone.now() - timedelta(days=1)
    earlier = Enquiry.objects.filter(email__iexact=email, asked_at__gte=since).count()
    words = {"name": name, "email": email, "subject": subject, "message": message, "language": language}
    enquiry = Enquiry.objects.create(theme=theme, kind=kind, due_on=due_on, **words)
    if earlier < MAILS_A_DAY:
        _thank(enquiry)
    return enquiry


def _thank(enquiry: Enquiry) -> None:
    with translation.override(enquiry.language):
        promise = _("We answer within 14 days.") if enquiry.due_on else _("We answer as soon as we can.")
        outbox.send_single(
            to=enquiry.email,
            subject=_("We got your message"),
            language=enquiry.language,
            heading=_("We got your message"),
            paragraphs=[_("Thank you for writing to us."), promise],
            small_print=[_("If you did not write to us, do nothing: nothing more will come.")],
            stream=STREAM,
            key=f"pages.enquiry:{enquiry.pk}",
            look=mail_look(enquiry.theme),
        )


def forget_answered() -> int:
    """Removes what was answered a year ago. The worker runs it daily."""
    return Enquiry.objects.forgettable().delete()[0]


def enquiries_of(who: Subject) -> QuerySet[Enquiry]:
    """By address: whoever writes to us need not be in the register."""
    found = Q(pk__in=[])
    for email in who.emails:
        found |= Q(email__iexact=email)
    return Enquiry.objects.filter(found)


def register_holdings() -> None:
    personal.register(
        Holding(
            Enquiry,
            enquiries_of,
            FIELDS,
            # Of a winner without an address they stay where they are.
            lambda winner, loser: personal.void(winner.emails and enquiries_of(loser).update(email=winner.emails[0])),
            lambda who: personal.void(enquiries_of(who).delete()),
        )
    )
