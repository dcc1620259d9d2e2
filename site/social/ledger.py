"""The outbox of posts: who may change a row's state, and the sums that must balance.

As in the ledger of mails, every change names the state and the holder that it expects. What may have reached the network (`flown_at`) is never sent
again blindly: it is asked for by its key where the network has keys, looked up where it has not, and is *in doubt* when neither says anything.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone

from contacts import outreach
from contacts.models import Outreach
from social.models import Account, Delivery, Post
from social.models.accounts import Said
from social.networks.wire import Kind

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from django.db.models import QuerySet

    from social.networks.wire import Problem, Sent

# A post with a picture is three requests of at most three times SOCIAL_TIMEOUT.
LEASE = timedelta(minutes=10)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=2)
WITHOUT_RESET = timedelta(minutes=15)
GIVE_UP_AFTER = timedelta(hours=48)
# When it is looked for again after an answer that did not come.
LOOKS = (timedelta(seconds=15), timedelta(minutes=1), timedelta(minutes=5))
# When a post that was taken is looked at: a network may answer well and keep nothing.
CONFIRMS = (timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1))
State = Delivery.State


def pause(attempts: int, first: timedelta | None = None) -> timedelta:
    """Doubles with each attempt, give or take a fifth, so that not all come back at once."""
    whole = min((first or FIRST_PAUSE) * (1 << max(min(attempts, 20) - 1, 0)), LONGEST_PAUSE)
    spread: float = random.uniform(0.8, 1.2)  # noqa: S311 — spreads load, guards nothing
    return whole * spread


def claimable(now: datetime) -> QuerySet[Delivery]:
    """A part of a thread waits for the one before it."""
    before = Delivery.objects.filter(variant=OuterRef("variant"), part=OuterRef("part") - 1, state=State.SENT)
    due = Delivery.objects.filter(state=State.WAITING, due_at__lte=now, account__in=Account.objects.working(now))
    return due.filter(Q(part=1) | Exists(before)).order_by("due_at", "pk")


@transaction.atomic
def claim() -> Delivery | None:
    """The next post that is due, leased to the caller. On PostgreSQL several workers pass each other's rows by; on SQLite one UPDATE decides."""
    now = timezone.now()
    for row in claimable(now).select_for_update(skip_locked=True, of=("self",))[:1]:
        values: dict[str, object] = {"state": State.CLAIMED, "holder": uuid4(), "lease_until": now + LEASE, "flown_at": None}
        if not row.is_unsure:
            # The network's memory of the key begins now.
            values["key_at"] = now
        if Delivery.objects.filter(pk=row.pk, state=State.WAITING).update(**values):
            return Delivery.objects.select_related("account", "variant__post", "variant__image").get(pk=row.pk)
    return None


def _own(row: Delivery, *states: State) -> QuerySet[Delivery]:
    return Delivery.objects.filter(pk=row.pk, holder=row.holder, state__in=states)


def take_off(row: Delivery) -> bool:
    """Committed before the first byte of the post leaves. False: the lease has run out, and the row is another's."""
    now = timezone.now()
    row.flown_at = now
    return bool(_own(row, State.CLAIMED).filter(lease_until__gt=now).update(flown_at=now, lease_until=now + LEASE))


def land(row: Delivery, sent: Sent) -> bool:
    """It is there. Also of a row that fell into doubt meanwhile, if nobody has taken it since: knowing is better than doubting."""
    now = timezone.now()
    values = {"remote_id": sent.id, "url": sent.url, "reply": sent.reply, "sent_at": now, "due_at": now + CONFIRMS[0]}
    is_ours = _own(row, State.CLAIMED, State.IN_DOUBT, State.WAITING).update(
        state=State.SENT, problem="", words="", is_unsure=False, looks=0, attempts=F("attempts") + 1, lease_until=None, **values
    )
    if is_ours:
        tell(row.variant.post, now)
    return bool(is_ours)


def tell(post: Post, at: datetime) -> None:
    """The first that is sent of a post is the act."""
    act = outreach.of_item(post.key)
    if act is None or act.done_at is None:
        facts = {"theme": post.theme, "kind": Outreach.Kind.POST, "title": post.title, "by": post.asked_by}
        outreach.record(**facts, goals=post.goals.all(), audiences=post.audiences.all(), item_key=post.key, done_at=at)  # type: ignore[arg-type]  # of a dict


def settle(row: Delivery, problem: Problem) -> None:
    """What comes of a problem; the account's own part of it is `engine`'s."""
    now = timezone.now()
    values: dict[str, object] = {"problem": problem.kind.value, "words": problem.words[:300], "lease_until": None, "attempts": row.attempts + 1}
    match problem.kind:
        case Kind.MEND:
            values["state"] = State.FAILED
        case Kind.GONE:
            values["state"] = State.DEAD
        case Kind.UNKNOWN:
            values |= {"state": State.WAITING, "is_unsure": True, "due_at": now + pause(row.attempts + 1, LOOKS[0])}
        case Kind.LIMIT:
            values |= {"state": State.WAITING, "due_at": problem.until or now + pause(row.attempts + 1)}
        case Kind.TOKEN:
            values |= {"state": State.WAITING, "due_at": now}
        case _:
            values |= {"state": State.WAITING, "due_at": now + pause(row.attempts + 1)}
    if row.is_unsure and values["state"] in (State.FAILED, State.DEAD):
        # What refuses this attempt says nothing of an earlier one.
        values["state"] = State.IN_DOUBT
    _own(row, State.CLAIMED).update(**values)


def give_back(row: Delivery, *, due_at: datetime) -> None:
    """Nothing was tried."""
    _own(row, State.CLAIMED).update(state=State.WAITING, due_at=due_at, lease_until=None)


def not_found(row: Delivery) -> None:
    """Looked for and not there. That it will never be there nobody can say: after some looks a person decides."""
    looks = row.looks + 1
    if looks < len(LOOKS):
        values = {"state": State.WAITING, "due_at": timezone.now() + LOOKS[looks], "looks": looks}
    else:
        values = {"state": State.IN_DOUBT, "looks": looks}
    _own(row, State.CLAIMED).update(problem=Said.UNKNOWN, lease_until=None, **values)


@transaction.atomic
def release_expired() -> tuple[int, int]:
    """Leases of workers that are dead: how many go on as if nothing had been, and how many are unsure."""
    over = Delivery.objects.filter(state=State.CLAIMED, lease_until__lt=timezone.now())
    unsure = over.exclude(flown_at=None).update(
        state=State.WAITING, is_unsure=True, problem=Said.UNKNOWN, words="", lease_until=None, due_at=timezone.now(), attempts=F("attempts") + 1
    )
    return over.update(state=State.WAITING, lease_until=None), unsure


@transaction.atomic
def give_up() -> int:
    """Whatever waits two days behind its time is late news: a person looks at it. Returns how many."""
    late = Delivery.objects.filter(state=State.WAITING, planned_at__lt=timezone.now() - GIVE_UP_AFTER)
    doubtful = late.filter(is_unsure=True).update(state=State.IN_DOUBT)
    return doubtful + late.update(state=State.DEAD, problem=Said.LATE)


def to_confirm(now: datetime) -> QuerySet[Delivery]:
    sent = Delivery.objects.filter(state=State.SENT, confirmed_at=None, due_at__lte=now, account__in=Account.objects.working(now))
    return sent.exclude(remote_id="").order_by("due_at")


def confirm(rows: Collection[Delivery], there: set[str]) -> None:
    """What the network shows is there. What it does not show at several looks is in doubt: it has answered well and kept nothing, or somebody
    has deleted it.
    """
    now = timezone.now()
    Delivery.objects.filter(pk__in=[row.pk for row in rows if row.remote_id in there], state=State.SENT).update(confirmed_at=now)
    for row in rows:
        if row.remote_id not in there:
            looks = row.looks + 1
            own = Delivery.objects.filter(pk=row.pk, state=State.SENT, looks=row.looks)
            if looks < len(CONFIRMS):
                own.update(looks=looks, due_at=now + CONFIRMS[looks])
            else:
                own.update(looks=looks, state=State.IN_DOUBT, problem=Said.LOST)


@dataclass(frozen=True)
class Balance:
    """`queued` was counted when the posts were queued, the rest is counted from the rows. `unsure` are those of `waiting` that are looked for."""

    queued: int
    waiting: int
    sent: int
    failed: int
    in_doubt: int
    dead: int
    cancelled: int
    unsure: int

    @property
    def is_balanced(self) -> bool:
        return self.queued == self.waiting + self.sent + self.failed + self.in_doubt + self.dead + self.cancelled


def balance(post: Post | None = None) -> Balance:
    """Of a post, or of all that the reader may see."""
    posts, rows = Post.objects.exclude(queued_at=None), Delivery.objects.all()
    if post:
        posts, rows = posts.filter(pk=post.pk), rows.filter(variant__post=post)
    counts = dict.fromkeys(State.values, 0)
    counts |= dict(rows.order_by().values_list("state").annotate(number=Count("pk")))
    return Balance(
        queued=sum(posts.values_list("queued_count", flat=True)),
        waiting=counts[State.WAITING] + counts[State.CLAIMED],
        unsure=rows.filter(state=State.WAITING, is_unsure=True).count(),
        **{name: counts[name] for name in ("sent", "failed", "in_doubt", "dead", "cancelled")},
    )
