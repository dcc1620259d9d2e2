"""A post as the staff see it: its state in words, how it will look, what it will cost, and what became of each of its parts."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from social import counting
from social.models import Click, Delivery, Figure, Post

if TYPE_CHECKING:
    from collections.abc import Collection
    from decimal import Decimal

    from social.models import Variant

State = Delivery.State


@dataclass(frozen=True)
class Part:
    text: str
    length: int
    most: int


@dataclass(frozen=True)
class Look:
    """A variant as it will leave. `problem` says why it cannot."""

    variant: Variant
    parts: list[Part]
    price: Decimal
    problem: str


def look_of(variant: Variant) -> Look:
    rules, has_link = variant.rules, bool(variant.link)
    try:
        texts = variant.parts()
    except ValidationError as error:
        return Look(variant, [_part(rules, variant.text, has_link=has_link)], counting.price("", [], has_link=False), " ".join(error.messages))
    parts = [_part(rules, text, has_link=has_link and number == 0) for number, text in enumerate(texts)]
    return Look(variant, parts, counting.price(rules.network, texts, has_link=has_link), "")


def _part(rules: counting.Rules, text: str, *, has_link: bool) -> Part:
    return Part(text, counting.length(rules, text + (counting.place_of_link() if has_link else "")), rules.most)


def state_of(posts: Collection[Post]) -> None:
    """Gives each its `state_label`. One question."""
    rows = Delivery.objects.filter(variant__post__in=list(posts)).order_by().values_list("variant__post", "state").annotate(number=Count("pk"))
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for post, state, number in rows:
        counts[post][state] += number
    for post in posts:
        post.state_label = words_of(post, counts[post.pk])


def words_of(post: Post, counts: Counter[str]) -> str:
    if post.queued_at is None:
        return _("Waits for approval") if post.asked_at else _("Draft")
    labels = dict(State.choices)
    worst = (State.IN_DOUBT, State.FAILED, State.DEAD, State.CLAIMED, State.WAITING, State.SENT, State.CANCELLED)
    return ", ".join(f"{labels[state]} {counts[state]}" for state in worst if counts[state])


def rows_of(post: Post) -> list[Any]:
    """What stands in the outbox, each with its figures and its clicks."""
    rows = list(Delivery.objects.filter(variant__post=post).select_related("account", "variant").order_by("variant", "part"))
    newest: dict[int, dict[str, int]] = defaultdict(dict)
    for figure in Figure.objects.filter(delivery__in=rows).order_by("day"):
        newest[figure.delivery_id][str(figure.get_kind_display())] = figure.total
    clicks: dict[int, dict[bool, int]] = defaultdict(lambda: {True: 0, False: 0})
    for delivery, rule, number in Click.objects.filter(delivery__in=rows).values_list("delivery", "rule").annotate(sum=Sum("number")):
        clicks[delivery][rule == "person"] += number
    for row in rows:
        row.told, row.people, row.machines = newest[row.pk], clicks[row.pk][True], clicks[row.pk][False]  # type: ignore[attr-defined]
    return rows
