"""Brings the lines in. Whoever left stays away, whoever is on the suppression list too; the same file once more changes nothing.

The worker brings a batch a transaction, so that sign-ups and other forms wait for one batch at most. What it has brought is *coming*, and gets no
mail; when the last line is there, all of it is confirmed in one statement. Until then it can be taken back, and nothing stays of it.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zlib import crc32

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from base.languages import FALLBACK
from base.tasks import enqueue
from contacts import purposes
from contacts.models import Consent, Person
from newsletters.importing.looking import Known, Tally, as_texts, batches, people_at, sort
from newsletters.importing.rows import as_moment
from newsletters.importing.taking_back import take_back
from newsletters.models import Newsletter, SubscriberImport, Subscription

if TYPE_CHECKING:
    from base.models import User
    from newsletters.importing.rows import Row

GO_ON = "newsletters.importing.actions.go_on"
# Of one run of the worker; then it asks for another.
RUN_SECONDS = 120
FILE_KEPT, LINES_KEPT = timedelta(days=1), timedelta(days=30)
State = Subscription.State


class Busy(Exception):
    """Another import into the newsletter is on its way; the message says so, in the active language."""


@transaction.atomic
def ask(bringing: SubscriberImport, *, by: User | None) -> None:
    """Asks the worker to bring what was looked at. What was asked for before is not asked twice. Raises Busy."""
    Newsletter.objects.select_for_update(no_key=True).get(pk=bringing.newsletter_id)
    row = SubscriberImport.objects.select_for_update(of=("self",)).defer("content").get(pk=bringing.pk)
    if row.asked_at:
        return
    others = SubscriberImport.objects.filter(newsletter=row.newsletter_id, brought_at=None).exclude(asked_at=None).exclude(content=None)
    if other := others.values_list("file_name", flat=True).first():
        raise Busy(_("“{file}” is just being imported into this newsletter. Wait until it is there.").format(file=other))
    row.asked_at, row.left_out = timezone.now(), ""
    row.by = row.by or by
    row.save(update_fields=["asked_at", "left_out", "by"])
    enqueue(GO_ON, row.pk)


@transaction.atomic
def cancel(bringing: SubscriberImport, *, by: User | None) -> bool:
    """Nothing of it stays; the worker takes it back. False once all of it is there."""
    rows = SubscriberImport.objects.filter(pk=bringing.pk, brought_at=None, cancelled_at=None).exclude(asked_at=None)
    if not rows.update(cancelled_at=timezone.now()):
        return False
    log(bringing, "newsletters.cancel_import", user=by)
    enqueue(GO_ON, bringing.pk)
    return True


def bring(bringing: SubscriberImport) -> SubscriberImport:
    """To its end, in this process. A second call changes nothing. Raises Busy, Unreadable."""
    ask(bringing, by=bringing.by)
    _go_on(bringing.pk, float("inf"))
    return SubscriberImport.objects.select_related("newsletter__theme").get(pk=bringing.pk)


def go_on(pk: int) -> None:
    """For the worker: brings, or takes back. Bears any number of repeats and of workers at once: each batch names where it begins."""
    row = SubscriberImport.objects.select_related("by").defer("content").filter(pk=pk).first()
    with translation.override(row.by.language if row and row.by else FALLBACK):
        if not _go_on(pk, time.monotonic() + RUN_SECONDS):
            enqueue(GO_ON, pk)


def go_on_with_all() -> None:
    """By the clock: what a worker that died has left."""
    for pk in SubscriberImport.objects.filter(brought_at=None).exclude(asked_at=None).exclude(content=None).values_list("pk", flat=True):
        go_on(pk)


def forget_files() -> None:
    """A file that was looked at and never brought goes after a day; lines that did not come are kept for 30 days."""
    now = timezone.now()
    SubscriberImport.objects.filter(asked_at=None, brought_at=None, at__lt=now - FILE_KEPT).delete()
    SubscriberImport.objects.filter(brought_at__lt=now - LINES_KEPT).exclude(left_out="").update(left_out="")


def _go_on(pk: int, deadline: float) -> bool:
    """False when the time is over first."""
    row = SubscriberImport.objects.select_related("newsletter__theme").get(pk=pk)
    if row.cancelled_at:
        return take_back(row, deadline)
    done = row.done
    for batch in batches(row, done) if row.is_on_its_way else ():
        if not _bring_batch(row, batch, done):
            return True
        done += len(batch)
        if time.monotonic() > deadline:
            return False
    _finish(row, done)
    return True


@transaction.atomic
def _bring_batch(bringing: SubscriberImport, batch: list[Row], done: int) -> bool:
    """False, and nothing is changed, where another worker has gone on, or somebody has cancelled."""
    # A form that is sent meanwhile waits for the batch.
    Newsletter.objects.select_for_update(no_key=True).get(pk=bringing.newsletter_id)
    row = SubscriberImport.objects.select_for_update(of=("self",)).defer("content", "left_out").get(pk=bringing.pk)
    if row.cancelled_at or row.brought_at or row.done != done:
        return False
    tally = Tally()
    coming, known = sort(bringing.newsletter, batch, tally, holds=True)
    named = _bring_rows(bringing, coming, known)
    news: dict[str, Any] = {name: F(name) + number for name, number in tally.counts.items()}
    if tally.lines:
        news["left_out"] = Concat(F("left_out"), Value(as_texts(tally.lines)))
    if named:
        news["named"] = row.named + named
    SubscriberImport.objects.filter(pk=row.pk).update(**news)
    return True


@transaction.atomic
def _finish(bringing: SubscriberImport, done: int) -> None:
    """All that has come is confirmed at once."""
    Newsletter.objects.select_for_update(no_key=True).get(pk=bringing.newsletter_id)
    row = SubscriberImport.objects.select_for_update(of=("self",)).defer("content", "left_out").get(pk=bringing.pk)
    if row.cancelled_at or row.brought_at or row.done != done:
        return
    now = timezone.now()
    coming = Subscription.objects.filter(brought_by=row, state__in=(State.COMING, State.PENDING))
    coming.update(state=State.CONFIRMED, confirmed_at=now)
    SubscriberImport.objects.filter(pk=row.pk).update(brought_at=now, rows=done, content=None, looked=None, named=[])


def _bring_rows(bringing: SubscriberImport, rows: list[Row], known: Known) -> list[Any]:
    """Whose names were filled in, as `named` keeps them. Who waits for a confirmation keeps the language and the topics that they asked for."""
    if not rows:
        return []
    people, named = _people_of(bringing, rows, known)
    missing = [row for row in rows if people[row.email.lower()].pk not in known.in_force]
    made = Consent.objects.bulk_create(_consent(bringing, people[row.email.lower()], row) for row in missing)
    consents = known.in_force | {consent.person_id: consent for consent in made}
    now = timezone.now()
    pending: list[Subscription] = []
    new: list[Subscription] = []
    for row in rows:
        person = people[row.email.lower()]
        subscription = known.subscriptions.get(person.pk)
        if subscription is None:
            subscription = Subscription(newsletter=bringing.newsletter, person=person, language=row.language, state=State.COMING, asked_at=now)
        subscription.consent, subscription.brought_by = consents[person.pk], bringing
        (pending if subscription.pk else new).append(subscription)
    Subscription.objects.bulk_update(pending, ["consent", "brought_by"])
    Subscription.objects.bulk_create(new)
    _set_topics({subscription.person_id: subscription.pk for subscription in new}, rows, people)
    return named


def _people_of(bringing: SubscriberImport, rows: list[Row], known: Known) -> tuple[dict[str, Person], list[Any]]:
    """By address. Names never overwrite what is known already."""
    newsletter = bringing.newsletter
    new = [
        Person(theme=newsletter.theme, email=row.email, first_name=row.first_name, last_name=row.last_name, language=row.language, from_others=False)
        for row in rows
        if row.email.lower() not in known.people
    ]
    # Somebody may have come by another form since; then theirs is the row.
    Person.objects.bulk_create(new, ignore_conflicts=True)
    people = known.people | {person.email.lower(): person for person in people_at(newsletter, [person.email.lower() for person in new])}
    purposes.hold({people[row.email.lower()] for row in rows}, purposes.usual(newsletter.theme, purposes.NEWSLETTERS), source=bringing.source)
    changed: dict[int, Person] = {}
    named: list[Any] = []
    for row in rows:
        person = people[row.email.lower()]
        for name in ("first_name", "last_name"):
            if (value := getattr(row, name)) and not getattr(person, name):
                setattr(person, name, value)
                changed[person.pk] = person
                named.append([person.pk, name, crc32(value.encode())])
    Person.objects.bulk_update(changed.values(), ["first_name", "last_name"])
    return people, named


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
            (
                choices(subscription_id=pk, **{column: topic})
                for row in rows
                if (pk := subscriptions.get(people[row.email.lower()].pk))
                for topic in getattr(row, name)
            ),
            ignore_conflicts=True,
        )
