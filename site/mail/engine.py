"""The engine: claims what is due, fills the slots, hands over, settles. Runs in the worker, several at once if need be."""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from email.utils import formatdate
from itertools import islice
from typing import TYPE_CHECKING

from django.utils import timezone

from base.tasks import enqueue
from mail import ledger, links, slots
from mail.addresses import BadAddress, on_the_wire
from mail.inbound import verp
from mail.message import sender_of
from mail.models import Delivery, Variant
from mail.slots import FrozenMessage
from mail.transports import Kind, Outcome, open_transport

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mail.transports import Transport

log = logging.getLogger(__name__)
# Of one run. django-q2 stops a task after 300 s; the slowest message takes a few time-outs of the transport.
RUN_SECONDS = 120
BATCH = 500
# As many can fall into doubt when a worker dies.
CHUNK = 20
# A chunk ends early, so that it is settled within its lease.
CHUNK_SECONDS = 25
WHEN_DOWN = timedelta(seconds=60)


def deliver_now(mailing_id: int | None = None) -> None:
    """Sends until nothing is due, or for two minutes, and then asks for another run. Single messages go first.

    Bears any number of repeats and of workers at once: the ledger decides who sends what.
    """
    with open_transport() as transport:
        run = Run(transport, time.monotonic() + RUN_SECONDS)
        while rows := ledger.claim(limit=BATCH, mailing_id=mailing_id):
            if not run.send(rows):
                break
    ledger.finish_mailings()
    if run.is_out_of_time:
        enqueue("mail.engine.deliver_now", *([mailing_id] if mailing_id else []))


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
        # With where the links of its mailing begin.
        self.variants: dict[int, tuple[FrozenMessage, str]] = {}
        self.sender = sender_of()

    def send(self, rows: list[Delivery]) -> bool:
        left = iter(rows)
        while chunk := list(islice(left, CHUNK)):
            is_down = self._send_chunk(chunk)
            self.is_out_of_time = time.monotonic() >= self.deadline
            if is_down or self.is_out_of_time:
                ledger.release(left, due_at=timezone.now() + (WHEN_DOWN if is_down else timedelta(0)))
                return False
        return True

    def _send_chunk(self, rows: list[Delivery]) -> bool:
        """True when the transport is down. If something breaks, one row is in doubt, and the rest is as it was."""
        held = ledger.mark_in_flight(rows)
        results: list[tuple[Delivery, Outcome]] = []
        try:
            for row, outcome in self._outcomes(held):
                results.append((row, outcome))  # One by one: what is known so far must survive an error.
        except BaseException:
            results += [(row, Outcome(Kind.NOT_TRIED)) for row in held[len(results) + 1 :]]
            raise
        finally:
            ledger.settle(results)
        return any(outcome.is_down for _, outcome in results)

    def _outcomes(self, rows: list[Delivery]) -> Iterator[tuple[Delivery, Outcome]]:
        end = time.monotonic() + CHUNK_SECONDS
        not_tried: Outcome | None = None
        for row in rows:
            outcome = not_tried or self._send_one(row)
            yield row, outcome
            if outcome.is_down:
                not_tried = Outcome(Kind.NOT_TRIED, wait=WHEN_DOWN)
            elif time.monotonic() > end:
                not_tried = Outcome(Kind.NOT_TRIED)

    def _send_one(self, row: Delivery) -> Outcome:
        try:
            recipient = on_the_wire(row.address)
        except BadAddress as error:
            return Outcome(Kind.FAILED, str(error))
        mime = bytes(row.mime) if row.mime is not None else self._copy(row, recipient)
        return self.transport.send(row, self.sender, recipient, mime)

    def _copy(self, row: Delivery, recipient: str) -> bytes:
        assert row.variant_id is not None  # noqa: S101 — for mypy: a_delivery_has_a_variant_or_its_own_message
        if row.variant_id not in self.variants:
            mime, base_url = Variant.objects.values_list("mime", "mailing__base_url").get(pk=row.variant_id)
            self.variants[row.variant_id] = FrozenMessage(bytes(mime)), base_url
        frozen, base_url = self.variants[row.variant_id]
        return frozen.fill({name: slot_value(name, row, recipient, self.sender, base_url) for name in frozen.names})


def slot_value(name: str, row: Delivery, recipient: str, sender: str, base_url: str = "") -> str:
    """What stands in a slot of this copy. The same at every attempt, but for the date."""
    if is_click := slots.CLICK.fullmatch(name):
        return links.click_url(row, int(is_click[1]), base_url)
    match name:
        case "address":
            return recipient
        case "message-id":
            return verp.message_id(row.pk, sender.rpartition("@")[2])
        case "date":
            return formatdate()
        case "unsubscribe-token":
            return links.token(links.UNSUBSCRIBE, row)
        case "preferences-token":
            return links.token(links.PREFERENCES, row)
    raise ValueError(f"No slot is called {name!r}.")
