"""Messages to a selection of people: only to whom we may write, each in their language, once, and on record as an outreach that touches them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.tasks import enqueue
from contacts import outreach
from contacts.models import Consent, HeldFor, Letter, LetterCopy, Outreach, Person, Purpose, Touch
from contacts.outreach import Contact
from mail import letters, outbox, streams, suppression
from mail.models import Delivery
from themes.mails import mail_look
from themes.models import Channel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from base.models import User
    from themes.models import Goal

STREAM, KEY = "contacts.letters", "contacts.letter:"
# Who is held by consent gets what the consent is for.
PURPOSE = "contacts.letters"
CHANNEL = "mail"
BATCH = 500
FILLED: dict[str, Callable[[Person], str]] = {"first_name": lambda person: person.first_name, "last_name": lambda person: person.last_name}


class LetterForm(letters.LetterForm):
    filled = FILLED


class Addressed(NamedTuple):
    """Whom we may write to, and in words why not to the others: reason and number."""

    people: list[Person]
    left_out: list[tuple[str, int]]


def addressed(people: Iterable[Person]) -> Addressed:
    """Three queries, whatever the number of people."""
    everybody = list(people)
    listed = suppression.suppressed_among({person.email for person in everybody if person.email})
    free = HeldFor.objects.filter(person__in=[person.pk for person in everybody]).exclude(purpose__legal_basis=Purpose.LegalBasis.CONSENT)
    bound = sorted({person.pk for person in everybody} - set(free.values_list("person", flat=True)))
    agreed = set(Consent.objects.filter(person__in=bound, purpose=PURPOSE, withdrawn_at=None).values_list("person", flat=True)) if bound else set()
    reasons: tuple[tuple[str, Callable[[Person], bool]], ...] = (
        (_("no e-mail address"), lambda person: not person.email),
        (_("on the suppression list"), lambda person: person.email in listed),
        (_("held by a consent that is for something else"), lambda person: person.pk in bound_set and person.pk not in agreed),
    )
    bound_set, counts, found = set(bound), dict.fromkeys((reason for reason, _test in reasons), 0), []
    for person in everybody:
        why = next((reason for reason, test in reasons if test(person)), None)
        if why is None:
            found.append(person)
        else:
            counts[why] += 1
    return Addressed(found, [(reason, number) for reason, number in counts.items() if number])


@transaction.atomic
def send_letter(*, people: Sequence[Person], words: dict[str, Any], fallback: str, goals: Iterable[Goal], by: User | None) -> Letter:
    """To people of one theme, to whom we may write (`addressed`). The worker puts the copies into the outbox."""
    theme = people[0].theme
    subject = (words.get(fallback) or next(iter(words.values())))["subject"]
    channel = Channel.objects.filter(theme=theme, key=CHANNEL).first()
    act = outreach.record(theme=theme, kind=Outreach.Kind.LETTER, title=subject, goals=goals, channel=channel, by=by)
    letter = Letter.objects.create(theme=theme, outreach=act, words=words, fallback=fallback, number=len(people), by=by)
    LetterCopy.objects.bulk_create([LetterCopy(letter=letter, person=person) for person in people], batch_size=BATCH)
    enqueue("contacts.letters.send_copies", letter.pk)
    return letter


def send_copies(letter_id: int) -> None:
    """In the worker. Bears a repeat: each copy has a key of its own. Who has come onto the suppression list meanwhile is left out by the ledger."""
    letter = Letter.objects.select_related("theme").get(pk=letter_id)
    # Who has lost their address meanwhile is not written to.
    for copy in letter.copies.exclude(person__email="").select_related("person").iterator(chunk_size=BATCH):
        send_copy(letter, copy.person)


def send_copy(letter: Letter, person: Person) -> Delivery:
    language, subject, paragraphs = written(letter, person)
    return outbox.send_single(
        to=person.email,
        subject=subject,
        language=language,
        heading=subject,
        paragraphs=paragraphs,
        stream=STREAM,
        key=f"{KEY}{letter.pk}:{person.pk}",
        recipient_key=person.key,
        headers={"Reply-To": settings.DEFAULT_FROM_EMAIL},
        look=mail_look(letter.theme),
    )


def written(letter: Letter, person: Person) -> tuple[str, str, list[str]]:
    """Language, subject and paragraphs as this person gets them."""
    language = person.language if person.language in letter.words else letter.fallback
    with translation.override(language):
        said = letter.words[language]
        subject = " ".join(letters.fill(said["subject"], person, FILLED).split())
        return language, subject, letters.paragraphs_of(letters.fill(said["text"], person, FILLED))


def record_deliveries(deliveries: Sequence[Delivery]) -> None:
    """Who was sent a copy is touched by the letter's act. Bears a repeat."""
    by_letter: dict[int, list[Delivery]] = {}
    for row in deliveries:
        if row.key and row.key.startswith(KEY):
            by_letter.setdefault(int(row.key.removeprefix(KEY).split(":")[0]), []).append(row)
    for letter in Letter.objects.filter(pk__in=by_letter).select_related("outreach"):
        rows = by_letter[letter.pk]
        people = {person.key: person for person in Person.objects.filter(key__in=[row.recipient_key for row in rows])}
        told = [
            Contact(person.pk, f"mail.delivery:{row.pk}", row.settled_at or timezone.now(), person.language)
            for row in rows
            if row.recipient_key and (person := people.get(row.recipient_key))
        ]
        outreach.touch_many(letter.outreach, Touch.Kind.WRITTEN, told)


def connect() -> None:
    streams.register(streams.Stream(STREAM, gettext_lazy("Message to contacts"), on_sent=record_deliveries))
