"""`make bench-desk`: the desk of a large programme. On an empty database: DATABASE_URL, or SQLite in a folder that goes again.

40 goals with 200 expected results, 100,000 people, 5,000 outreaches and 2,000,000 touches in three years on PostgreSQL, a tenth of it on SQLite.
First every day is settled; then a day comes with late words of last year and somebody who is erased, and the night settles that. The desk is asked
in this process with the whole chain of middleware, beside the same questions asked of the raw tables in SQL, which must say the same.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from bench.machine import run, say
from bench.product import settings
from bench.register import Measured, measure
from bench.register_rows import MULTIPLIERS, SPREAD

GOALS, PEOPLE, ACTS, TOUCHES, DAYS = 40, 100_000, 5_000, 2_000_000, 1_095
MEASURES = ("contacts_reached", "mail_clicks", "attendance", "page_views", "audience_reached")
LIMITS_MS = {"desk": 500.0, "filter": 300.0}
NIGHT_S, MOST_QUERIES = 60.0, 30
BATCH = 5_000
NEW = 2_000


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-desk BENCH=", description="The desk of a large programme, beside limits and raw SQL.")
    parser.add_argument("--json", action="store_true", help="the figures as JSON")
    parser.add_argument("--times", type=int, default=40, help="how often each is asked (40)")
    parser.add_argument("--part", type=int, default=0, help="of the full size, one of so many (1 on PostgreSQL, 10 on SQLite)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kantama-bench-") as name:
        os.environ.update(settings(Path(name)) | {"DJANGO_SETTINGS_MODULE": "config.settings.dev", "EMAIL_URL": ""})
        del os.environ["EMAIL_URL"]
        run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], dict(os.environ))
        report = bench(options.times, options.part)
    sys.stdout.write((json.dumps(report, indent=2) if options.json else table(report)) + "\n")
    sys.exit(not report["holds"])


def bench(times: int, part: int) -> dict[str, Any]:
    sys.path.insert(0, "site")
    import django

    django.setup()
    from django.db import connection

    from themes.history.rolling import roll_up
    from themes.models import DayValue, Goal

    part = part or (1 if connection.vendor == "postgresql" else 10)
    if not Goal.objects.exists():
        fill(part)
    first, _rolled = timed(roll_up)
    come_in(part)
    night, rolled = timed(roll_up)
    again, idle = timed(roll_up)
    same = same_as_raw()
    found = ask(times)
    raw = {name: timed(partial(raw_sql, name))[0] * 1000 for name in RAW}
    holds = all(found[name].p95 <= most for name, most in LIMITS_MS.items()) and night <= NIGHT_S and found["desk"].queries <= MOST_QUERIES
    return {
        "vendor": connection.vendor,
        "part": part,
        "load": os.getloadavg()[0],
        "day_values": DayValue.objects.count(),
        "settle_all_s": round(first, 1),
        "night_s": round(night, 1),
        "night_written": rolled.written + rolled.removed,
        "night_without_news_s": round(again, 1),
        "night_without_news_written": idle.written + idle.removed,
        "p95_ms": {name: one.p95 for name, one in found.items()},
        "processor_ms": {name: {"here": one.here, "database": one.database} for name, one in found.items()},
        "queries": {name: one.queries for name, one in found.items()},
        "raw_sql_ms": {name: round(value) for name, value in raw.items()},
        "raw_sql_together_ms": round(sum(raw.values())),
        "same_as_raw": same,
        "holds": holds and same,
    }


def timed(do: Any) -> tuple[float, Any]:
    start = time.perf_counter()
    found = do()
    return time.perf_counter() - start, found


def fill(part: int) -> None:
    from django.db import connection
    from django.utils import timezone

    from contacts.models import Outreach, Person
    from themes.models import ExpectedResult, Goal, Plan, Region, TargetGroup, Theme

    say("Making the rows; this takes some minutes.")
    chance, today = random.Random(7), timezone.localdate()  # noqa: S311 — rows, not secrets
    words = {f"{name}_fi": "Teema" for name in ("name", "programme", "objective", "summary")}
    theme = Theme.objects.create(key="bench", objective_code="4.g", fund="ESF+", starts=2021, ends=2030, budget_eur=1, **words)
    regions = list(Region.objects.all())
    groups = [TargetGroup.objects.create(theme=theme, key=f"g{number}", name_fi=f"Ryhmä {number}") for number in range(8)]
    people = [
        Person(first_name="Aino", last_name=f"Esimerkki {number}", email=f"h{number}@esimerkki.example", region=chance.choice(regions),
               target_group=chance.choice(groups), theme=theme)
        for number in range(PEOPLE // part)
    ]  # fmt: skip
    Person.objects.bulk_create(people, batch_size=BATCH)
    starts, ends = today - timedelta(days=DAYS), today + timedelta(days=200)
    plan = Plan.objects.create(theme=theme, key="plan", name_fi="Suunnitelma", starts=starts, ends=ends)
    goals = [
        Goal.objects.create(
            theme=theme, plan=plan, key=f"goal-{n}", name_fi=f"Tavoite {n}", budget_hours=100, scope=("external", "internal")[n % 4 == 0]
        )
        for n in range(GOALS)
    ]
    for place, goal in enumerate(goals):
        goal.audiences.set(groups[place % 4 : place % 4 + 4])
        goal.regions.set(chance.sample(regions, 6) if place % 3 else [])
        for name in MEASURES:
            ExpectedResult.objects.create(goal=goal, measure=name, low=5_000 // part, target=60_000 // part, high=90_000 // part, due=ends)
    acts = fill_acts(theme, goals)
    fill_rows(people[0].pk, len(people), acts, part)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    if not Outreach.objects.filter(done_at=None).exists():
        Outreach.objects.create(theme=theme, kind="story", title="Tulossa", planned_on=today)


def fill_acts(theme: Any, goals: list[Any]) -> list[Any]:
    """Evenly over the three years; each serves one or two goals."""
    from django.utils import timezone

    from contacts.models import Outreach

    kinds, now = ("issue", "event", "story", "meeting"), timezone.now()
    step = timedelta(days=DAYS) / ACTS
    acts = Outreach.objects.bulk_create(
        [Outreach(theme=theme, kind=kinds[n % 4], title=f"Teko {n}", done_at=now - timedelta(days=DAYS) + n * step) for n in range(ACTS)],
        batch_size=BATCH,
    )
    through = Outreach.goals.through
    pairs = {(act.pk, goals[place].pk) for n, act in enumerate(acts) for place in (n % GOALS, n * 7 // 4 % GOALS)}
    through.objects.bulk_create([through(outreach_id=act, goal_id=goal) for act, goal in pairs], batch_size=BATCH)
    return list(acts)


def fill_rows(first: int, number: int, acts: list[Any], part: int) -> None:
    """Touches in the five days after their act, as many on each day, today as well; views of each act on its day."""
    from django.db import connection

    is_big, touches = connection.vendor == "postgresql", TOUCHES // part
    each = touches // len(acts)
    minutes = f"((i * 37) %% {5 * 24 * 60})"
    moment = f"done_at + {minutes} * INTERVAL '1 minute'" if is_big else f"datetime(done_at, '+' || {minutes} || ' minutes')"
    sooner = f"{moment} - INTERVAL '5 days'" if is_big else f"datetime({moment}, '-5 days')"
    now = "CURRENT_TIMESTAMP" if is_big else "datetime('now')"
    person = f"%s + {SPREAD.format(by=MULTIPLIERS[1])}"
    kind = "CASE i %% 5 WHEN 0 THEN 'clicked' WHEN 1 THEN 'attended' ELSE 'delivered' END"
    series = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s)"
    rows = f"""SELECT act.id, {person}, {kind}, 'fi', 'bench:' || i, CASE WHEN {moment} > {now} THEN {sooner} ELSE {moment} END
        FROM n JOIN contacts_outreach act ON act.id = %s + (i - 1) / {each}"""  # noqa: S608 — our own words
    target = "INSERT INTO contacts_touch (outreach_id, person_id, kind, language, cause, at)"
    with connection.cursor() as cursor:
        cursor.execute(f"{series} {target} {rows}" if is_big else f"{target} {series} {rows}", [each * len(acts), first, number, acts[0].pk])
        day = "CAST(done_at AS date)" if is_big else "date(done_at)"
        cursor.execute(
            f"""INSERT INTO contacts_tally (outreach_id, kind, day, language, cause, count)
            SELECT id, 'view', {day}, 'fi', 'reach.view', 20 + id %% 50 FROM contacts_outreach WHERE done_at IS NOT NULL""",  # noqa: S608 — as above
            [],
        )


def come_in(part: int) -> None:
    """By the product's own actions: a day's touches, some of a year ago, and a person who is erased."""
    from django.utils import timezone

    from contacts import outreach
    from contacts.models import Outreach, Person, Touch
    from contacts.outreach import Contact
    from contacts.people import erase_person

    now, people = timezone.now(), list(Person.objects.order_by("-pk")[: NEW // part])
    done = Outreach.objects.exclude(done_at=None).order_by("done_at")
    newest, old = done.reverse()[0], done[ACTS // 2]
    mark = now.isoformat()
    yesterday = now - timedelta(days=1)
    outreach.touch_many(newest, Touch.Kind.CLICKED, [Contact(person.pk, f"bench.new:{mark}:{person.pk}", yesterday, "fi") for person in people])
    outreach.touch_many(old, Touch.Kind.ATTENDED, [Contact(p.pk, f"bench.late:{mark}:{p.pk}", now - timedelta(days=400), "fi") for p in people[:50]])
    erase_person(Person.objects.order_by("pk").first())


# The same questions of the raw tables, as whoever knows SQL would ask them.
RAW = {
    "contacts_reached": """SELECT goal_id, COUNT(DISTINCT person_id) FROM contacts_touch t
        JOIN contacts_outreach_goals g ON g.outreach_id = t.outreach_id GROUP BY goal_id""",
    "mail_clicks": """SELECT goal_id, COUNT(DISTINCT cause) FROM contacts_touch t
        JOIN contacts_outreach_goals g ON g.outreach_id = t.outreach_id WHERE kind = 'clicked' GROUP BY goal_id""",
    "attendance": """SELECT goal_id, COUNT(DISTINCT cause) FROM contacts_touch t
        JOIN contacts_outreach_goals g ON g.outreach_id = t.outreach_id WHERE kind = 'attended' GROUP BY goal_id""",
    "page_views": """SELECT goal_id, SUM(count) FROM contacts_tally t
        JOIN contacts_outreach_goals g ON g.outreach_id = t.outreach_id WHERE kind = 'view' GROUP BY goal_id""",
    "audience_reached": """SELECT g.goal_id, COUNT(DISTINCT t.person_id) FROM contacts_touch t
        JOIN contacts_outreach_goals g ON g.outreach_id = t.outreach_id JOIN contacts_person p ON p.id = t.person_id
        WHERE EXISTS (SELECT 1 FROM themes_goal_audiences a WHERE a.goal_id = g.goal_id AND a.targetgroup_id = p.target_group_id)
        AND (EXISTS (SELECT 1 FROM themes_goal_regions r WHERE r.goal_id = g.goal_id AND r.region_id = p.region_id)
        OR NOT EXISTS (SELECT 1 FROM themes_goal_regions r WHERE r.goal_id = g.goal_id)) GROUP BY g.goal_id""",
}


def raw_sql(name: str) -> dict[int, int]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(RAW[name])
        return dict(cursor.fetchall())


def same_as_raw() -> bool:
    """Of what is not of last night alone: that is compared where nothing has come today."""
    from django.utils import timezone

    from desk.progress import results
    from themes.models import Goal

    found = {(row.goal.pk, row.expected.measure): row.actual for row in results(list(Goal.objects.all()), timezone.localdate())}
    live = [name for name in RAW if name != "audience_reached"]
    return all(found[goal, name] == value for name in live for goal, value in raw_sql(name).items())


def ask(times: int) -> dict[str, Measured]:
    from django.test import Client
    from django.urls import reverse

    from base.models import User
    from themes.models import Goal, Region, TargetGroup

    staff, _made = User.objects.get_or_create(username="bench", defaults={"is_superuser": True, "is_active": True})
    client = Client(headers={"host": "localhost"})
    client.force_login(staff)
    chance, desk = random.Random(8), reverse("desk:overview")  # noqa: S311 — as above
    regions, groups = list(Region.objects.values_list("code", flat=True)), list(TargetGroup.objects.values_list("pk", flat=True))
    choices = [{"region": code} for code in regions] + [{"group": group} for group in groups] + [{"scope": "internal"}, {"period": "30"}]
    return {
        "desk": measure([partial(client.get, desk)] * times),
        "filter": measure([partial(client.get, desk, chance.choice(choices)) for _ in range(times)]),
        "goal": measure([partial(client.get, reverse("desk:goal", args=[Goal.objects.order_by("pk")[3].pk]))] * max(1, times // 4)),
        "home": measure([partial(client.get, reverse("wagtailadmin_home"))] * max(1, times // 4)),
    }


def table(report: dict[str, Any]) -> str:
    lines = [f"{report['vendor']}, one of {report['part']}; {report['day_values']} values of days; load {report['load']:.1f}"]
    lines += [f"{name:16} p95 {value:7.0f} ms  {report['queries'][name]:3} queries" for name, value in report["p95_ms"].items()]
    lines += [f"raw SQL: {name:18} {value:7} ms" for name, value in report["raw_sql_ms"].items()]
    lines.append(f"raw SQL together {report['raw_sql_together_ms']} ms; the desk says the same: {report['same_as_raw']}")
    lines.append(f"settling all {report['settle_all_s']} s")
    lines.append(f"a night with news {report['night_s']} s ({report['night_written']} days written); without {report['night_without_news_s']} s")
    lines.append("holds" if report["holds"] else "DOES NOT HOLD")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
