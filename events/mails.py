"""The mails to who registered, each in the registrant's language. Each has a key: a repeat sends nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from events import calendar, links, own_calendar, texts, words
from events.models import page_in
from mail import outbox
from mail.models import Delivery
from themes.mails import mail_look
from themes.places import address_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from contacts.models import Person
    from events.models import Event, EventPage, Registration

STREAM = "events"
HOLD_MINUTES = 30
ASKED = "events.ask:"


def look_up(event: Event, language: str) -> None:
    """What every mail about the event needs to read, before the transaction that sends one: SQLite has one writer, and others wait for it."""
    page_in(language, event)
    address_of(event.theme)


def was_sent(key: str) -> bool:
    return Delivery.objects.filter(key=key).exists()


def links_today(person: Person) -> int:
    """How many mails this person's address was sent because somebody filled in a form, over all events, in 24 hours."""
    since = timezone.now() - timedelta(days=1)
    return Delivery.objects.filter(recipient_key=person.key, stream=STREAM, key__startswith=ASKED, created_at__gte=since).count()


def send_link(registration: Registration, *, subject: str, paragraphs: Sequence[str], button: str) -> None:
    """The link that confirms, now or when its turn comes: once for each time that one is due (`events.rush`)."""
    sent_at = registration.link_sent_at or timezone.now()
    send(
        registration,
        key=f"{ASKED}{registration.pk}:{sent_at.timestamp():.3f}",
        subject=subject,
        paragraphs=[*paragraphs, *facts_of(registration)],
        button=(button, links.registration_url(registration)),
        small_print=[_("If you did not ask for this, do nothing: nothing more will come.")],
        due_at=sent_at,
    )


def send_invitation(registration: Registration, *, key: str, is_update: bool = False) -> None:
    with translation.override(registration.language):
        send(
            registration,
            key=key,
            kind="change" if is_update else "confirmation",
            paragraphs=facts_of(registration),
            button=(_("See your registration"), links.registration_url(registration)),
            small_print=[_("If you cannot come, cancel your registration, so that somebody else gets the seat.")],
            further=[
                (_("Cancel registration"), links.registration_url(registration, to="cancel")),
                (_("Change your registration"), links.registration_url(registration, to="change")),
                (_("Your own calendar"), own_calendar.settings_url(registration)),
            ],
            method="REQUEST",
        )


def send_cancellation(registration: Registration, *, by_us: bool) -> None:
    key = f"events.cancel:{registration.pk}:{registration.sequence}"
    with translation.override(registration.language):
        if by_us:
            send(registration, key=key, kind="cancellation", paragraphs=facts_of(registration), method="CANCEL")
        else:
            text = _("Your registration was cancelled and your seat is free for somebody else.")
            send(registration, key=key, subject=_("Registration cancelled: %(title)s"), paragraphs=[text, *facts_of(registration)], method="CANCEL")


def send_by_the_clock(registration: Registration, kind: str, *, key: str) -> None:
    """A reminder, thanks, or word that one waited in vain: `kind` is of `events.texts`. An hour before, the link to the meeting is the button."""
    page = page_in(registration.language, registration.event)
    with translation.override(registration.language):
        if kind == "thanks":
            button = (_("To the event's page"), page.full_url) if page.live else None
            send(registration, key=key, kind=kind, paragraphs=[], button=button)
            return
        if kind == "unseated":
            send(registration, key=key, kind=kind, paragraphs=facts_of(registration))
            return
        link = words.link_of(registration)
        cancel = (_("Cancel registration"), links.registration_url(registration, to="cancel"))
        see = (_("See your registration"), links.registration_url(registration))
        button = (_("Join the meeting"), link) if kind == "hour" and link else see
        send(registration, key=key, kind=kind, paragraphs=facts_of(registration), button=button, further=[cancel])


def send_unpublished(registration: Registration, *, key: str) -> None:
    with translation.override(registration.language):
        cancel = (_("Cancel registration"), links.registration_url(registration, to="cancel"))
        see = (_("See your registration"), links.registration_url(registration))
        send(registration, key=key, kind="unpublished", paragraphs=facts_of(registration), button=see, further=[cancel])


def facts_of(registration: Registration) -> list[str]:
    page = page_in(registration.language, registration.event)
    lines = [f"{label}: {value}" for label, value in words.facts_of(registration, page)]
    if (link := words.link_of(registration)) and registration.confirmed_at and registration.state == registration.State.CONFIRMED:
        lines.append(_("Join here: %(link)s") % {"link": link})
    return ["\n".join([page.title, *lines])]


def send(
    registration: Registration,
    *,
    key: str,
    paragraphs: Sequence[str],
    subject: str = "",
    kind: str = "",
    button: tuple[str, str] | None = None,
    small_print: Sequence[str] = (),
    further: Sequence[tuple[str, str]] = (),
    method: str = "",
    due_at: datetime | None = None,
) -> None:
    """`subject` holds a `%(title)s`; with a `kind` of `events.texts` that says subject and opening. With a `method` the calendar goes along."""
    page = page_in(registration.language, registration.event)
    content = calendar.invitation(registration, method=method, sequence=registration.sequence) if method else b""
    if kind:
        full, text = texts.opening(kind, page, values_of(registration, page), language=registration.language)
        paragraphs = [text, *paragraphs]
    else:
        full = subject % {"title": page.title}
    outbox.send_single(
        to=registration.person.email,
        subject=full,
        language=registration.language,
        heading=full,
        paragraphs=paragraphs,
        button=button,
        small_print=small_print,
        links=further,
        stream=STREAM,
        key=key,
        recipient_key=registration.person.key,
        headers={"Reply-To": settings.DEFAULT_FROM_EMAIL},
        calendar=(content, method) if method else None,
        look=mail_look(registration.event.theme),
        thread=thread_of(registration),
        due_at=due_at,
    )


def thread_of(registration: Registration) -> str:
    """All mails about a registration leave in their order."""
    return f"events.registration:{registration.pk}"


def values_of(registration: Registration, page: EventPage) -> dict[str, str]:
    """For the placeholders of `events.texts`."""
    person, event = registration.person, registration.event
    return {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "event": page.title,
        "when": words.when_text(event),
        "where": words.where_of(registration, page),
        "theme": event.theme.name,
    }
