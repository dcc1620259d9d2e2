"""A flood of scripted sign-ups, over HTTP, from sources spread over 127.0.0.0/8, to a running web server and a worker that mails to a sink.

`make flood` does it in full: 10,000 sign-ups from 1,000 sources, on a database of its own. The suite does it with fewer (`test_flood.py`). Some
scripts only repeat themselves, some press the button twice as who has no scripts does, some solve the proof of work. Between them come people, who
must all get their seats. The sink's log and the rows are compared: no address has two mails of one event, no seat is held beyond its hold.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from bench.machine import free_port, wait_for
from tests.mail.murder import ROOT, database_url
from tests.own_database import own_database
from tests.proofs import solve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from events.models import EventPage

THREADS = 8
# The most that a hold may outlast its time: the clock of the worker looks every 10 s.
LONGEST_OVER = 20.0
PATIENCE = 120.0
HIDDEN = re.compile(r'name="(token|proof)" value="([^"]*)"')


@dataclass
class Flood:
    folder: Path
    pages: list[EventPage]
    sources: int
    signups: int
    seed: int
    people: int = 10
    hurry: float = 60.0
    port: int = field(default_factory=free_port)
    sink_port: int = field(default_factory=free_port)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    most_held: int = 0
    longest_over: float = 0.0
    holds: dict[int, set[Any]] = field(default_factory=dict)

    @property
    def log(self) -> Path:
        return self.folder / "sink.log"

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        extra = {
            "EMAIL_URL": f"smtp://127.0.0.1:{self.sink_port}", "DATABASE_URL": database_url(), "KANTAMA_DATA": str(self.folder), "LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "config.settings.dev", "FLOOD_HURRY": str(self.hurry), "BASE_URL": self.url,
        }  # fmt: skip
        path = os.pathsep.join([str(ROOT), str(ROOT / "site"), *sys.path])
        with (self.folder / "processes.log").open("ab") as output:
            environment = {name: value for name, value in os.environ.items() if name != "REDIS_URL"} | extra | {"PYTHONPATH": path}
            process = subprocess.Popen([sys.executable, *words], cwd=ROOT, env=environment, stdout=output, stderr=output, start_new_session=True)
        self.processes.append(process)
        return process

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start_all(self) -> None:
        self.start("-m", "tests.mail.sink_process", str(self.sink_port), str(self.log))
        self.start(str(ROOT / "manage.py"), "qcluster")
        words = ("--interface", "wsgi", "--no-ws", "--port", str(self.port), "--workers", "2", "--blocking-threads", "4")
        web = self.start("-m", "granian", *words, "--working-dir", str(ROOT / "site"), "tests.events.flood_site:application")
        wait_for(f"{self.url}/fi/", {}, web, self.folder / "processes.log")

    def end(self) -> None:
        """Each leads a group of its own."""
        for process in self.processes:
            if process.poll() is None:
                os.killpg(process.pid, 9)
            process.wait()


@dataclass
class Client:
    """One source address, with what a script keeps of a page."""

    flood: Flood
    number: int
    token: str

    @property
    def address(self) -> str:
        return f"127.{1 + self.number // 62_500}.{self.number // 250 % 250}.{1 + self.number % 250}"

    def send(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.flood.port, timeout=PATIENCE, source_address=(self.address, 0))
        try:
            headers = {"Content-Type": "application/x-www-form-urlencoded", "Host": f"127.0.0.1:{self.flood.port}"}
            connection.request(method, path, urlencode(fields or {}) if method == "POST" else None, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def sign_up(self, page: EventPage, email: str, *, way: str) -> int:
        """`way`: what it does when it is asked for a proof of work."""
        fields = {"first_name": "Aino", "last_name": "Esimerkki", "email": email, "language": "fi", "token": self.token}
        status, text = self.send("POST", f"/fi/events/{page.pk}/register/", fields)
        proof = dict(HIDDEN.findall(text)).get("proof") if status == 422 else None
        if proof and way != "again":
            fields["proof"] = solve(proof) if way == "solves" else proof
            status, text = self.send("POST", f"/fi/events/{page.pk}/register/", fields)
        self.flood.answers[page.title, status] += 1
        if status >= 500 or status in {400, 403, 404}:
            self.flood.errors.append(f"{page.title} {status}: {text[:2000]}")
        return status


def scripts(flood: Flood, token: str) -> Iterator[tuple[Client, EventPage, str, str]]:
    """Each source asks as often as the others; the addresses are as many as the sources, and each is asked for again and again."""
    chance = random.Random(flood.seed)
    each = flood.signups // flood.sources
    wishes = [number for number in range(flood.sources) for _time in range(each)]
    chance.shuffle(wishes)
    for number in wishes:
        way = "solves" if number % 50 == 7 else ("presses" if number % 3 == 1 else "again")
        yield Client(flood, number, token), chance.choice(flood.pages), f"victim{chance.randrange(flood.sources)}@example.org", way


def come(flood: Flood, token: str, number: int, page: EventPage) -> None:
    """A person, who solves what is asked (the browser does) and follows the link at once."""
    from events import links
    from events.models import Registration

    email, client = f"person{number}@example.org", Client(flood, flood.sources + number, token)
    if client.sign_up(page, email, way="solves") != 200:
        flood.errors.append(f"{email} did not get through")
        return
    path = links.registration_url(Registration.objects.get(person__email=email)).split("/", 3)[3]
    status, text = client.send("POST", f"/{path}")
    if status != 200:
        flood.errors.append(f"{email} could not confirm: {status} {text[:500]}")


def look(flood: Flood) -> None:
    """Who takes seats by the rows, beside the pool's own number; how long holds outlast their time, and whether any is renewed."""
    from django.db.models import F, IntegerField, OuterRef, Subquery, Sum
    from django.db.models.functions import Coalesce
    from django.utils import timezone

    from events.models import Pool, Registration
    from events.models.registrations import TAKING

    events = [page.event for page in flood.pages]
    takers = Registration.objects.filter(event=OuterRef("event"), state__in=TAKING).order_by().values("event")
    total = Coalesce(Subquery(takers.annotate(total=Sum("size")).values("total"), output_field=IntegerField()), 0)
    for pool in Pool.objects.filter(event__in=events).annotate(by_rows=total):
        assert pool.by_rows == pool.taken <= pool.capacity, (pool.by_rows, pool.taken, pool.capacity)
    now = timezone.now()
    small = Registration.objects.filter(event=flood.pages[0].event, state="held")
    flood.most_held = max(flood.most_held, small.aggregate(places=Sum("size"))["places"] or 0)
    for pk, until in Registration.objects.filter(event__in=events, state="held").values_list("pk", F("held_until")):
        flood.holds.setdefault(pk, set()).add(until)
        flood.longest_over = max(flood.longest_over, (now - until).total_seconds())


def go(flood: Flood) -> float:
    """Returns how long the flood took, in seconds."""
    from django.db import connections

    flood.start_all()
    _status, text = Client(flood, 0, "").send("GET", flood.pages[0].url)
    token = dict(HIDDEN.findall(text))["token"]
    before, is_over = time.monotonic(), threading.Event()

    def watch() -> None:
        try:
            while not is_over.wait(0.2):
                look(flood)
        except BaseException as broken:
            flood.errors.append(repr(broken))
        finally:
            connections.close_all()

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        with ThreadPoolExecutor(THREADS) as pool:
            wishes = list(scripts(flood, token))
            every = max(1, len(wishes) // flood.people)
            done = []
            for number, (client, page, email, way) in enumerate(wishes):
                done.append(pool.submit(client.sign_up, page, email, way=way))
                if number % every == every // 2:
                    done.append(pool.submit(closing, come, flood, token, number // every, flood.pages[0]))
            for one in done:
                one.result()
        took = time.monotonic() - before
        settle(flood)
    finally:
        is_over.set()
        watcher.join()
    return took


def closing(work: Any, *words: Any) -> None:
    from django.db import connections

    try:
        work(*words)
    finally:
        connections.close_all()


def settle(flood: Flood) -> None:
    """Till no hold and no mail is left. Links of who brought no proof are due within the hour, shortened as all else."""
    from events.models import Registration
    from mail.models import Delivery

    end = time.monotonic() + PATIENCE + 3600 / flood.hurry
    while Registration.objects.filter(state="held").exists() or Delivery.objects.open().exists():
        assert time.monotonic() < end, (flood.folder / "processes.log").read_text()[-4000:]
        time.sleep(0.5)


def check(flood: Flood) -> Counter[str]:
    """How often each address was mailed to. The sink's log is the truth; the rows say which mail was about what."""
    from django.db.models import Count

    from events.models import Pool, Registration
    from mail.models import Delivery

    assert not flood.errors, flood.errors[:3]
    taken = Counter(line.split(" ")[0] for line in flood.log.read_text().splitlines())
    sent = dict(Delivery.objects.filter(state="sent").values_list("address").annotate(mails=Count("pk")))
    assert taken == sent
    asked = dict(Registration.objects.values_list("person__email").annotate(events=Count("pk")))
    victims = {address: number for address, number in taken.items() if address.startswith("victim")}
    too_many = {address: number for address, number in victims.items() if number > asked[address]}
    assert not too_many, too_many
    by_event = Counter(Delivery.objects.filter(address__startswith="victim").values_list("address", "subject"))
    assert max(by_event.values(), default=0) == 1, by_event.most_common(3)
    assert flood.longest_over <= LONGEST_OVER, flood.longest_over
    assert all(len(until) == 1 for until in flood.holds.values()), "a hold was renewed"
    confirmed = Registration.objects.filter(state="confirmed", person__email__startswith="person").count()
    assert confirmed == flood.people
    assert sum(pool.taken for pool in Pool.objects.filter(event__in=[page.event for page in flood.pages])) == flood.people
    return taken


def make_pages(capacities: tuple[int, int]) -> list[EventPage]:
    """A small event, which comes into a rush, and one so large that nothing is unusual."""
    from tests import factories

    theme = factories.make_theme()
    calendar, goal = factories.make_events_page(factories.make_home(theme)), factories.make_goal(theme)
    names = ("Pieni", "Suuri")
    return [factories.make_event_page(calendar, title=name, goals=[goal], capacity=size) for name, size in zip(names, capacities, strict=True)]


def main() -> None:
    parser = argparse.ArgumentParser(prog="make flood FLOOD=", description="Scripted sign-ups from many sources, beside the mail server's own log.")
    parser.add_argument("--signups", type=int, default=10_000)
    parser.add_argument("--sources", type=int, default=1_000)
    parser.add_argument("--capacity", type=int, default=100)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    options = parser.parse_args()
    with own_database(), TemporaryDirectory(prefix="kantama-flood-") as name:
        sys.stdout.write(report(Path(name), options))


def report(folder: Path, options: argparse.Namespace) -> str:
    from django.db import connection
    from wagtail.models import Page

    from tests import factories

    if not Page.objects.filter(depth=2).exists():
        factories.make_root()
    flood = Flood(folder, make_pages((options.capacity, 4 * options.signups)), options.sources, options.signups, options.seed)
    with ExitStack() as stack:
        stack.callback(flood.end)
        took = go(flood)
    taken = check(flood)
    answers = ", ".join(f"{slug} {status}: {number:,}" for (slug, status), number in sorted(flood.answers.items()))
    victims = sum(number for address, number in taken.items() if address.startswith("victim"))
    return (
        f"Seed {options.seed} on {connection.vendor}: {options.signups:,} sign-ups from {options.sources:,} sources in {took:.0f} s.\n"
        f"Answers: {answers}.\n"
        f"The sink took {victims:,} mails to {options.sources:,} addresses for two events: at most one for each address and event.\n"
        f"Of {options.capacity} seats at most {flood.most_held} were held at once; no hold outlasted its time by more than"
        f" {flood.longest_over:.1f} s, none was renewed; {flood.people} of {flood.people} people got their seats meanwhile.\n"
    )


if __name__ == "__main__":
    main()
