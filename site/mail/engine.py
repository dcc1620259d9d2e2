"""The engine: claims what is due, fills the slots, hands over, settles. Runs in the worker, several at once if need be."""

from __future__ import annotations

import logging
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from email.utils import formatdate
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from base.tasks import enqueue
from mail import ledger, links, slots, throttle
from mail.addresses import BadAddress, on_the_wire
from mail.inbound import verp
from mail.message import domain_of
from mail.models import Delivery, Variant
from mail.slots import FrozenMessage
from mail.transports import Copy, Kind, Outcome, open_transport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from mail.transports import Transport

    Result = tuple[Delivery, Outcome]

log = logging.getLogger(__name__)
# Of one run. django-q2 stops a task after 300 s; the slowest message takes a few time-outs of the transport.
RUN_SECONDS = 120
BATCH = 500
# Of a worker that has more to send than it can claim at once.
LANES = 2
# On the wire at once, and so as many can fall into doubt when a worker dies: what leaves in a twentieth of a second, beginning with CHUNK.
CHUNK, LEAST_CHUNK, MOST_CHUNK = 20, 10, 50
CHUNK_AIM = 0.05
# A chunk ends early, so that it is settled within its lease.
CHUNK_SECONDS = 25
WHEN_DOWN = timedelta(seconds=60)
DATABASE_PAUSE = 0.5
# For a domain's turn. What takes longer is the next sweep's.
SHORTEST_WAIT, LONGEST_WAIT = 0.05, 10.0


def deliver_now(mailing_id: int | None = None) -> None:
    """Sends until nothing is due, or for two minutes, and then asks for another run. Single messages go first.

    Bears any number of repeats and of workers at once: the ledger decides who sends what.
    """
    if send_due(mailing_id, time.monotonic() + RUN_SECONDS, lanes=LANES):
        enqueue("mail.engine.deliver_now", *([mailing_id] if mailing_id else []))
    ledger.finish_mailings()


def send_due(mailing_id: int | None, deadline: float, *, lanes: int) -> bool:
    """Whether it ended for want of time.

    Where there is more than one claim takes, a second lane is opened beside, with a connection of its own to the database and to the relay: while the
    one waits for the ledger to be on disk, the other sends. Not on SQLite, which has one writer at a time.
    """
    with ExitStack() as stack, open_transport() as transport:
        run, beside = Run(transport, deadline), list[Future[bool]]()
        while rows := claim(run, mailing_id):
            if len(rows) == BATCH and not beside and lanes > 1 and connection.features.has_select_for_update_skip_locked:
                pool = stack.enter_context(ThreadPoolExecutor(lanes - 1))
                beside = [pool.submit(lane, mailing_id, deadline) for _ in range(lanes - 1)]
            if not run.send(rows):
                break
        return any([run.is_out_of_time, *(one.result() for one in beside)])


def lane(mailing_id: int | None, deadline: float) -> bool:
    try:
        return send_due(mailing_id, deadline, lanes=1)
    finally:
        connection.close()


def claim(run: Run, mailing_id: int | None) -> list[Delivery]:
    """What is due; where only domains are left that take no more at present, it waits for their turn, unless that is far."""
    while not (rows := ledger.claim(limit=BATCH, mailing_id=mailing_id)):
        pause = throttle.seconds_until_more(mailing_id)
        if pause is None or pause > LONGEST_WAIT or time.monotonic() + pause >= run.deadline:
            break
        time.sleep(max(pause, SHORTEST_WAIT))
    return rows


def sweep() -> None:
    """Once a minute: takes back what dead workers held, and sends what has become due."""
    back, doubtful = ledger.release_expired()
    if back or doubtful:
        log.warning("Leases ran out: %d copies wait again, %d are in doubt.", back, doubtful)
    if Delivery.objects.claimable().exists():
        deliver_now()
    else:
        ledger.finish_mailings()


class Run:
    """One run over one transport. `send` returns False when it makes no sense to claim more."""

    def __init__(self, transport: Transport, deadline: float) -> None:
        self.transport = transport
        self.deadline = deadline
        self.is_out_of_time = False
        self.chunk = CHUNK
        self.variants: dict[int, Template] = {}
        self.begun: set[int] = set()
        self.untold: list[Delivery] = []
        self.from_domain = domain_of(settings.DEFAULT_FROM_EMAIL)

    def send(self, rows: list[Delivery]) -> bool:
        """A chunk is settled and the next one marked as on the wire in one transaction; the last one settles all that the streams hear."""
        left = iter(rows)
        results: list[Result] = []
        while chunk := list(islice(left, self.chunk)):
            held, before = self.settle_and_mark(results, chunk), time.monotonic()
            results = self._send_chunk(held)
            taken = max(time.monotonic() - before, 0.001)
            self.chunk = min(max(round(len(held) * CHUNK_AIM / taken), LEAST_CHUNK), MOST_CHUNK)
            is_down = any(outcome.is_down for _, outcome in results)
            self.is_out_of_time = time.monotonic() >= self.deadline
            if is_down or self.is_out_of_time:
                self.settle_and_mark(results, [])
                ledger.release(list(left), due_at=timezone.now() + (WHEN_DOWN if is_down else timedelta(0)))
                return False
        self.settle_and_mark(results, [])
        return True

    def settle_and_mark(self, results: Sequence[Result], chunk: Sequence[Delivery]) -> list[Delivery]:
        """What is known must be written down, or it would stand as in doubt: a database that went away is waited for, as long as the lease lasts.

        When nothing is marked, the streams are told of all that was sent since they last were: a worker that dies before leaves copies
        under lease, by which `ledger.release_expired` knows that they were not.
        """
        end = time.monotonic() + ledger.LEASE.total_seconds()
        while True:
            sent: list[Delivery] = []
            try:
                with transaction.atomic():
                    if results:
                        ledger.settle(results, untold=sent)
                    held = ledger.mark_in_flight(chunk)
                    if not held:
                        ledger.tell_streams([*self.untold, *sent])
            except (OperationalError, InterfaceError):
                connection.close()
                if not results or time.monotonic() > end:
                    raise
                log.warning("The database does not answer; %d results wait to be written down.", len(results))
                time.sleep(DATABASE_PAUSE)
            else:
                self.untold = [*self.untold, *sent] if held else []
                return held

    def _send_chunk(self, held: list[Delivery]) -> list[Result]:
        """If something breaks, what the transport had begun is in doubt, and the rest is as it was."""
        results: list[Result] = []
        self.begun.clear()
        try:
            for result in self._outcomes(held):
                results.append(result)
        except BaseException:
            known = self.begun | {row.pk for row, _ in results}
            untouched = [row for row in held if row.pk not in known]
            self.settle_and_mark([*results, *((row, Outcome(Kind.NOT_TRIED)) for row in untouched)], [])
            raise
        return results

    def _outcomes(self, rows: list[Delivery]) -> Iterator[Result]:
        """Those that cannot be written at all come first."""
        end = time.monotonic() + CHUNK_SECONDS
        waiting: list[tuple[Delivery, str]] = []
        for row in rows:
            try:
                waiting.append((row, on_the_wire(row.address)))
            except BadAddress as error:
                yield row, Outcome(Kind.FAILED, str(error))
        is_over, is_down, done = False, False, 0

        def copies() -> Iterator[Copy]:
            for row, recipient in waiting:
                if is_over:
                    return
                copy = self._copy(row, recipient)
                self.begun.add(row.pk)
                yield copy

        for outcome in self.transport.send_all(copies()):
            yield waiting[done][0], outcome
            done += 1
            is_down = is_down or outcome.is_down
            is_over = is_down or time.monotonic() > end
        not_tried = Outcome(Kind.NOT_TRIED, wait=WHEN_DOWN if is_down else timedelta(0))
        yield from ((row, not_tried) for row, _ in waiting[done:])

    def _copy(self, row: Delivery, recipient: str) -> Copy:
        sender = verp.return_path(row.pk)
        if row.mime is not None:
            return Copy(row, sender, recipient, bytes(row.mime))
        assert row.variant_id is not None  # noqa: S101 — for mypy: a_delivery_has_a_variant_or_its_own_message
        if row.variant_id not in self.variants:
            mime, base_url = Variant.objects.values_list("mime", "mailing__base_url").get(pk=row.variant_id)
            self.variants[row.variant_id] = Template(bytes(mime), base_url, self.from_domain)
        template = self.variants[row.variant_id]
        return Copy(row, sender, recipient, template=template.frozen, values=template.values_for(row, recipient))


class Template:
    """A variant's bytes, and for each of its slots what makes the value. The values are the same at every attempt, but for the date."""

    def __init__(self, mime: bytes, base_url: str, from_domain: str) -> None:
        self.frozen = FrozenMessage(slots.with_click_starts(mime, lambda number: links.click_start(number, base_url)))
        self.makers = {name: _maker(name, from_domain) for name in self.frozen.names}

    def values_for(self, row: Delivery, recipient: str) -> dict[str, str]:
        return {name: maker(row, recipient) for name, maker in self.makers.items()}


def _maker(name: str, from_domain: str) -> Callable[[Delivery, str], str]:
    match name:
        case "address":
            return lambda _, recipient: recipient
        case "message-id":
            return lambda row, _: verp.message_id(row.pk, from_domain)
        case "date":
            return lambda *_: _date(int(time.time()))
        case "click-token":
            return lambda row, _: f"{links.token(links.CLICK, row)}/"
        case "unsubscribe-token":
            return lambda row, _: links.token(links.UNSUBSCRIBE, row)
        case "preferences-token":
            return lambda row, _: links.token(links.PREFERENCES, row)
    raise ValueError(f"No slot is called {name!r}.")


@lru_cache(maxsize=4)
def _date(second: int) -> str:
    return formatdate(second)
