"""The delivery ledger: who may change a row's state, and the sums that must balance.

Every change names the state and the lease it expects, so that a worker that was thought dead and comes back changes
nothing it does not own any more. Replies are kept without the address.
"""

from __future__ import annotations

import random
import re
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Exists, Min, OuterRef, Q
from django.utils import timezone
from wagtail.log_actions import log

from base.tasks import enqueue
from mail import flights, streams, suppression, throttle
from mail.balance import Balance, balance, balances
from mail.inbound import applying
from mail.models import Bounce, Delivery, Mailing, Suppression
from mail.transports import Kind, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from django.db.models import QuerySet

    from base.models import User

__all__ = [
    "Balance",
    "balance",
    "balances",
    "claim",
    "finish_mailings",
    "mark_in_flight",
    "pause",
    "release",
    "release_expired",
    "resolve_doubt",
    "retry_failed",
    "settle",
    "tell_streams",
]

LEASE = timedelta(seconds=60)
# What was claimed at once is sent, or given back, well before.
LONGEST_CLAIM = 5 * LEASE
TOLD_AT_ONCE = 1_000
GIVE_UP_AFTER = timedelta(hours=48)
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=4)
NOT_READ = ("subject", "thread", "reply", "due_at", "is_merged", "created_at", "settled_at")
State = Delivery.State
AFTER = {
    Kind.SENT: State.SENT,
    Kind.FAILED: State.FAILED,
    Kind.IN_DOUBT: State.IN_DOUBT,
    Kind.DEFERRED: State.WAITING,
    Kind.NOT_TRIED: State.WAITING,
}


def claim(*, limit: int = 500, mailing_id: int | None = None) -> list[Delivery]:
    """Up to `limit` due rows, leased to the caller; none when nothing is due. Single messages go before mailings.

    Suppressed addresses are settled on the way and not returned. With `mailing_id`, single messages still come first. Fields of NOT_READ are not
    read: a mailing's rows are many.
    """
    going = Mailing.objects.filter(finished_at=None, paused_at=None).filter(Q(pk=mailing_id) if mailing_id else Q())
    busy = Q(domain__in=throttle.busy())
    due = Delivery.objects.claimable()
    singles = due.filter(mailing__isnull=True).in_turn()
    for scope in (singles, due.filter(Q(mailing__in=list(going.values_list("pk", flat=True))) & ~busy)):
        while taken := _take(scope, limit):
            if rows := _without_suppressed(taken):
                return rows
    return []


@transaction.atomic
def _take(scope: QuerySet[Delivery], limit: int) -> list[Delivery]:
    """PostgreSQL skips rows that another worker is taking; on SQLite the transaction is IMMEDIATE, so there is none."""
    due = scope.order_by("due_at", "pk")
    # Single messages wait for no limit: somebody waits for them.
    rows = list(due.select_for_update(skip_locked=True, of=("self",)).defer(*NOT_READ)[:limit])
    rows = throttle.admit([row for row in rows if row.mailing_id]) + [row for row in rows if not row.mailing_id]
    lease = timezone.now() + LEASE
    Delivery.objects.filter(pk__any_of=[row.pk for row in rows]).update(state=State.CLAIMED, lease_until=lease)
    for row in rows:
        row.state, row.lease_until = State.CLAIMED, lease
    return rows


def _without_suppressed(rows: list[Delivery]) -> list[Delivery]:
    refused: set[int] = set()
    for suppressible, reasons in ((True, Suppression.Reason.values), (False, suppression.UNREACHABLE)):
        asked = [row for row in rows if streams.get(row.stream).suppressible is suppressible]
        listed = suppression.suppressed_among((row.address for row in asked), reasons) if asked else set()
        refused |= {row.pk for row in asked if row.address in listed}
    if refused:
        Delivery.objects.filter(pk__in=refused, state=State.CLAIMED, lease_until=rows[0].lease_until).update(
            state=State.SUPPRESSED, settled_at=timezone.now(), lease_until=None
        )
    return [row for row in rows if row.pk not in refused]


def waiting_mailings(recipient_key: UUID) -> list[int]:
    """Of which mailings a copy to the recipient waits here."""
    states = Delivery.objects.filter(recipient_key=recipient_key).values_list("mailing_id", "state")
    return [mailing for mailing, state in states if mailing and state == State.WAITING]


def withhold(*, mailing_ids: Iterable[int], recipient_key: UUID) -> int:
    """The recipient has left: copies that no worker has taken yet stay here, as suppressed. Returns how many."""
    # By the recipient first: told of both at once, SQLite reads all of a mailing's copies that wait.
    own = dict(Delivery.objects.filter(recipient_key=recipient_key).values_list("pk", "mailing_id"))
    wanted = set(mailing_ids)
    waiting = Delivery.objects.filter(pk__in=[pk for pk, mailing in own.items() if mailing in wanted], state=State.WAITING)
    return waiting.update(state=State.SUPPRESSED, settled_at=timezone.now())


def release(rows: Sequence[Delivery], *, due_at: datetime) -> None:
    """Gives back what was claimed and not tried, of one claim."""
    if rows:
        claimed = Delivery.objects.filter(pk__in=[row.pk for row in rows], state=State.CLAIMED, lease_until=rows[0].lease_until)
        claimed.update(state=State.WAITING, due_at=due_at, lease_until=None)


def mark_in_flight(rows: Sequence[Delivery]) -> list[Delivery]:
    """Of one claim's rows, those that are still the caller's, now marked as on the wire, with a fresh lease.

    Committed before the first byte leaves: a crash from here on shows as in doubt.
    """
    return flights.take_off(rows, lease=LEASE)


@transaction.atomic(savepoint=False)
def settle(results: Sequence[tuple[Delivery, Outcome]], *, untold: list[Delivery] | None = None) -> list[Delivery]:
    """Writes down what came of rows in flight, and tells their streams of what was sent. Returns the rows that were settled.

    With `untold`, what was sent is added to it, and the caller tells. A row that fell into doubt meanwhile is settled too, if nobody has
    taken it since: knowing is better than doubting.
    """
    now = timezone.now()
    groups: dict[tuple[Kind, datetime | None], list[tuple[Delivery, Outcome]]] = {}
    for row, outcome in results:
        groups.setdefault((_kind(row, outcome, now), row.lease_until), []).append((row, outcome))
    held: list[tuple[Delivery, Outcome]] = []
    for (kind, lease), group in groups.items():
        held += _settle_as(kind, lease, group, now)
    flights.land(row for row, _ in results)
    applying.record_refusals(held)
    throttle.note(held)
    sent = [row for row, outcome in held if outcome.kind is Kind.SENT]
    if untold is None:
        tell_streams(sent)
    else:
        untold += sent
    return [row for row, _ in held]


def _kind(row: Delivery, outcome: Outcome, now: datetime) -> Kind:
    """A deferral that has gone on for two days is a failure."""
    if outcome.kind is Kind.DEFERRED and row.trying_since and now - row.trying_since >= GIVE_UP_AFTER:
        return Kind.FAILED
    return outcome.kind


def _settle_as(kind: Kind, lease: datetime | None, results: list[tuple[Delivery, Outcome]], now: datetime) -> list[tuple[Delivery, Outcome]]:
    """One UPDATE for all results of a kind. The rows in memory are changed alike, for the streams to read. Returns those that were the caller's."""
    for row, outcome in results:
        row.reply = _without_address(outcome.reply, row.address)
        row.state = AFTER[kind]
        row.settled_at = None if row.state == State.WAITING else now
        row.due_at = now + (pause(row.attempts) if kind is Kind.DEFERRED else outcome.wait)
    mine = _write([row for row, _ in results], lease, now, is_attempt=kind is not Kind.NOT_TRIED) if lease else set()
    held = [(row, outcome) for row, outcome in results if row.pk in mine]
    if AFTER[kind] == State.WAITING:
        # An answer that came after the doubt: with nothing else open the mailing was taken for finished.
        Mailing.objects.filter(pk__in={row.mailing_id for row, _ in held}).exclude(finished_at=None).update(finished_at=None)
    return held


WRITE = """
WITH news ({names}) AS ({rows})
UPDATE mail_delivery SET {changes} FROM news
WHERE mail_delivery.id = news.id AND mail_delivery.lease_until = %s AND mail_delivery.state IN (%s, %s)
RETURNING mail_delivery.id
"""
TYPES = {"id": "bigint", "reply": "text", "due_at": "timestamptz"}
FOR_ALL = ("state = %s", "settled_at = %s", "lease_until = NULL")
ATTEMPT = ("attempts = mail_delivery.attempts + 1", "trying_since = COALESCE(mail_delivery.trying_since, %s)")


def _write(rows: list[Delivery], lease: datetime, now: datetime, *, is_attempt: bool) -> set[int]:
    """Rows that go to one state, in one statement: with the ORM's CASE it costs ten times as much. Returns those that were still the caller's."""
    adapt = connection.ops.adapt_datetimefield_value
    columns: dict[str, list[object]] = {"id": [row.pk for row in rows], "reply": [row.reply for row in rows]}
    if rows[0].state == State.WAITING:
        columns["due_at"] = [adapt(row.due_at) for row in rows]
    changes = [*(f"{name} = news.{name}" for name in columns if name != "id"), *FOR_ALL, *(ATTEMPT if is_attempt else ())]
    if connection.vendor == "postgresql":
        # A value for each column, and not for each field.
        arrays = ", ".join(f"%s::{TYPES[name]}[]" for name in columns)
        listed, news = f"SELECT * FROM unnest({arrays})", list(columns.values())  # noqa: S608 — the names are ours
    else:
        line = f"({', '.join(['%s'] * len(columns))})"
        listed, news = f"VALUES {', '.join([line] * len(rows))}", [value for fields in zip(*columns.values(), strict=True) for value in fields]
    statement = WRITE.format(names=", ".join(columns), rows=listed, changes=", ".join(changes))
    told = [rows[0].state, adapt(rows[0].settled_at), *([adapt(now)] if is_attempt else [])]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*news, *told, adapt(lease), State.CLAIMED, State.IN_DOUBT])
        return {number for (number,) in cursor.fetchall()}


def pause(attempts: int) -> timedelta:
    """Doubles with each attempt up to four hours, give or take a fifth, so that the deferred do not come back all at once."""
    doublings = max(min(attempts, 20) - 1, 0)
    whole = min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)
    spread: float = random.uniform(0.8, 1.2)  # noqa: S311 — spreads load, guards nothing
    return whole * spread


def _without_address(reply: str, address: str) -> str:
    if address and address.lower() in reply.lower():
        reply = re.sub(re.escape(address), "…", reply, flags=re.IGNORECASE)
    return " ".join(reply.split())[:500]


def tell_streams(sent: Sequence[Delivery]) -> None:
    for key in sorted({row.stream for row in sent}):
        if on_sent := streams.get(key).on_sent:
            on_sent([row for row in sent if row.stream == key])


@transaction.atomic
def release_expired() -> tuple[int, int]:
    """How many went back to waiting, and how many are in doubt. An in-doubt row keeps its lease: see `settle`."""
    now = timezone.now()
    going = Mailing.objects.filter(finished_at=None)
    # By the index of states.
    over = Delivery.objects.filter(
        Q(mailing__in=list(going.values_list("pk", flat=True))) | Q(mailing=None), state=State.CLAIMED, lease_until__lt=now
    )
    _tell_again(over)
    doubtful = flights.lose_expired(now)
    return flights.take_back(over, to=State.WAITING), doubtful


def _tell_again(over: QuerySet[Delivery]) -> None:
    """A worker that died tells nobody of what its last claim had sent. Streams bear to be told twice."""
    for mailing, first in over.filter(mailing__isnull=False).order_by().values_list("mailing").annotate(first=Min("lease_until")):
        sent = Delivery.objects.filter(mailing=mailing, state=State.SENT, settled_at__gte=first - LONGEST_CLAIM).order_by("pk")
        rows = sent.iterator(TOLD_AT_ONCE)
        while some := list(islice(rows, TOLD_AT_ONCE)):
            tell_streams(some)


def finish_mailings() -> int:
    """Marks the mailings of which nothing is open any more."""
    still_open = Exists(Delivery.objects.open().filter(mailing=OuterRef("pk")))
    return Mailing.objects.filter(~still_open, finished_at=None).update(finished_at=timezone.now())


@transaction.atomic
def retry_failed(mailing: Mailing, by: User | None) -> int:
    """Queues the failed copies again, as if never tried; addresses that bounced are caught when claimed. Returns how many."""
    failed = Delivery.objects.filter(mailing=mailing, state=State.FAILED).exclude(address="")
    # What was refused is asked again, and the new answer counts.
    Bounce.objects.filter(delivery__in=failed, source=Bounce.Source.SESSION).delete()
    count = failed.update(state=State.WAITING, due_at=timezone.now(), attempts=0, trying_since=None, settled_at=None, lease_until=None)
    if count:
        Mailing.objects.filter(pk=mailing.pk).update(finished_at=None)
        log(mailing, "mail.retry_failed", user=by, data={"copies": count})
        enqueue("mail.engine.deliver_now", mailing.pk)
    return count


@transaction.atomic
def resolve_doubt(delivery: Delivery, *, sent: bool, by: User | None) -> bool:
    """A person's word on a row in doubt: it arrived, or it failed and may be retried. False if it is not in doubt any more."""
    state = State.SENT if sent else State.FAILED
    doubtful = Delivery.objects.filter(pk=delivery.pk, state=State.IN_DOUBT)
    if not doubtful.update(state=state, settled_at=timezone.now(), lease_until=None):
        return False
    delivery.refresh_from_db()
    log(delivery.mailing or delivery, "mail.resolve_doubt", user=by, title=f"#{delivery.pk}", data={"delivery": delivery.pk, "sent": sent})
    if sent:
        tell_streams([delivery])
    return True
