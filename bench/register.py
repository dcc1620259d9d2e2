"""`make bench-register`: finding, lists and timelines of a large register. On an empty database: DATABASE_URL, or SQLite in a folder that goes again.

100,000 people, 20,000 organisations, 500,000 ties and 2,000,000 touches on PostgreSQL, a tenth of it on SQLite. All is asked in this process with the
whole chain of middleware. What is typed is the beginning of a name that exists, letter by letter from the second, a third of it with a slip. Beside
the clock stands the processor's time, of this process and of its database: on a machine that does something else too, it alone can be compared.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from bench.machine import processor_seconds, run
from bench.product import settings
from bench.register_rows import PEOPLE, fill

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LIMITS_MS = dict.fromkeys(("search", "search, with a slip", "search, the screen"), 100.0) | dict.fromkeys(
    (
        "timeline of a person", "timeline of an organisation", "page of a person", "page of an organisation", "people", "organisations", "networks",
        "outreach", "ties", "people of a region", "people who were not reached", "people who were reached",
    ), 200.0,
)  # fmt: skip
LIMITS_MS |= {"coverage of a goal": 500.0, "coverage, the screen": 500.0, "count of a segment": 300.0}
PERCENTILE = 95


class Measured(NamedTuple):
    """Milliseconds: the 95th of a hundred by the clock, and the processor's time of one, here and in the database; how often that is asked."""

    p95: float
    here: float
    database: float
    queries: int


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-register BENCH=", description="A large register, beside limits.")
    parser.add_argument("--json", action="store_true", help="the figures as JSON")
    parser.add_argument("--times", type=int, default=100, help="how often each is asked (100)")
    parser.add_argument("--part", type=int, default=0, help="of the full size, one of so many (1 on PostgreSQL, 10 on SQLite)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kantama-bench-") as name:
        os.environ.update(settings(Path(name)) | {"DJANGO_SETTINGS_MODULE": "config.settings.dev", "EMAIL_URL": ""})
        del os.environ["EMAIL_URL"]
        run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], dict(os.environ))
        report = bench(options.times, options.part)
    sys.stdout.write((json.dumps(report, indent=2) if options.json else table(report)) + "\n")
    sys.exit(not report["holds"])


def bench(times: int, part: int = 0) -> dict[str, Any]:
    sys.path.insert(0, "site")
    import django

    django.setup()
    from django.db import connection

    from contacts.models import Person

    part = part or (1 if connection.vendor == "postgresql" else 10)
    chance = random.Random(7)  # noqa: S311 — who knows whom, not a secret
    if not Person.objects.exists():
        fill(part, chance)
    load = os.getloadavg()[0]
    found = ask(times, chance)
    return {
        "vendor": connection.vendor,
        "part": part,
        "limits_ms": LIMITS_MS,
        "load": load,
        "p95_ms": {name: one.p95 for name, one in found.items()},
        "processor_ms": {name: {"here": one.here, "database": one.database} for name, one in found.items()},
        "queries": {name: one.queries for name, one in found.items()},
        "holds": all(found[name].p95 <= most for name, most in LIMITS_MS.items()),
    }


def ask(times: int, chance: random.Random) -> dict[str, Measured]:
    from django.test import Client
    from django.urls import reverse

    from base.models import User
    from contacts import search, timeline
    from contacts.coverage.counting import cover
    from contacts.models import Network, Organisation, Outreach, Person, Tie
    from contacts.segments.rules import matching
    from themes.models import Goal, Region

    staff, _made = User.objects.get_or_create(username="bench", defaults={"is_superuser": True, "is_active": True})
    client = Client(headers={"host": "localhost"})
    client.force_login(staff)
    people = list(Person.objects.order_by("?")[:times])
    bodies = [Organisation.objects.order_by("pk").first(), *Organisation.objects.order_by("?")[: times - 1]]
    exact, slips = typed(people, chance)
    goal, few = Goal.objects.get(), max(1, times // 5)

    def page(row: Any) -> Callable[[], Any]:
        return lambda: client.get(reverse(row.snippet_viewset.get_url_name("inspect"), args=[row.pk]))

    def listed(model: Any, **narrowed: Any) -> list[Callable[[], Any]]:
        return [lambda: client.get(reverse(model.snippet_viewset.get_url_name("list")), narrowed)] * (few if narrowed else times)

    def screen(name: str) -> list[Callable[[], Any]]:
        return [lambda: client.get(reverse(name, args=[goal.pk]))] * few

    asked: dict[str, list[Callable[[], Any]]] = {
        "search": [partial(search.find, words) for words in exact],
        "search, with a slip": [partial(search.find, words) for words in slips],
        "search, the screen": [partial(client.get, reverse("contacts_search_answers"), {"q": words}) for words in exact[:times]],
        "timeline of a person": [partial(timeline.read, row) for row in people],
        "timeline of an organisation": [partial(timeline.read, row) for row in bodies],
        "page of a person": [page(row) for row in people],
        "page of an organisation": [page(row) for row in bodies],
        "people": listed(Person),
        "organisations": listed(Organisation),
        "networks": listed(Network),
        "outreach": listed(Outreach),
        "ties": listed(Tie),
        "people of a region": listed(Person, region=goal.theme.people.exclude(region=None).first().region_id),
        "coverage of a goal": [partial(cover, goal)] * few,
        "coverage, the screen": screen("contacts_coverage"),
        "count of a segment": [matching("people", rules).count for rules in segments(list(Region.objects.all()), goal)] * few,
        "people who were not reached": listed(Person, not_reached=goal.pk),
        "people who were reached": screen("contacts_coverage_reached"),
    }
    return {name: measure(asks) for name, asks in asked.items()}


def segments(regions: Sequence[Any], goal: Any) -> list[dict[str, Any]]:
    """A region; a region without a touch in 90 days; who was not reached for the goal, in two regions."""
    here, two = ({"kind": "region", "not": False, "values": [str(region.pk) for region in regions[:number]]} for number in (1, 2))
    quiet = {"kind": "touched", "not": True, "kinds": [], "days": "90"}
    missed = {"kind": "missed", "not": False, "goal": str(goal.pk)}
    every = ([here], [here, quiet], [two, missed], [missed])
    return [{"join": "all", "groups": [{"join": "all", "not": False, "conditions": asked}]} for asked in every]


def typed(people: Sequence[Any], chance: random.Random) -> tuple[list[str], list[str]]:
    exact, slips = [], []
    for person in people:
        name = f"{person.first_name} {person.last_name}" if chance.random() < 0.5 else person.last_name
        exact += [name[:end] for end in range(2, len(name) + 1)]
        place = chance.randrange(1, len(person.last_name) - 1)
        slips.append(person.last_name[:place] + chance.choice("aeinst") + person.last_name[place + chance.randrange(2) :])
    chance.shuffle(exact)
    return exact[: 5 * len(people)], slips


def measure(asks: Sequence[Callable[[], Any]]) -> Measured:
    """The first answer reads templates; of the second the questions to the database are counted."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    asks[0]()
    with CaptureQueriesContext(connection) as asked:
        asks[0]()
    # Now: the next request forgets them.
    queries = len(asked)
    taken, here, database = [], time.process_time(), database_seconds()
    for one in asks:
        start = time.perf_counter()
        answer = one()
        taken.append((time.perf_counter() - start) * 1000)
        assert getattr(answer, "status_code", 200) == 200  # noqa: S101 — a bench of an error is none
    p95 = sorted(taken)[min(len(taken) - 1, len(taken) * PERCENTILE // 100)]
    return Measured(p95, *(1000 * seconds / len(asks) for seconds in (time.process_time() - here, database_seconds() - database)), queries)


def database_seconds() -> float:
    """Of PostgreSQL's process for this connection, where it runs on this machine. SQLite's are this process's own."""
    from django.db import connection

    if connection.vendor != "postgresql" or connection.settings_dict["HOST"] not in ("", "localhost", "127.0.0.1"):
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return processor_seconds(cursor.fetchone()[0])


def table(report: dict[str, Any]) -> str:
    size = f"{PEOPLE // report['part']:,} people"
    lines = [
        f"A register of {size} ({report['vendor']}); ms: p{PERCENTILE} by the clock, and of the processor on average.",
        f"The machine's load before it: {report['load']:.1f}.",
        "",
        f"{'':<30}{'p95':>10}{'at most':>10}{'here':>10}{'database':>10}{'queries':>10}",
    ]
    for name, ms in report["p95_ms"].items():
        processor = report["processor_ms"][name]
        lines.append(
            f"{name:<30}{ms:>10.1f}{report['limits_ms'][name]:>10.0f}{processor['here']:>10.1f}{processor['database']:>10.1f}{report['queries'][name]:>10}"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
