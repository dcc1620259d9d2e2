"""What `make bench-reach` asks of the product's own processes: `python -m bench.reach_rows pages | roll | screen`. Answers in JSON."""

from __future__ import annotations

import json
import random
import resource
import sys
import time
from datetime import timedelta
from typing import Any

from bench.reach import EVENTS

DAYS, PAGES, TIMES, BATCH = 365, 300, 40, 5_000
SOURCES, CAMPAIGNS = ("direct", "search", "mail", "social", "internal", "sites"), 12


def pages() -> list[int]:
    from reach.places import places

    return sorted(places())


def roll() -> dict[str, Any]:
    """Everything that the beacons have left in the buffer."""
    from reach.rolling import roll_up

    start = time.perf_counter()
    number = roll_up() or 0
    seconds = time.perf_counter() - start
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {"lines": number, "lines_a_second": round(number / seconds), "most_mb": most}


def screen() -> dict[str, Any]:
    from django.contrib.auth.models import Group
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from base.models import User
    from base.roles import Role
    from reach.models import Total

    fill()
    user, _made = User.objects.get_or_create(username="bench-reach")
    user.groups.add(Group.objects.get(name=Role.ADMINISTRATORS))
    client, url, took = Client(headers={"host": "localhost"}), reverse("reach_screen"), {}
    client.force_login(user)
    for period in ("30", "365"):
        times = []
        for number in range(TIMES + 2):
            start = time.perf_counter()
            answer = client.get(url, {"period": period})
            times += [(time.perf_counter() - start) * 1000] if number > 1 else []
            if answer.status_code != 200:
                raise SystemExit(f"the screen answered {answer.status_code}")
        took[period] = sorted(times)[int(0.95 * TIMES)]
    with CaptureQueriesContext(connection) as asked:
        client.get(url)
    rows = Total.objects.count()
    return {"rows": rows, "p95_ms": round(max(took.values())), "of_30_days_ms": round(took["30"]), "of_365_days_ms": round(took["365"])} | {
        "queries": len(asked)
    }


def fill() -> None:
    """The totals of days that so many events leave, of a year and of the one before. Written as they stand: rolling up is measured above."""
    from django.db import connection
    from django.utils import timezone

    from base.bounds import everywhere
    from reach.models import Total
    from reach.places import places
    from reach.summing import day_starts

    chance, today = random.Random(7), timezone.localdate()  # noqa: S311 — rows, not secrets
    known = sorted(places().items())
    theme = known[0][1].theme
    numbers = [number for number, place in known if place.theme == theme]
    # A site of 300 pages: what the demo lacks are numbers of pages that are gone.
    numbers = (numbers + list(range(10_000_000, 10_000_000 + PAGES)))[:PAGES]
    sections = [str(number) for number in numbers[:8]]
    with everywhere():
        Total.objects.all().delete()
        rows: list[Total] = []
        a_day = EVENTS // DAYS
        for back in range(2 * DAYS):
            at = day_starts(today - timedelta(days=back))
            facets = [("", "", 1.0), *(("source", name, 1 / 6) for name in SOURCES), *(("campaign", f"kampanja-{n}", 0.03) for n in range(CAMPAIGNS))]
            scopes = [("site", "", 1.0), *(("language", code, 1 / 3) for code in ("fi", "sv", "en")), *(("section", key, 1 / 8) for key in sections)]
            for scope, key, share in scopes:
                rows += [_row(theme, at, (scope, key, facet, value), a_day * share * part) for facet, value, part in facets]
            for place, number in enumerate(numbers):
                views = a_day * chance.uniform(0.5, 1.5) / (place + 5) / 4.2
                rows += [_row(theme, at, ("page", str(number), facet, value), views * part) for facet, value, part in facets[: 4 + place % 4]]
            if len(rows) > BATCH:
                Total.objects.bulk_create(rows, batch_size=BATCH)
                rows = []
        Total.objects.bulk_create(rows, batch_size=BATCH)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _row(theme: int, at: Any, place: tuple[str, str, str, str], views: float) -> Any:
    from reach.models import Total

    scope, key, facet, value = place
    number = round(views)
    facts = {
        "views": number,
        "readers": number * 2 // 3,
        "visits": number // 2,
        "reads": number * 4 // 5,
        "seconds": number * 40,
        "depth": number * 50,
    }
    return Total(theme_id=theme, grain="day", starts=at, scope=scope, key=key, facet=facet, value=value, **facts)


if __name__ == "__main__":
    sys.path.insert(0, "site")
    import django

    django.setup()
    sys.stdout.write(json.dumps({"pages": pages, "roll": roll, "screen": screen}[sys.argv[1]]()))
