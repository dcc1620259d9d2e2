"""What became of a mailing's copies, counted by the database: each function is one query, whatever the number of copies.

Figures stand by *place*: the variant that a copy is of, and the domain that received it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Case, Count, IntegerField, Min, OuterRef, Subquery, When

from mail.models import Bounce, Click, Delivery, Variant

if TYPE_CHECKING:
    from mail.models import Mailing

# What came back of one copy more than once counts once, as the first of these that is among it.
HARD, ABOUT_US, SOFT = 1, 2, 3


class Place(NamedTuple):
    """`domain` is "" where an address has been erased."""

    variant: int
    domain: str


class CameBack(NamedTuple):
    """`was_sent`: the server had taken the copy first. Else it was refused in the session, and the copy stands as failed."""

    place: Place
    kind: int
    was_sent: bool
    number: int


class LinkClicks(NamedTuple):
    """`by_rule` are machines' alone, by the name of the rule that decided."""

    people: int
    by_rule: dict[str, int]


def copies(mailing: Mailing) -> dict[tuple[Place, str], int]:
    """By place and state."""
    rows = Delivery.objects.filter(mailing=mailing).order_by().values_list("variant", "domain", "state").annotate(number=Count("pk"))
    return {(Place(variant or 0, domain), state): number for variant, domain, state, number in rows}


def came_back(mailing: Mailing) -> list[CameBack]:
    """Copies, each once, by what is worst among their bounces."""
    found = Bounce.objects.came_back().filter(at__gte=mailing.frozen_at)
    rank = Case(When(is_about_us=True, then=ABOUT_US), When(kind=Bounce.Kind.HARD, then=HARD), default=SOFT, output_field=IntegerField())
    worst = found.filter(delivery=OuterRef("pk")).order_by().values("delivery").annotate(rank=Min(rank)).values("rank")
    rows = Delivery.objects.filter(mailing=mailing, pk__in=found.values("delivery")).annotate(rank=Subquery(worst))
    counted = rows.order_by().values_list("variant", "domain", "rank", "state").annotate(number=Count("pk"))
    return [CameBack(Place(variant or 0, domain), rank, state == Delivery.State.SENT, number) for variant, domain, rank, state, number in counted]


def reports(mailing: Mailing) -> dict[str, int]:
    """Copies that were complained of, and copies that a machine answered; they were delivered."""
    kinds = (Bounce.Kind.COMPLAINT, Bounce.Kind.AUTO_REPLY)
    rows = Bounce.objects.filter(delivery__mailing=mailing, kind__in=kinds, is_proven=True, at__gte=mailing.frozen_at)
    return dict(rows.order_by().values_list("kind").annotate(number=Count("delivery", distinct=True)))


def clicks(mailing: Mailing) -> dict[int, LinkClicks]:
    """By link: a person's click on one link of a copy is one row, however often it is followed."""
    rows = Click.objects.filter(link__mailing=mailing).order_by().values_list("link", "is_human", "rule").annotate(number=Count("pk"))
    found: dict[int, LinkClicks] = {}
    for link, is_human, rule, number in rows:
        before = found.get(link, LinkClicks(0, {}))
        found[link] = LinkClicks(before.people + number, before.by_rule) if is_human else before._replace(by_rule=before.by_rule | {rule: number})
    return found


def clickers(mailing: Mailing) -> dict[Place, int]:
    """Copies of which a person followed a link, whatever the number of links."""
    rows = Click.objects.filter(link__mailing=mailing, is_human=True).order_by()
    counted = rows.values_list("delivery__variant", "delivery__domain").annotate(number=Count("delivery", distinct=True))
    return {Place(variant or 0, domain): number for variant, domain, number in counted}


def variants(mailing: Mailing) -> dict[int, tuple[str, str]]:
    """The language and the segment of each, without their bytes."""
    return {pk: (language, segment) for pk, language, segment in Variant.objects.filter(mailing=mailing).values_list("pk", "language", "segment")}
