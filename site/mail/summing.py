"""The sums of mailings, never older than the ledger: what is kept counts as long as its mark is that of now, and else is counted anew.

What tells a change of states: while copies are on their way, their sums themselves, which an index holds; once the mailing is finished, the moment
of that (who sends failed ones again takes it back) and the copies in doubt, which alone may still be settled. Clicks, what came back and
erased addresses raise a version in their own transaction, so whoever read the version first has counted at least what it stands for.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F

from mail import figures
from mail.balance import Balance, balances
from mail.figures import CameBack, LinkClicks, Place
from mail.models import Delivery, Mailing, MailingSums

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

# Others are summed as the domain "".
MOST_DOMAINS = 20
# That the worker looks after.
MOST_MAILINGS = 50
State = Delivery.State


@dataclass(frozen=True)
class Summed:
    """By place; `copies` also by state."""

    balance: Balance
    copies: dict[tuple[Place, str], int]
    returns: list[CameBack]
    by_link: dict[int, LinkClicks]
    clickers: dict[Place, int]

    @property
    def came_back(self) -> int:
        return sum(row.number for row in self.returns if row.was_sent)

    @property
    def clicked(self) -> int:
        return sum(self.clickers.values())


def touch(version: str, mailing_id: int | None) -> None:
    """Raises a version, in the transaction of what changes the mailing's sums."""
    if mailing_id:
        MailingSums.objects.filter(mailing=mailing_id).update(**{version: F(version) + 1})


def forget(mailing_ids: Iterable[int | None]) -> None:
    """The parts too: they name domains, and one may be somebody's own."""
    nothing = {"copies": None, "copies_mark": "", "returns": None, "returns_mark": "", "clicks": None, "clicks_mark": ""}
    MailingSums.objects.filter(mailing__in=set(mailing_ids)).update(addresses_version=F("addresses_version") + 1, **nothing)


def summed(mailing: Mailing) -> Summed:
    return summed_each([mailing])[mailing.pk]


def summed_each(mailings: Collection[Mailing]) -> dict[int, Summed]:
    """At most three queries, whatever the number of mailings and copies, and some more for each mailing that has changed."""
    # Before anything is counted: see above.
    rows = MailingSums.objects.in_bulk([mailing.pk for mailing in mailings])
    marks, known = _state_marks(mailings)
    return {mailing.pk: _renewed(mailing, rows[mailing.pk], marks[mailing.pk], known.get(mailing.pk)) for mailing in mailings}


def renew() -> None:
    """By the clock, so that nobody waits for the counting of a large mailing. One on its way is another at each look."""
    done = Mailing.objects.filter(finished_at__isnull=False).order_by("-frozen_at")[:MOST_MAILINGS]
    summed_each(list(done))


def _state_marks(mailings: Collection[Mailing]) -> tuple[dict[int, str], dict[int, Balance]]:
    """A mark of each, and the balance of those on their way."""
    # Anew: what was finished a moment ago may be on its way again.
    ends = dict(Mailing.objects.filter(pk__in=[mailing.pk for mailing in mailings]).values_list("pk", "finished_at"))
    going = balances(pk for pk, end in ends.items() if end is None)
    doubts = Delivery.objects.filter(mailing__in=[pk for pk, end in ends.items() if end], state=State.IN_DOUBT).order_by()
    in_doubt = dict(doubts.values_list("mailing").annotate(number=Count("*")))
    marks = {pk: f"{end.timestamp()}:{in_doubt.get(pk, 0)}" if end else _short(going[pk]) for pk, end in ends.items()}
    return marks, going


def _renewed(mailing: Mailing, row: MailingSums, mark: str, known: Balance | None) -> Summed:
    news: dict[str, Any] = {}

    def renew(part: str, mark: str, count: Any) -> Any:
        if getattr(row, f"{part}_mark") != mark:
            news[part], news[f"{part}_mark"] = count(), mark
        return news[part] if part in news else getattr(row, part)

    copies = renew("copies", f"{mark}:{row.addresses_version}:{MOST_DOMAINS}", lambda: _copies(mailing))
    top = {domain for _variant, domain, _state, _number in copies} - {""}
    of_top = _short(sorted(top))
    returns = renew("returns", f"{mark}:{row.returns_version}:{of_top}", lambda: _returns(mailing, top))
    clicks = renew("clicks", f"{row.clicks_version}:{of_top}", lambda: _clicks(mailing, top))
    if news:
        MailingSums.objects.filter(pk=row.pk).update(**news)
    return Summed(
        known or _balance(mailing, copies),
        {(Place(variant, domain), state): number for variant, domain, state, number in copies},
        [CameBack(Place(variant, domain), kind, was_sent, number) for variant, domain, kind, was_sent, number in returns],
        {link: LinkClicks(people, by_rule) for link, people, by_rule in clicks["links"]},
        {Place(variant, domain): number for variant, domain, number in clicks["people"]},
    )


def _short(value: object) -> str:
    return sha256(str(value).encode()).hexdigest()[:32]


def _balance(mailing: Mailing, copies: list[Any]) -> Balance:
    counts = dict.fromkeys(("waiting", *(state.value for state in Delivery.SETTLED)), 0)
    for _variant, _domain, state, number in copies:
        counts["waiting" if state in Delivery.OPEN else state] += number
    return Balance(mailing.frozen_count, **counts)


def _copies(mailing: Mailing) -> list[Any]:
    every = figures.copies(mailing)
    sizes: Counter[str] = Counter()
    for (place, _state), number in every.items():
        sizes[place.domain] += number
    del sizes[""]
    top = {domain for domain, _number in sizes.most_common(MOST_DOMAINS)}
    found: Counter[tuple[int, str, str]] = Counter()
    for (place, state), number in every.items():
        found[(place.variant, fold(place, top).domain, state)] += number
    return [[*key, number] for key, number in found.items()]


def _returns(mailing: Mailing, top: set[str]) -> list[Any]:
    return [[*fold(row.place, top), row.kind, row.was_sent, row.number] for row in figures.came_back(mailing)]


def _clicks(mailing: Mailing, top: set[str]) -> dict[str, Any]:
    links = [[link, *row] for link, row in figures.clicks(mailing).items()]
    return {"links": links, "people": [[*place, number] for place, number in folded(figures.clickers(mailing), top).items()]}


def fold(place: Place, top: set[str]) -> Place:
    return place if place.domain in top else place._replace(domain="")


def folded(counts: dict[Place, int], top: set[str]) -> dict[Place, int]:
    found: Counter[Place] = Counter()
    for place, number in counts.items():
        found[fold(place, top)] += number
    return found
