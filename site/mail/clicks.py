"""Clicks: which are a person's. The rules are published in docs, and every click keeps the name of the rule that decided.

The user agent is looked at and forgotten; no address of a reader is read at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from base.machines import LONGEST_AGENT, is_machines_name
from mail import streams, summing
from mail.models import Click, Delivery, Link

if TYPE_CHECKING:
    from datetime import datetime

# Scanners follow links while the mail is on its way or within moments of its arrival.
TOO_SOON = timedelta(seconds=2)
# Every link of a copy within so little time is nobody's reading, from three links on.
SWEEP_WITHIN = timedelta(seconds=5)
SWEEP_LINKS = 3


class Rule(StrEnum):
    PERSON = "person"
    NO_AGENT = "no_user_agent"
    CRAWLER = "crawler"
    PREFETCH = "prefetch"
    TOO_SOON = "too_soon"
    ALL_LINKS = "all_links"


@dataclass(frozen=True)
class Visit:
    """What the rules look at."""

    user_agent: str
    is_prefetch: bool
    at: datetime


@transaction.atomic
def record(delivery: Delivery, link: Link, visit: Visit) -> Click | None:
    """Writes the click down, and tells the stream of a person's first. None for a repeat, which counts nothing."""
    click = _write(delivery, link, visit)
    if click:
        summing.touch("clicks_version", delivery.mailing_id)
    return click


def _write(delivery: Delivery, link: Link, visit: Visit) -> Click | None:
    rule = _rule_for(delivery, link, visit)
    if rule is Rule.ALL_LINKS:
        _revoke(delivery, visit.at)
    if rule is not Rule.PERSON:
        click, is_new = Click.objects.get_or_create(delivery=delivery, link=link, rule=rule, is_human=False, defaults={"at": visit.at})
        return click if is_new else None
    try:
        with transaction.atomic():
            click = Click.objects.create(delivery=delivery, link=link, at=visit.at, is_human=True, rule=rule)
    except IntegrityError:
        return None
    # An erased person's copy is nobody's.
    on_click = streams.get(delivery.stream).on_click
    if on_click and delivery.recipient_key:
        on_click(click)
    return click


def _rule_for(delivery: Delivery, link: Link, visit: Visit) -> Rule:
    if not visit.user_agent.strip():
        return Rule.NO_AGENT
    if is_machines_name(visit.user_agent[:LONGEST_AGENT]):
        return Rule.CRAWLER
    if visit.is_prefetch:
        return Rule.PREFETCH
    if _is_too_soon(delivery, visit.at):
        return Rule.TOO_SOON
    if _completes_a_sweep(delivery, link, visit.at):
        return Rule.ALL_LINKS
    return Rule.PERSON


def _is_too_soon(delivery: Delivery, at: datetime) -> bool:
    """A copy that a worker still holds is being scanned by the server that takes it."""
    if delivery.state == Delivery.State.CLAIMED:
        return True
    return delivery.state == Delivery.State.SENT and delivery.settled_at is not None and at - delivery.settled_at < TOO_SOON


def _completes_a_sweep(delivery: Delivery, link: Link, at: datetime) -> bool:
    recent = delivery.clicks.filter(at__gte=at - SWEEP_WITHIN).exclude(link=link)
    others = set(recent.values_list("link", flat=True))
    return len(others) + 1 >= SWEEP_LINKS and len(others) + 1 >= Link.objects.filter(mailing=delivery.mailing_id).count()


def _revoke(delivery: Delivery, at: datetime) -> None:
    """The sweep's first clicks looked like a person's: they are a machine's too."""
    taken = list(delivery.clicks.filter(is_human=True, at__gte=at - SWEEP_WITHIN))
    Click.objects.filter(pk__in=[click.pk for click in taken]).update(is_human=False, rule=Rule.ALL_LINKS)
    on_revoked = streams.get(delivery.stream).on_clicks_revoked
    if taken and on_revoked:
        on_revoked(taken)


def visit(user_agent: str, purpose: str) -> Visit:
    """`purpose` is what the `Sec-Purpose`, `Purpose` or `X-Moz` header says."""
    return Visit(user_agent, "prefetch" in purpose.lower() or "preview" in purpose.lower(), timezone.now())
