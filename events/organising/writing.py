"""Messages to some of those who registered: each in their language, with what is theirs filled in, once, and on record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from wagtail.log_actions import log

from base.tasks import enqueue
from events import links, words
from events.mails import STREAM
from events.models import Letter, Registration, page_in
from mail import letters, outbox
from mail.models import Delivery
from themes.mails import mail_look

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from base.models import User
    from events.models import Event

# What one can put in a message. What people said of their needs is not among it: mails are kept longer than that may be.
FILLED: dict[str, Callable[[Registration], str]] = {
    "first_name": lambda row: row.person.first_name,
    "last_name": lambda row: row.person.last_name,
    "event": lambda row: page_in(row.language, row.event).title,
    "when": lambda row: words.when_text(row.event),
    "where": lambda row: words.where_text(row.event, page_in(row.language, row.event)),
    "cancel_link": lambda row: links.registration_url(row, to="cancel"),
}


class LetterForm(letters.LetterForm):
    filled = FILLED


@transaction.atomic
def send_letter(*, event: Event, registrations: Sequence[Registration], words: dict[str, Any], fallback: str, by: User) -> Letter:
    """Keeps what goes to whom; the worker puts the copies into the outbox, each once however often it begins again."""
    letter = Letter.objects.create(event=event, words=words, fallback=fallback, number=len(registrations), by=by)
    letter.registrations.set(registrations)
    log(event, "wagtail.edit", user=by, data={"letter": letter.pk})
    enqueue("events.organising.writing.send_copies", letter.pk)
    return letter


def send_copies(letter_id: int) -> None:
    """In the worker. Bears a repeat."""
    letter = Letter.objects.get(pk=letter_id)
    for registration in letter.registrations.select_related("person", "event__theme"):
        send_copy(letter, registration)


def send_copy(letter: Letter, registration: Registration) -> Delivery:
    subject, paragraphs = written(letter, registration)
    language = language_of(letter, registration)
    return outbox.send_single(
        to=registration.person.email,
        subject=subject,
        language=language,
        heading=subject,
        paragraphs=paragraphs,
        stream=STREAM,
        key=copy_key(letter, registration),
        recipient_key=registration.person.key,
        headers={"Reply-To": settings.DEFAULT_FROM_EMAIL},
        look=mail_look(registration.event.theme),
    )


def language_of(letter: Letter, registration: Registration) -> str:
    return registration.language if registration.language in letter.words else letter.fallback


def written(letter: Letter, registration: Registration) -> tuple[str, list[str]]:
    """The subject and the paragraphs that this person gets."""
    with translation.override(language_of(letter, registration)):
        said = letter.words_in(registration.language)
        text = letters.fill(said["text"], registration, FILLED)
        return " ".join(letters.fill(said["subject"], registration, FILLED).split()), letters.paragraphs_of(text)


def copy_key(letter: Letter, registration: Registration) -> str:
    return f"events.letter:{letter.pk}:{registration.pk}"


def states(letter: Letter) -> dict[str, int]:
    """How many copies are in which state. One query."""
    rows = Delivery.objects.filter(key__startswith=f"events.letter:{letter.pk}:").order_by()
    found: dict[str, int] = {}
    for state in rows.values_list("state", flat=True):
        label = str(Delivery.State(state).label)
        found[label] = found.get(label, 0) + 1
    return found
