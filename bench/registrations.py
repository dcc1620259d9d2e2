"""`make bench-registrations`: 2,000 people register on an event's page and confirm by the link of their mail, beside pretix on the same machine.

pretix comes from PyPI into an environment of its own, with four workers, and takes free orders through its API, sending no mail. Ours come by a
clock at ten times the better of pretix's rates, through the public form, each from an address of their own, with the limiter on; their mails are
written, and read from the outbox (what sending costs is `bench.sending`'s). Both have a database of their own on DATABASE_URL's server, and the load
is made on this machine too.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from bench.machine import ROOT, BenchProblem, free_port, processor_seconds, run, running, say, wait_for
from bench.product import HEADERS, settings, start_product
from bench.sending import database_on, row
from bench.visitors import Told, come, figures

PRETIX = ["pretix==2026.8.*", "gunicorn"]
WORKERS, AT_ONCE = 4, (50, 200)
TIMES, MOST_SECONDS = 10.0, 1.5
# Of the rate at which people came, the rate at which seats were confirmed.
KEEPS_UP = 0.95


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-registrations BENCH=", description="Registering for an event, beside pretix.")
    parser.add_argument("--json", action="store_true", help="the figures as JSON")
    parser.add_argument("--people", type=int, default=2_000, help="how many register (2,000)")
    parser.add_argument("--orders", type=int, default=400, help="how many orders pretix takes (400)")
    parser.add_argument("--rate", type=float, help="how many come a second; else ten times what pretix does, and without pretix 65")
    parser.add_argument("--no-peer", action="store_true", help="without pretix: says only how fast ours is")
    parser.add_argument("make", nargs="?", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.make:
        sys.stdout.write(json.dumps(make_event(int(options.make))))
        return
    try:
        with tempfile.TemporaryDirectory(prefix="kantama-bench-") as name, ExitStack() as stack:
            report = bench(options, Path(name), stack)
    except BenchProblem as problem:
        sys.exit(f"bench: {problem}")
    sys.stdout.write((json.dumps(report, indent=2) if options.json else table(report)) + "\n")
    sys.exit(not all(row["holds"] for row in report["rows"]))


def bench(options: argparse.Namespace, folder: Path, stack: ExitStack) -> dict[str, Any]:
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        raise BenchProblem("Name a server in DATABASE_URL, such as postgres://USER@127.0.0.1:5432/postgres: the bench makes databases there.")
    peers = {} if options.no_peer else pretix(options.orders, folder, server)
    best = max((one["a_second"] for one in peers.values()), default=0.0)
    # A little faster than it has to be: the last one is waited for.
    rate = options.rate or TIMES * best / KEEPS_UP or 65.0
    ours = registrations(options.people, rate, folder, server, stack)
    return {"people": options.people, "rate": rate, "ours": ours, "pretix": peers, "rows": rows(ours, rate, best, options.people)}


def rows(ours: dict[str, Any], rate: float, best: float, people: int) -> list[dict[str, Any]]:
    found = [row("confirmed a second, beside pretix", ours["a_second"] / best, TIMES)] if best else []
    return [
        *found,
        row("seats confirmed", ours["confirmed"], people),
        row("confirmed a second, beside who came", ours["a_second"] / rate, KEEPS_UP),
        row("p95 of a request, seconds", ours["p95"], MOST_SECONDS, is_most=True),
    ]


def registrations(people: int, rate: float, folder: Path, server: str, stack: ExitStack) -> dict[str, Any]:
    home = folder / "ours"
    home.mkdir()
    database = stack.enter_context(database_on(server))
    redis = bool(os.environ.get("REDIS_URL"))
    environment = settings(home) | {"DATABASE_URL": database, "WEB_PROCESSES": os.environ.get("WEB_PROCESSES", "2" if redis else "1")}
    development = {name: value for name, value in environment.items() if name != "EMAIL_URL"} | {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev", "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}",
    }  # fmt: skip
    say("Opening a site.")
    run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], development)
    run([sys.executable, "manage.py", "start_theme", "--administrator", "bench@kantama.internal"], development)
    run([sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"], environment)
    page = json.loads(run([sys.executable, "-m", "bench.registrations", str(people)], development))["path"]
    product = start_product(stack, environment, home)
    warm = asyncio.run(come(20, 5, product.url, page, HEADERS, database))
    if warm.wrong:
        raise BenchProblem(f"Nobody can register: {warm.wrong[0]}.")
    say(f"{people:,} people come, {rate:.1f} a second.")
    before = processor_seconds(product.pid)
    told: Told = asyncio.run(come(people, rate, product.url, page, HEADERS, database, first=20))
    return figures(told) | {"processor_ms": (processor_seconds(product.pid) - before) * 1000 / people}


def make_event(places: int) -> dict[str, Any]:
    """By the product's own action. Room for who warms it up, too."""
    sys.path.insert(0, "site")
    import django

    django.setup()
    from datetime import date, timedelta

    from django.utils import timezone

    from base.tasks import in_this_process
    from desk.opening import publish
    from events.models import EventPage, EventsPage
    from themes.models import Goal, Plan

    calendar: Any = EventsPage.objects.filter(locale__language_code="fi").order_by("depth", "path").first()  # type: ignore[misc]  # Page is Any
    today, names = date.today(), {f"name_{code}": f"Mittaus {code}" for code in ("fi", "sv", "en")}
    plan = Plan.objects.create(theme=calendar.theme, key="bench", starts=today, ends=today + timedelta(days=365), **names)
    goal = Goal.objects.create(theme=calendar.theme, plan=plan, key="bench", **names)
    starts = timezone.now() + timedelta(days=60)
    page = EventPage(title="Mittaustapahtuma", slug="mittaus", lead="Tule mukaan.", place="Tampere", mode="in_person", capacity=places + 100)
    page.starts_at, page.ends_at = starts, starts + timedelta(hours=2)
    with in_this_process():
        publish(page, calendar, {"goals": [goal]})
    return {"path": page.get_url()}


def pretix(orders: int, folder: Path, server: str) -> dict[str, dict[str, Any]]:
    """What it does with so many at once. Its packages come from PyPI into an environment of its own."""
    home, script = folder / "pretix", str(ROOT / "bench" / "peers" / "orders.py")
    home.mkdir()
    uv, python = str(Path(sys.executable).parent / "uv"), str(home / "venv" / "bin" / "python")
    say("Installing pretix; this takes minutes.")
    run([uv, "venv", "--quiet", str(home / "venv")], dict(os.environ))
    run([uv, "pip", "install", "--quiet", "--python", str(home / "venv"), *PRETIX], dict(os.environ))
    with ExitStack() as stack:
        database = urlsplit(stack.enter_context(database_on(server)))
        port, log = free_port(), home / "pretix.log"
        environment = os.environ | {f"PRETIX_DATABASE_{name}": value for name, value in place(database).items()}
        environment |= {"PRETIX_PRETIX_DATADIR": str(home), "PRETIX_PRETIX_URL": "http://localhost", "DJANGO_SETTINGS_MODULE": "pretix.settings"}
        say("Migrating pretix.")
        run([python, "-m", "pretix", "migrate", "--verbosity", "0"], environment)
        made = json.loads(run([python, script, "make", str(orders * (len(AT_ONCE) + 1))], environment).splitlines()[-1])
        words = [str(home / "venv" / "bin" / "gunicorn"), "pretix.wsgi", "-w", str(WORKERS), "--timeout", "300", "-b", f"127.0.0.1:{port}"]
        process = stack.enter_context(running(words, environment, log))
        # Its health check is never well without a cache.
        wait_for(f"http://127.0.0.1:{port}/jsi18n/en/", {"Host": "localhost"}, process, log)
        found = {}
        for number, at_once in enumerate([1, *AT_ONCE]):
            first = at_once == 1
            say(f"pretix: {8 if first else orders} orders, {at_once} at once.")
            told = json.dumps(made | {"port": port, "from": number * orders})
            load = [python, script, "load", str(8 if first else orders), str(at_once)]
            done = subprocess.run(load, input=told, capture_output=True, text=True, check=False, env=environment)  # noqa: S603 — words of ours
            if done.returncode or not (one := json.loads(done.stdout))["confirmed"]:
                raise BenchProblem(f"pretix took no orders: {(done.stderr or done.stdout)[-2000:]}")
            # The first ones warm it up.
            found |= {} if first else {f"{at_once} at once": one}
        return found


def place(database: SplitResult) -> dict[str, str]:
    found = {"NAME": database.path.lstrip("/"), "USER": database.username, "PASSWORD": database.password, "HOST": database.hostname}
    return {"BACKEND": "postgresql", "PORT": str(database.port or 5432)} | {name: value or "" for name, value in found.items()}


def table(report: dict[str, Any]) -> str:
    ours = report["ours"]
    lines = [f"{report['people']:,} people, {report['rate']:.1f} a second; {ours['wrong']} went wrong.", ""]
    lines += [f"{'':<38}{'confirmed a second':>20}{'p95 s':>9}", f"{'ours':<38}{ours['a_second']:>20.1f}{ours['p95']:>9.2f}"]
    lines += [f"{f'pretix, {name}':<38}{one['a_second']:>20.1f}{one['p95']:>9.2f}" for name, one in report["pretix"].items()]
    lines += ["", *(f"{name:<38}{'':>20}{p95:>9.2f}" for name, p95 in ours["p95_by_request"].items())]
    lines += [f"{'processor time of our web processes':<38}{ours['processor_ms']:>20.1f} ms a person", ""]
    for one in report["rows"]:
        sign = "at most" if one["is_most"] else "at least"
        lines.append(f"{one['name']:<38}{one['value']:>20,.2f}  {sign} {one['limit']:g}{'' if one['holds'] else '  NOT HELD'}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
