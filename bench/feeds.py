"""`make bench-feeds`: a calendar that programs poll, with 500 events, and the calendar's page with 2,000.

The events are made and published by the product's own actions, spread over two years, sorted by sub-theme and region: `--data FOLDER` keeps them
for the next run. All is asked in this process with the whole chain of middleware, past the page cache. *Built anew* and the page are asked as after
a change: nothing of what is remembered between changes is left.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.machine import say
from bench.product import demo_here

if TYPE_CHECKING:
    from collections.abc import Callable

FEED_EVENTS, PAGE_EVENTS = 500, 2_000
PAGES = {"list": "", "week": "?view=week", "month": "?view=month", "month, narrowed": "?view=month&region=06&mode=online", "past": "?when=past"}
MOST_MS = {"unchanged poll (304)": 10.0, "feed built anew": 300.0, **dict.fromkeys(PAGES, 200.0)}
PERCENTILE = 95


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-feeds BENCH=", description="Polled calendars and the calendar's page, beside limits.")
    parser.add_argument("--json", action="store_true", help="the figures as JSON")
    parser.add_argument("--times", type=int, default=40, help="how often each is asked (40)")
    parser.add_argument("--data", type=Path, help="a folder that keeps the events for the next run; else a temporary one")
    options = parser.parse_args()
    with demo_here(options.data):
        report = bench(options.times)
    sys.stdout.write((json.dumps(report, indent=2) if options.json else table(report)) + "\n")
    sys.exit(not report["holds"])


def bench(times: int) -> dict[str, Any]:
    sys.path.insert(0, "site")
    import django

    django.setup()
    from django.test import Client

    from base import remembered
    from base.memory import keep_what_is_loaded
    from events.models import EventsPage

    # As a web process does once it has started (`config.wsgi`).
    keep_what_is_loaded()
    calendar: Any = EventsPage.objects.filter(locale__language_code="fi").order_by("depth", "path").first()  # type: ignore[misc]  # Page is Any
    client, feed = Client(headers={"host": "localhost"}), "/fi/events/calendar.ics"
    found = {}
    held = grow(calendar, FEED_EVENTS)
    etag = client.get(feed)["ETag"]
    found["unchanged poll (304)"] = timed(lambda: client.get(feed, headers={"If-None-Match": etag}), 304, times)
    found["feed built anew"] = timed(lambda: client.get(feed), 200, times, before=remembered.forget)
    say(f"The feed holds {client.get(feed).content.count(b'BEGIN:VEVENT'):,} events and moments; the calendar {held:,} events.")
    grow(calendar, PAGE_EVENTS)
    for name, query in PAGES.items():
        found[name] = timed(lambda query=query: client.get(calendar.url + query), 200, times, before=remembered.forget)  # type: ignore[misc]
    return {"limits_ms": MOST_MS, "p95_ms": found, "holds": all(found[name] <= limit for name, limit in MOST_MS.items())}


def grow(calendar: Any, number: int) -> int:
    """Until it has so many. Of a feed's year back and the year to come."""
    from django.utils import timezone

    from base.tasks import in_this_process
    from desk.opening import publish
    from events.models import Event, EventPage
    from themes.models import Region, SubTheme

    goals, regions = list(calendar.theme.goals.all()[:1]), list(Region.objects.all())
    sub_themes = list(SubTheme.objects.filter(theme=calendar.theme))
    have, now = Event.objects.filter(theme=calendar.theme).count(), timezone.now().replace(minute=0, second=0, microsecond=0)
    with in_this_process():
        for count in range(have, number):
            chance = random.Random(count)  # noqa: S311 — days of events, not a secret
            starts = now + timedelta(days=chance.randint(-360, 360), hours=chance.randint(0, 8))
            mode = chance.choice(["in_person", "online", "hybrid"])
            page = EventPage(title=f"Tapahtuma {count}: työpaja", slug=f"tapahtuma-{count}", lead="Tule mukaan.", place="Tampere", mode=mode)
            page.starts_at, page.ends_at, page.online_link = starts, starts + timedelta(hours=2), "https://kokous.kantama.internal/1"
            words = {"goals": goals, "regions": chance.sample(regions, 2), "sub_themes": chance.sample(sub_themes, 1)}
            publish(page, calendar, words)
            if count % 500 == 0:
                say(f"{count:,} of {number:,} events.")
    return max(have, number)


def timed(ask: Callable[[], Any], status: int, times: int, before: Callable[[], None] = lambda: None) -> float:
    """Milliseconds at the percentile. The first answer reads templates."""
    taken = []
    for _time in range(times + 1):
        before()
        start = time.perf_counter()
        answer = ask()
        taken.append((time.perf_counter() - start) * 1000)
        assert answer.status_code == status, answer.status_code  # noqa: S101 — a bench of an error is none
    return sorted(taken[1:])[min(times - 1, times * PERCENTILE // 100)]


def table(report: dict[str, Any]) -> str:
    lines = [f"A feed of {FEED_EVENTS} events, a calendar's page of {PAGE_EVENTS:,}; p{PERCENTILE} in ms.", "", f"{'':<24}{'p95':>10}{'at most':>10}"]
    lines += [f"{name:<24}{ms:>10.1f}{report['limits_ms'][name]:>10.0f}" for name, ms in report["p95_ms"].items()]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
