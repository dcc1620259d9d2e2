"""Brings the lines in. Whoever left stays away, whoever is on the suppression list too; the same file once more changes nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models.functions import Lower
from django.utils import timezone

from contacts.models import Consent, Person
from mail import suppression
from newsletters.importing.rows import Reader, as_moment, table_of
from newsletters.models import Newsletter, SubscriberImport, Subscription

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from django.db.models import QuerySet

    from newsletters.importing.rows import Row

BATCH = 1000
FILE_KEPT, LINES_KEPT = timedelta(days=1), timedelta(days=30)
State = Subscription.State


@dataclass
class Tally:
    """What became of the lines, or would. `lines` are those that do not come and that somebody can mend."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("imported", "already", "ended", "suppressed", "doubled", "broken"), 0))
    lines: list[dict[str, Any]] = field(default_factory=list)
    examples: list[Row] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return sum(self.counts.values())

    def leave_out(self, row: Row) -> None:
        self.counts["doubled" if row.is_double else "broken"] += 1
        self.lines.append(row.kept())


@dataclass
class Known:
    """What the register holds on a batch of addresses."""

    people: dict[str, Person]
    subscriptions: dict[int, Subscription]
    in_force: dict[int, Consent]
    withdrawn: set[int]
    suppressed: set[str]


def look(bringing: SubscriberImport) -> Tally:
    """What would come of the import as it is; nothing is changed. Raises Unreadable."""
    return _go_through(bringing, None)


@transaction.atomic
def bring(bringing: SubscriberImport) -> SubscriberImport:
    """All or nothing of a file's good lines, once: a second call changes nothing. Raises Unreadable."""
    # Two at once, and a form that is sent meanwhile, wait for each other.
    Newsletter.objects.select_for_update(no_key=True).get(pk=bringing.newsletter_id)
    row = SubscriberImport.objects.select_for_update(of=("self",)).select_related("newsletter__theme").get(pk=bringing.pk)
    if row.brought_at:
        return row
    tally = _go_through(row, lambda rows, known: _bring_batch(row, rows, known))
    for name, number in tally.counts.items():
        setattr(row, name, number)
    row.rows, row.brought_at, row.content = tally.rows, timezone.now(), None
    row.left_out = "\n".join(json.dumps(line, ensure_ascii=False) for line in tally.lines)
    row.save()
    return row


def forget_files() -> None:
    """A file that was looked at and never brought goes after a day; lines that did not come are kept for 30 days."""
    now = timezone.now()
    SubscriberImport.objects.filter(brought_at=None, at__lt=now - FILE_KEPT).delete()
    SubscriberImport.objects.filter(brought_at__lt=now - LINES_KEPT).exclude(left_out="").update(left_out="")


def _go_through(bringing: SubscriberImport, act: Callable[[list[Row], Known], None] | None) -> Tally:
    tally, newsletter = Tally(), bringing.newsletter
    reader = Reader(newsletter.theme, bringing.columns, bringing.language)
    for batch in _batches(reader.rows(table_of(bytes(bringing.content or b"")))):
        good = [row for row in batch if not row.problem]
        for row in batch:
            if row.problem:
                tally.leave_out(row)
        known = _known(newsletter, good, holds=act is not None)
        coming = [row for row in good if _sort(row, known, tally)]
        tally.examples += coming[: max(0, 5 - len(tally.examples))]
        if act:
            act(coming, known)
    return tally


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def _known(newsletter: Newsletter, rows: list[Row], *, holds: bool) -> Known:
    """Four queries a batch. With `holds`, nobody of them turns a newsletter on or off meanwhile."""
    emails = [row.email.lower() for row in rows]
    found = _people(newsletter, emails)
    people = {person.email.lower(): person for person in (found.select_for_update(of=("self",), no_key=True) if holds else found)}
    ids = [person.pk for person in people.values()]
    consents = list(Consent.objects.filter(person__in=ids, purpose=newsletter.purpose))
    return Known(
        people,
        {row.person_id: row for row in Subscription.objects.filter(newsletter=newsletter, person__in=ids)},
        {consent.person_id: consent for consent in consents if consent.withdrawn_at is None},
        {consent.person_id for consent in consents if consent.withdrawn_at},
        suppression.suppressed_among(emails),
    )


def _people(newsletter: Newsletter, emails: list[str]) -> QuerySet[Person]:
    return Person.objects.annotate(lower=Lower("email")).filter(theme=newsletter.theme, lower__in=emails)


def _sort(row: Row, known: Known, tally: Tally) -> bool:
    """Whether the row comes. A consent that was withdrawn counts as leaving, also where the subscription is gone."""
    person = known.people.get(row.email.lower())
    subscription = known.subscriptions.get(person.pk) if person else None
    if subscription and subscription.state == State.CONFIRMED:
        kind = "already"
    elif person and ((subscription and subscription.state == State.ENDED) or (person.pk in known.withdrawn and person.pk not in known.in_force)):
        kind = "ended"
    else:
        kind = "suppressed" if row.email.lower() in known.suppressed else "imported"
    tally.counts[kind] += 1
    return kind == "imported"


def _bring_batch(bringing: SubscriberImport, rows: list[Row], known: Known) -> None:
    if not rows:
        return
    newsletter = bringing.newsletter
    people = _people_of(bringing, rows, known)
    missing = [row for row in rows if people[row.email.lower()].pk not in known.in_force]
    made = Consent.objects.bulk_create(_consent(bringing, people[row.email.lower()], row) for row in missing)
    consents = known.in_force | {consent.person_id: consent for consent in made}
    now = timezone.now()
    pending: list[Subscription] = []
    new: list[Subscription] = []
    for row in rows:
        person = people[row.email.lower()]
        subscription = known.subscriptions.get(person.pk) or Subscription(newsletter=newsletter, person=person, asked_at=now)
        subscription.language, subscription.state, subscription.confirmed_at = row.language, State.CONFIRMED, now
        subscription.consent, subscription.brought_by = consents[person.pk], bringing
        (pending if subscription.pk else new).append(subscription)
    Subscription.objects.bulk_update(pending, ["language", "state", "confirmed_at", "consent", "brought_by"])
    Subscription.objects.bulk_create(new)
    _set_topics({subscription.person_id: subscription.pk for subscription in [*pending, *new]}, rows, people)


def _people_of(bringing: SubscriberImport, rows: list[Row], known: Known) -> dict[str, Person]:
    """By address. Names never overwrite what is known already."""
    newsletter = bringing.newsletter
    why = {"source": f"{bringing.mark}: {bringing.file_name}"[:200], "purpose": newsletter.purpose, "legal_basis": Person.LegalBasis.CONSENT}
    new = [
        Person(theme=newsletter.theme, email=row.email, first_name=row.first_name, last_name=row.last_name, language=row.language, **why)
        for row in rows
        if row.email.lower() not in known.people
    ]
    # Somebody may have come by another form since; then theirs is the row.
    Person.objects.bulk_create(new, ignore_conflicts=True)
    people = known.people | {person.email.lower(): person for person in _people(newsletter, [person.email.lower() for person in new])}
    named = []
    for row in rows:
        person = people[row.email.lower()]
        if (row.first_name and not person.first_name) or (row.last_name and not person.last_name):
            person.first_name, person.last_name = person.first_name or row.first_name, person.last_name or row.last_name
            named.append(person)
    Person.objects.bulk_update(named, ["first_name", "last_name"])
    return people


def _consent(bringing: SubscriberImport, person: Person, row: Row) -> Consent:
    """The text is what whoever brought the file stated; the words that the person read are not ours to know."""
    how = f"{bringing.mark}: {row.given_how or bringing.statement}"[:200]
    given_at = row.given_at or as_moment(bringing.stated_on)
    told = {"text": bringing.statement, "text_version": bringing.mark, "language": row.language, "given_how": how, "given_at": given_at}
    return Consent(person=person, purpose=bringing.newsletter.purpose, **told)


def _set_topics(subscriptions: dict[int, int], rows: list[Row], people: dict[str, Person]) -> None:
    for name, column in (("sub_themes", "subtheme_id"), ("regions", "region_id")):
        choices = getattr(Subscription, name).through
        choices.objects.bulk_create(
            (choices(subscription_id=subscriptions[people[row.email.lower()].pk], **{column: topic}) for row in rows for topic in getattr(row, name)),
            ignore_conflicts=True,
        )
