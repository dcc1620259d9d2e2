"""`make bench-imports`: a file of 100,000 people is brought into an empty register (DATABASE_URL, or SQLite that goes again), and once more.

Beside it, in the same run and of the same file: its rows copied into a bare table, and pandas with recordlinkage that read it and match its rows with
each other. Each in a process of its own, whose memory is told at its highest. Beside the clock stands the processor's time, of the process and of its
database: where the machine is shared, that alone can be compared.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import resource
import sys
import tempfile
import time
import tomllib
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.machine import BenchProblem, run, say
from bench.product import settings
from bench.register import database_seconds
from bench.register_rows import FOLDER, last_names

if TYPE_CHECKING:
    from collections.abc import Callable

ROWS, SECONDS, MB = 100_000, 60.0, 400.0
HEADING = ("external_id", "first_name", "last_name", "email", "phone", "organisation", "title", "city", "region", "language", "tags")
CITIES = ("Tampere", "Helsinki", "Vaasa", "Oulu", "Turku", "Jyväskylä")
OURS, AGAIN, COPY, PANDAS = "the import", "the same file again", "COPY", "pandas, recordlinkage"


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-imports BENCH=", description="An import of contacts, beside COPY and pandas.")
    parser.add_argument("--json", action="store_true", help="the figures as JSON")
    parser.add_argument("--rows", type=int, default=ROWS, help=f"of the file ({ROWS})")
    parser.add_argument("--part", nargs=2, metavar=("NAME", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        name, file = options.part
        sys.stdout.write(json.dumps(measured(PARTS[name], file)))
        return
    with tempfile.TemporaryDirectory(prefix="kantama-bench-") as folder:
        report = bench(options.rows, Path(folder))
    sys.stdout.write((json.dumps(report, indent=2) if options.json else table(report)) + "\n")
    sys.exit(not report["holds"])


def bench(rows: int, folder: Path) -> dict[str, Any]:
    environment = settings(folder) | {"DJANGO_SETTINGS_MODULE": "config.settings.dev"}
    del environment["EMAIL_URL"]
    run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], environment)
    write(folder / "people.csv", rows)
    load, found = os.getloadavg()[0], {}
    for name in PARTS:
        say(f"{name}.")
        told = run([sys.executable, "-m", "bench.imports", "--part", name, str(folder / "people.csv")], environment)
        found[name] = json.loads(told)
    return report_of(rows, load, found)


def report_of(rows: int, load: float, found: dict[str, Any]) -> dict[str, Any]:
    """The limit of time goes with the rows; a process takes its memory for one row too."""
    limit, ours = SECONDS * rows / ROWS, found[OURS]
    ratios = {name: round(whole(ours) / max(whole(found[name]), 0.01), 2) for name in (COPY, PANDAS)}
    holds = ours["seconds"] <= limit and ours["peak_mb"] <= MB
    return {"rows": rows, "load": load, "limits": {"seconds": limit, "peak_mb": MB}, "parts": found, "ratios": ratios, "holds": holds}


def whole(part: dict[str, Any]) -> float:
    return float(part["processor_s"] + part["database_s"])


def write(file: Path, rows: int) -> None:
    """Five people an organisation; names as unevenly given as they are."""
    chance = random.Random(rows)  # noqa: S311 — who is called what, not a secret
    lasts, firsts = last_names(chance), tomllib.loads((FOLDER / "names.toml").read_text(encoding="utf-8"))["first"]
    bodies = [f"{chance.choice(lasts)} {chance.choice(['Oy', 'Ab', 'ry', 'Konepaja Oy'])} {number}" for number in range(max(1, rows // 5))]
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(HEADING)
        for number in range(rows):
            named = (f"x{number}", chance.choice(firsts), chance.choice(lasts), f"henkilo{number}@esimerkki.example")
            phone, work = f"+358 40 {chance.randrange(10**7):07d}", (chance.choice(bodies), chance.choice(["Johtaja", "Asiantuntija", ""]))
            where = (chance.choice(CITIES), chance.choice(["Pirkanmaa", "Uusimaa", ""]), chance.choice(["fi", "sv"]))
            writer.writerow([*named, phone, *work, *where, chance.choice(["Messut", "Uutiskirje, Messut", ""])])


# ---- each in a process of its own
def measured(part: Callable[[str], dict[str, Any]], file: str) -> dict[str, Any]:
    sys.path.insert(0, "site")
    import django

    django.setup()
    began, worked, database = time.perf_counter(), time.process_time(), database_seconds()
    told = part(file)
    return {
        "seconds": round(time.perf_counter() - began, 2),
        "processor_s": round(time.process_time() - worked, 2),
        "database_s": round(database_seconds() - database, 2),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    } | told


def brought(file: str) -> dict[str, Any]:
    from contacts.models import Person

    if Person.objects.exists():
        raise BenchProblem("There are people in this database: take an empty one.")
    from themes.models import Theme

    words = {f"{name}_fi": "Teema" for name in ("name", "programme", "objective", "summary")}
    Theme.objects.get_or_create(
        key="bench", defaults={"objective_code": "4.g", "fund": "ESF+", "starts": 2021, "ends": 2027, "budget_eur": 1} | words
    )
    return brought_again(file)


def brought_again(file: str) -> dict[str, Any]:
    from django.core.management import call_command

    call_command("import_contacts", file, "--json", stdout=(out := StringIO()))
    facts = json.loads(out.getvalue())
    return {name: facts[name] for name in ("rows", "created", "known", "doubled", "refused", "organisations")}


def copied(file: str) -> dict[str, Any]:
    from django.db import connection

    columns = ", ".join(f"{name} TEXT" for name in HEADING)
    with connection.cursor() as cursor, Path(file).open(encoding="utf-8", newline="") as opened:
        cursor.execute(f"CREATE TABLE bench_people ({columns})")
        if connection.vendor == "postgresql":
            with cursor.copy("COPY bench_people FROM STDIN (FORMAT csv, HEADER)") as copying:
                while piece := opened.read(1 << 16):
                    copying.write(piece)
        else:
            rows = csv.reader(opened)
            next(rows)
            cursor.executemany(f"INSERT INTO bench_people VALUES ({', '.join(['%s'] * len(HEADING))})", list(rows))  # noqa: S608 — names of ours
        cursor.execute("SELECT COUNT(*) FROM bench_people")
        number = cursor.fetchone()[0]
        cursor.execute("DROP TABLE bench_people")
    return {"rows": number}


def matched(file: str) -> dict[str, Any]:
    """What the import asks of each row: the same number, address or telephone, or nearly the same name in the same organisation."""
    import pandas
    import recordlinkage

    people = pandas.read_csv(file, dtype=str, keep_default_na=False)
    index = recordlinkage.Index()
    for block in ("external_id", "email", "phone", ["last_name", "organisation"], ["first_name", "organisation"]):
        index.block(block)
    compare = recordlinkage.Compare()
    for name in ("external_id", "email", "phone"):
        compare.exact(name, name)
    for name in ("first_name", "last_name"):
        compare.string(name, name, method="damerau_levenshtein", threshold=0.75)
    pairs = index.index(people)
    scores = compare.compute(pairs, people) if len(pairs) else pandas.DataFrame()
    return {"rows": len(people), "doubled": int((scores.sum(axis=1) >= 2).sum()) if len(pairs) else 0}


PARTS: dict[str, Callable[[str], dict[str, Any]]] = {OURS: brought, AGAIN: brought_again, COPY: copied, PANDAS: matched}


def table(report: dict[str, Any]) -> str:
    lines = [
        f"A file of {report['rows']:,} rows; seconds by the clock, and of the processor here and in the database.",
        f"The machine's load before it: {report['load']:.1f}.",
        "",
        f"{'':<26}{'seconds':>10}{'here':>10}{'database':>10}{'peak MB':>10}",
    ]
    for name, part in report["parts"].items():
        lines.append(f"{name:<26}{part['seconds']:>10.1f}{part['processor_s']:>10.1f}{part['database_s']:>10.1f}{part['peak_mb']:>10.0f}")
    lines += ["", *(f"The import takes {ratio} times the processor's time of {name}." for name, ratio in report["ratios"].items())]
    limits = report["limits"]
    lines.append(f"At most {limits['seconds']:.0f} s and {limits['peak_mb']:.0f} MB: {'held' if report['holds'] else 'NOT HELD'}.")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
