"""The engine: claims the post that is due, speaks with its network, and writes down what came of it. Runs in the worker, several at once if
need be.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from typing import TYPE_CHECKING

from django.utils import timezone

from social import ledger, pictures
from social.models import Delivery
from social.models.accounts import Said
from social.networks.wire import Item, Kind, Problem
from social.sealing import Locked

if TYPE_CHECKING:
    from social.models import Account
    from social.networks.wire import Network, Picture

log = logging.getLogger(__name__)


def sweep() -> None:
    """Once a minute: what dead workers held, what is too late, all that is due, and whether what was taken is there."""
    ledger.release_expired()
    ledger.give_up()
    deliver_now()
    confirm()


def deliver_now() -> int:
    """Sends what is due until nothing is. Returns how many posts it took in hand."""
    count = 0
    while row := ledger.claim():
        deliver(row)
        count += 1
    return count


def deliver(row: Delivery) -> None:
    account = row.account
    if not account.spend(posts=1):
        ledger.give_back(row, due_at=account.budget_returns())
        return
    try:
        network = account.speak()
    except Locked:
        account.note_problem(Said.LOCKED)
        ledger.give_back(row, due_at=timezone.now())
        return
    try:
        _speak(row, network)
    except Problem as problem:
        note_problem(account, problem)
        ledger.settle(row, problem)
        log.warning("Post %s to %s: %s (%s).", row.pk, account.network, problem.kind.value, problem.status)
    finally:
        network.close()


def _speak(row: Delivery, network: Network) -> None:
    is_repeat_safe = network.repeats_for is not None and timezone.now() - row.key_at < network.repeats_for
    item = item_of(row, None)
    if row.is_unsure and not is_repeat_safe:
        known = set(Delivery.objects.filter(account=row.account).exclude(remote_id="").values_list("remote_id", flat=True))
        try:
            found = network.find(item, row.key_at, known)
        except Problem as problem:
            # That it could not be looked for leaves it as unsure as it was.
            raise Problem(problem.kind if problem.kind in (Kind.TOKEN, Kind.LIMIT) else Kind.LATER, problem.words, until=problem.until) from None
        if found:
            ledger.land(row, found)
        else:
            ledger.not_found(row)
        return
    item = item_of(row, _picture(row))
    if ledger.take_off(row):
        ledger.land(row, network.publish(item))
        row.account.note_good()


def note_problem(account: Account, problem: Problem) -> None:
    now = timezone.now()
    if problem.kind is Kind.LIMIT:
        account.note_problem(problem.kind.value, held_until=problem.until or now + ledger.pause(1, ledger.WITHOUT_RESET))
    elif problem.kind in (Kind.TOKEN, Kind.GONE):
        account.note_problem(problem.kind.value)
    elif problem.kind in (Kind.LATER, Kind.UNKNOWN):
        account.note_problem(problem.kind.value, held_until=None)


def item_of(row: Delivery, picture: Picture | None) -> Item:
    """A link's card has the title that the staff know it by."""
    before = None
    if row.part > 1:
        before = Delivery.objects.filter(variant=row.variant_id, part=row.part - 1).values_list("reply", flat=True).first()
    return Item(
        text=row.whole_text,
        language=row.variant.language,
        key=str(row.key),
        at=row.key_at,
        link=row.short_link,
        title=row.variant.post.title if row.link else "",
        lead=row.text,
        picture=picture,
        reply=before or {},
    )


def _picture(row: Delivery) -> Picture | None:
    """With the first of a thread. Raises Problem where there is no size of it that the network takes."""
    variant = row.variant
    if row.part > 1 or variant.image is None:
        return None
    try:
        return pictures.fitted(variant.image, variant.alt, pictures.frame_of(row.account.network, row.account.limits))
    except (ValueError, OSError) as error:
        raise Problem(Kind.MEND, f"The picture cannot be used ({type(error).__name__}).") from None


def confirm() -> int:
    """Looks at what was taken, many at once. Returns how many were looked at."""
    by_account: dict[int, list[Delivery]] = defaultdict(list)
    for row in ledger.to_confirm(timezone.now()).select_related("account")[:500]:
        by_account[row.account_id].append(row)
    return sum(_confirm(rows) for rows in by_account.values())


def _confirm(rows: list[Delivery]) -> int:
    account, done = rows[0].account, 0
    try:
        network = account.speak()
    except Locked:
        account.note_problem(Said.LOCKED)
        return 0
    try:
        for at in range(0, len(rows), network.most_asked):
            some = rows[at : at + network.most_asked]
            if not account.spend(questions=1):
                break
            ledger.confirm(some, network.there([row.remote_id for row in some]))
            done += len(some)
    except Problem as problem:
        note_problem(account, problem)
    finally:
        network.close()
    return done


def check(account: Account) -> str:
    """Asks the network who the account is, and keeps what it says. Returns the problem, or ""."""
    try:
        network = account.speak()
    except Locked:
        account.note_problem(Said.LOCKED)
        return str(Said.LOCKED.value)
    try:
        profile = network.profile()
    except Problem as problem:
        note_problem(account, problem)
        account.note_problem(problem.kind.value)
        return str(problem.kind.value)
    finally:
        network.close()
    ends = {"token_ends": profile.token_ends} if profile.token_ends else {}
    account.note_good(handle=profile.handle, remote_id=profile.id, limits=profile.limits, **ends)
    if profile.followers is not None:
        account.followers.update_or_create(day=timezone.localdate(), defaults={"number": profile.followers})
    return ""
