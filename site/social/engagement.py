"""What comes back of posts: the networks' sums, asked for within each account's budget, become tallies of days.

A network tells sums, which also fall: a like is taken back. A day gets what its sum stands above the highest of the days before it, so that the days
together say how high the sum has ever stood at a day's end, and nothing is counted twice however often it is asked.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Max
from django.utils import timezone

from contacts import outreach
from contacts.models import Tally
from social import engine
from social.models import Account, Delivery, Figure
from social.networks.wire import Problem
from social.sealing import Locked

if TYPE_CHECKING:
    from social.networks.wire import Figures

log = logging.getLogger(__name__)
# How long a post is asked about, and how often: reading costs money on X.
ASKED_FOR = timedelta(days=30)
FRESH = timedelta(days=2)
TALLIED = {
    Figure.Kind.IMPRESSIONS: Tally.Kind.IMPRESSION,
    Figure.Kind.LIKES: Tally.Kind.ENGAGEMENT,
    Figure.Kind.REPOSTS: Tally.Kind.ENGAGEMENT,
    Figure.Kind.REPLIES: Tally.Kind.ENGAGEMENT,
}


def ask_for_figures() -> int:
    """Each hour: of posts of two days, and once a day of those of thirty. Returns how many posts were told of."""
    now = timezone.localtime()
    since = now - (ASKED_FOR if now.hour == 3 else FRESH)
    by_account: dict[int, list[Delivery]] = defaultdict(list)
    rows = Delivery.objects.filter(state=Delivery.State.SENT, sent_at__gte=since, account__in=Account.objects.working(now)).exclude(remote_id="")
    for row in rows.select_related("account", "variant__post"):
        by_account[row.account_id].append(row)
    return sum(_ask(some) for some in by_account.values())


def _ask(rows: list[Delivery]) -> int:
    account, told = rows[0].account, 0
    try:
        network = account.speak()
    except Locked:
        return 0
    try:
        for at in range(0, len(rows), network.most_asked):
            some = {row.remote_id: row for row in rows[at : at + network.most_asked]}
            if not account.spend(questions=1):
                break
            for number, figures in network.figures(list(some)).items():
                if number in some:
                    note(some[number], figures)
                    told += 1
    except Problem as problem:
        engine.note_problem(account, problem)
    finally:
        network.close()
    return told


def note(row: Delivery, figures: Figures) -> None:
    """Idempotent: told the same again, nothing changes."""
    today = timezone.localdate()
    act = outreach.of_item(row.variant.post.key)
    for kind, total in _totals(figures).items():
        Figure.objects.update_or_create(delivery=row, kind=kind, day=today, defaults={"total": total})
        before = Figure.objects.filter(delivery=row, kind=kind, day__lt=today).aggregate(most=Max("total"))["most"] or 0
        if act:
            cause = f"social.delivery:{row.pk}:{kind.value}"
            outreach.set_count(act, TALLIED[kind], cause=cause, language=row.variant.language, number=max(0, total - before), day=today)


def _totals(figures: Figures) -> dict[Figure.Kind, int]:
    found = {Figure.Kind.LIKES: figures.likes, Figure.Kind.REPOSTS: figures.reposts, Figure.Kind.REPLIES: figures.replies}
    return found if figures.impressions is None else found | {Figure.Kind.IMPRESSIONS: figures.impressions}


def check_accounts() -> int:
    """Once a day: whether each account still answers, and how many follow it. Returns how many do."""
    return sum(engine.check(account) == "" for account in Account.objects.filter(is_active=True))
