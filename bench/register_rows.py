"""The rows of a large register: people, organisations, networks, ties, touches of a goal. Models are imported inside, once Django stands."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.machine import say

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

PEOPLE, ORGANISATIONS, TIES, TOUCHES, OUTREACHES = 100_000, 20_000, 500_000, 2_000_000, 1_000
# Of the outreaches, every tenth serves the goal: 200,000 touches.
SERVING = 10
NETWORKS, MEMBERS = 40, 500
BATCH = 5_000
CROWDED = 2_000
FOLDER = Path(__file__).resolve().parents[1] / "site" / "desk" / "demo" / "content"
# The high digits of a multiple: of two multipliers they do not go together, as remainders do.
SPREAD = "((i * CAST({by} AS BIGINT)) %% 4294967296 * %s / 4294967296)"
MULTIPLIERS = (2654435761, 2246822519)


def fill(part: int, chance: random.Random) -> None:
    from django.db import connection

    from contacts.models import Organisation, Outreach, Person, Role
    from contacts.search import index_people
    from themes.models import Goal, Plan, Region, TargetGroup, Theme

    words = {f"{name}_fi": "Teema" for name in ("name", "programme", "objective", "summary")}
    theme = Theme.objects.create(key="bench", objective_code="4.g", fund="ESF+", starts=2021, ends=2027, budget_eur=1, **words)
    names = last_names(chance)
    first_names = tomllib.loads((FOLDER / "names.toml").read_text(encoding="utf-8"))["first"]
    regions = list(Region.objects.all())
    groups = [TargetGroup.objects.create(theme=theme, key=f"g{number}", name_fi=f"Ryhmä {number}") for number in range(8)]
    bodies = [
        Organisation(
            theme=theme,
            key=f"o{number}",
            name_fi=f"{chance.choice(names)} {chance.choice(['Oy', 'Ab', 'ry', 'Konepaja Oy'])}",
            region=chance.choice(regions),
            target_group=chance.choice(groups),
        )
        for number in range(ORGANISATIONS // part)
    ]
    Organisation.objects.bulk_create(bodies, batch_size=BATCH)
    people = [
        Person(
            first_name=chance.choice(first_names),
            last_name=chance.choice(names),
            email=f"henkilo{number}@esimerkki.example",
            # A third says nothing, and has those of the organisation.
            region=chance.choice(regions) if number % 3 else None,
            target_group=chance.choice(groups) if number % 3 else None,
            theme=theme,
        )
        for number in range(PEOPLE // part)
    ]
    Person.objects.bulk_create(people, batch_size=BATCH)
    # One organisation has a crowd, as a city has.
    posts = [
        Role(person=person, organisation=bodies[0] if number < CROWDED // part else chance.choice(bodies)) for number, person in enumerate(people)
    ]
    for post in posts[::3]:
        post.starts = date(2020, 1, 1)
    Role.objects.bulk_create(posts, batch_size=BATCH)
    say("People and organisations stand; now their words, ties and touches.")
    for begin in range(0, len(people), BATCH):
        index_people([person.pk for person in people[begin : begin + BATCH]])
    acts = Outreach.objects.bulk_create([Outreach(theme=theme, kind="event", title=f"Tapahtuma {number}") for number in range(OUTREACHES)])
    plan = Plan.objects.create(theme=theme, key="plan", name_fi="Suunnitelma", starts=date(2021, 1, 1), ends=date(2027, 12, 31))
    goal = Goal.objects.create(theme=theme, plan=plan, key="goal", name_fi="Tavoite")
    goal.audiences.set(groups[:6])
    goal.outreaches.set(acts[::SERVING])
    fill_networks(people, bodies, theme, part)
    fill_rows(people, acts, theme, part)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def fill_networks(people: Sequence[Any], bodies: Sequence[Any], theme: Any, part: int) -> None:
    """Each has people, and an organisation that names nobody."""
    from contacts.models import Membership, Network

    size = MEMBERS // part
    for number in range(NETWORKS):
        network = Network.objects.create(theme=theme, name_fi=f"Verkosto {number}")
        members = [Membership(network=network, person=person) for person in people[number * size :: NETWORKS][:size]]
        Membership.objects.bulk_create([*members, Membership(network=network, organisation=bodies[number % len(bodies)])])


def fill_rows(people: Sequence[Any], acts: Sequence[Any], theme: Any, part: int) -> None:
    """In the database: numbers that jump about in place of chance."""
    from django.db import connection

    to_act, to_person = (SPREAD.format(by=by) for by in MULTIPLIERS)
    series = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s)"
    moment = "CURRENT_TIMESTAMP - i * INTERVAL '1 minute'" if connection.vendor == "postgresql" else "datetime('now', '-' || (i * 10) || ' minutes')"
    touches = f"""{series} INSERT INTO contacts_touch (outreach_id, person_id, kind, language, cause, at)
        SELECT %s + {to_act}, %s + {to_person},
        CASE i %% 3 WHEN 0 THEN 'clicked' WHEN 1 THEN 'delivered' ELSE 'attended' END,
        'fi', 'bench:' || i, {moment} FROM n"""  # noqa: S608 — our own words
    ties = f"""{series} INSERT INTO contacts_tie (theme_id, kind, person_id, other_person_id, strength, shared, evidence)
        SELECT %s, 'events', %s + (i * CAST(7919 AS BIGINT)) %% %s, %s + (i * CAST(7919 AS BIGINT) + 1 + i %% 997) %% %s, 0.3, 1, '' FROM n"""  # noqa: S608 — our own words
    if connection.vendor == "sqlite":
        touches, ties = (f"INSERT {row.split('INSERT ', 1)[1].replace(' SELECT', f' {series} SELECT', 1)}" for row in (touches, ties))
    first, number = people[0].pk, len(people)
    with connection.cursor() as cursor:
        for query, rows, values in (
            (touches, TOUCHES // part, [acts[0].pk, len(acts), first, number]),
            (ties, TIES // part, [theme.pk, first, number, first, number]),
        ):
            if connection.vendor == "sqlite":
                at = query.index("%s", query.index("WITH RECURSIVE"))
                before = query[:at].count("%s")
                cursor.execute(query, [*values[:before], rows, *values[before:]])
            else:
                cursor.execute(query, [rows, *values])


def last_names(chance: random.Random) -> list[str]:
    """Some 3,000, as unevenly given as names are."""
    heads = ["Mäki", "Koski", "Niemi", "Lahti", "Järvi", "Kangas", "Häkki", "Öst", "Sjö", "Berg", "Virta", "Salo", "Hieta", "Åker", "Näsi", "Pöyry"]
    middles = ["", "la", "vaara", "ranta", "harju", "strö", "lä", "kivi", "suo", "saari", "blo", "pelto", "aho"]
    tails = ["nen", "inen", "la", "lä", "qvist", "lund", "man", "mäki", "niemi", "holm", "ström", "koski", "sson", "oja"]
    every = sorted({head + middle + tail for head in heads for middle in middles for tail in tails})
    chance.shuffle(every)
    return [name for place, name in enumerate(every) for _again in range(1 + 400 // (place + 5))]
