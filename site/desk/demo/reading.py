"""Who read the demo's pages: the views that were tallied, each of a reader at some hour, from somewhere. Summed as the buffer's lines are."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from wagtail.models import Page

from contacts.models import Tally
from reach.counting import CAUSE
from reach.lines import OUT, READ, SOUGHT, VIEW, Line
from reach.models import Total
from reach.rolling import write
from reach.summing import day_starts, sums_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

DAYS = 120
# Source, campaign, and how many of a hundred come so.
WAYS = [("direct", "", 34), ("search", "", 22), ("mail", "uutiskirje", 18), ("internal", "", 12), ("social", "syksy", 9), ("sites", "", 5)]
DEPTHS, DEPTH_SHARES = (25, 50, 75, 100), (3, 3, 2, 4)
ELSEWHERE, MISSED = ("ttl.fi", "hyvatyo.ttl.fi", "tem.fi", "rakennerahastot.fi"), ("etätyön johtaminen", "palkkatuki", "yrittäjän hyvinvointi")
MACHINES = {"crawler": 0.9, "no_browser": 0.3, "prefetch": 0.06, "peace": 0.05, "burst": 0.12}


@transaction.atomic
def read_pages(seed: int, today: date) -> None:
    """Their views are in the tallies already, and day-hashes of days that are over are not kept."""
    chance = random.Random(f"reading:{seed}")  # noqa: S311 — a demo's dice, not a secret
    sums = sums_of(_lines(chance, today))
    sums.viewed.clear()
    sums.changed.clear()
    # Of days alone: the demo's today has hours that are still to come.
    for cell in [cell for cell in sums.totals if cell.grain != Total.Grain.DAY]:
        del sums.totals[cell]
    for day in (today - timedelta(days=number) for number in range(DAYS)):
        for reason, share in MACHINES.items():
            sums.dropped[day, reason] = int(chance.uniform(0.6, 1.4) * share * 40)
    write(sums)


def _lines(chance: random.Random, today: date) -> Iterator[Line]:
    pages = {(str(key), code): pk for key, code, pk in Page.objects.live().values_list("translation_key", "locale__language_code", "pk")}
    rows = Tally.objects.filter(kind=Tally.Kind.VIEW, cause=CAUSE, day__gt=today - timedelta(days=DAYS)).order_by("day", "pk")
    for key, code, day, number in rows.values_list("outreach__item_key", "language", "day", "count"):
        if page := pages.get((str(key), code)):
            midnight = int(day_starts(day).timestamp())
            for _view in range(number):
                yield from _reader(chance, page, code, midnight)


def _reader(chance: random.Random, page: int, code: str, midnight: int) -> Iterator[Line]:
    reader, at = f"{chance.randint(1, 400):016x}", midnight + int(chance.triangular(6, 22, 9.5) * 3600)
    source, campaign, _share = chance.choices(WAYS, [way[2] for way in WAYS])[0]
    yield Line(at, VIEW, page=page, reader=reader, language=code, source=source, campaign=campaign)
    if chance.random() < 0.7:
        stays = int(chance.triangular(8, 300, 60))
        yield Line(at + stays, READ, page=page, reader=reader, language=code, depth=chance.choices(DEPTHS, DEPTH_SHARES)[0], seconds=stays)
    if chance.random() < 0.05:
        yield Line(at + 5, OUT, page=page, reader=reader, language=code, words=chance.choice(ELSEWHERE))
    if chance.random() < 0.01:
        yield Line(at + 9, SOUGHT, page=page, reader=reader, language=code, words=chance.choice(MISSED))
