"""The mails to who registered, each in the registrant's language. Each has a key: a repeat sends nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from events import calendar, links, words
from events.models import page_in
from mail import outbox
from mail.models import Delivery
from themes.mails import mail_look

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contacts.models import Person
    from events.models import Registration

STREAM = "events"
HOLD_MINUTES = 30


def was_sent(key: str) -> bool:
    return Delivery.objects.filter(key=key).exists()


def links_today(person: Person) -> int:
    """How many mails this person's address was sent because somebody filled in a form, over all events, in 24 hours."""
    since = timezone.now() - timedelta(days=1)
    return Delivery.objects.filter(recipient_key=person.key, stream=STREAM, key__startswith="events.ask:", created_at__gte=since).count()


def send_link(registration: Registration) -> None:
    """The link that confirms. For one hold it goes once, and once more when asked for again."""
    key = f"events.ask:{registration.pk}:{registration.asked_at.timestamp():.0f}"
    with translation.override(registration.language):
        send(
            registration,
            key=f"{key}:again" if was_sent(key) else key,
            subject=_("Confirm your registration: %(title)s"),
            paragraphs=[
                _("You asked for a seat at this event. Confirm it within %(minutes)d minutes, or the seat goes to somebody else.")
                % {"minutes": HOLD_MINUTES},
                *facts_of(registration),
            ],
            button=(_("Confirm registration"), links.registration_url(registration)),
            small_print=[_("If you did not ask for a seat, do nothing: nothing more will come.")],
        )


def send_invitation(registration: Registration, *, key: str, is_update: bool = False) -> None:
    with translation.override(registration.language):
        send(
            registration,
            key=key,
            subject=_("The event has changed: %(title)s") if is_update else _("You have registered: %(title)s"),
            paragraphs=[
                _("The time, the place or the link has changed. Your seat is still yours.")
                if is_update
                else _("You have a seat. The invitation for your calendar comes with this mail."),
                *facts_of(registration),
            ],
            button=(_("Cancel registration"), links.registration_url(registration, to="cancel")),
            small_print=[_("If you cannot come, cancel your registration, so that somebody else gets the seat.")],
            method="REQUEST",
        )


def send_cancellation(registration: Registration, *, by_us: bool) -> None:
    with translation.override(registration.language):
        text = _("The event was cancelled. We are sorry.") if by_us else _("Your registration was cancelled and your seat is free for somebody else.")
        send(
            registration,
            key=f"events.cancel:{registration.pk}:{registration.sequence}",
            subject=_("The event is cancelled: %(title)s") if by_us else _("Registration cancelled: %(title)s"),
            paragraphs=[text, *facts_of(registration)],
            method="CANCEL",
        )


def facts_of(registration: Registration) -> list[str]:
    page = page_in(registration.language, registration.event)
    lines = [f"{label}: {value}" for label, value in words.facts_of(registration, page)]
    if (link := words.link_of(registration)) and registration.confirmed_at and registration.state == registration.State.CONFIRMED:
        lines.append(_("Join here: %(link)s") % {"link": link})
    return [page.title, *lines]


def send(
    registration: Registration,
    *,
    key: str,
    subject: str,
    paragraphs: Sequence[str],
    button: tuple[str, str] | None = None,
    small_print: Sequence[str] = (),
    method: str = "",
) -> None:
    """`subject` holds a `%(title)s`. With a `method` the calendar goes with it, at the registration's `sequence`."""
    title = page_in(registration.language, registration.event).title
    content = calendar.invitation(registration, method=method, sequence=registration.sequence) if method else b""
    full = subject % {"title": title}
    outbox.send_single(
        to=registration.person.email,
        subject=full,
        language=registration.language,
        heading=full,
        paragraphs=paragraphs,
        button=button,
        small_print=small_print,
        stream=STREAM,
        key=key,
        recipient_key=registration.person.key,
        headers={"Reply-To": settings.DEFAULT_FROM_EMAIL},
        calendar=(content, method) if method else None,
        look=mail_look(registration.event.theme),
        thread=f"events.registration:{registration.pk}",
    )
