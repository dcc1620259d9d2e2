"""The ledger under murder: while a mailing leaves, its workers, their database connections and the mail server are killed at random points.

`make murder` does it in full: 20,000 recipients, 100 points, on a database of its own. The suite does it with fewer (`test_murder.py`).
The sink's own log is the truth that the ledger is compared with.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from bench.machine import free_port
from tests.own_database import own_database

if TYPE_CHECKING:
    from collections.abc import Callable

    from mail.models import Mailing

ROOT = Path(__file__).resolve().parents[2]
WORKERS = 2
PATIENCE = 600


@dataclass
class Scene:
    """What runs, and who of it was killed how often."""

    folder: Path
    mailing: Mailing
    port: int = field(default_factory=free_port)
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    sink: subprocess.Popen[bytes] | None = None
    killed: Counter[str] = field(default_factory=Counter)
    looks: int = 0

    @property
    def log(self) -> Path:
        return self.folder / "sink.log"

    def taken(self) -> Counter[str]:
        """How often each address was taken, by the sink's own log."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return Counter(line.split(" ")[0] for line in lines)

    def lines(self) -> int:
        return self.log.read_bytes().count(b"\n") if self.log.exists() else 0

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        extra = {"EMAIL_URL": f"smtp://127.0.0.1:{self.port}", "DATABASE_URL": database_url(), "HURRY": "1", "LOG_LEVEL": "ERROR"}
        path = os.pathsep.join([str(ROOT), str(ROOT / "site"), *sys.path])
        with (self.folder / "processes.log").open("ab") as output:
            environment = os.environ | extra | {"PYTHONPATH": path}
            return subprocess.Popen([sys.executable, "-m", *words], cwd=ROOT, env=environment, stdout=output, stderr=output)

    def start_sink(self) -> None:
        self.sink = self.start("tests.mail.sink_process", str(self.port), str(self.log))

    def start_all(self) -> None:
        self.start_sink()
        self.workers = [self.start("tests.mail.worker") for _ in range(WORKERS)]

    def kill_worker(self, chance: random.Random) -> None:
        number = chance.randrange(WORKERS)
        kill(self.workers[number])
        self.workers[number] = self.start("tests.mail.worker")

    def kill_sink(self, chance: random.Random) -> None:
        assert self.sink is not None
        kill(self.sink)
        time.sleep(chance.random() * 0.3)
        self.start_sink()

    def end(self) -> None:
        for process in [*self.workers, self.sink]:
            if process is not None:
                kill(process)

    def look(self) -> Any:
        """frozen = sent + failed + suppressed + in doubt + waiting, whatever is going on."""
        from mail import ledger

        found = ledger.balance(self.mailing)
        assert found.is_balanced, found
        self.looks += 1
        return found


def kill(process: subprocess.Popen[bytes]) -> None:
    """The process that we started, and no other."""
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def kill_connection(_chance: random.Random) -> None:
    """Of a worker; PostgreSQL alone has any to kill."""
    from django.db import connection

    others = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_terminate_backend(pid) FROM ({others}) AS one")


def database_url() -> str:
    from django.db import connection

    values: dict[str, Any] = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{values['NAME']}"
    return f"postgres://{values['USER']}:{values['PASSWORD']}@{values['HOST']}:{values['PORT']}/{values['NAME']}"


def commit_murders(scene: Scene, *, points: int, seed: int) -> None:
    """Kills when the server has taken so and so many, at `points` random numbers, looking all the while; the rest leaves in peace."""
    from django.db import connection

    chance = random.Random(seed)
    ways: dict[str, Callable[[random.Random], None]] = {"worker": scene.kill_worker, "sink": scene.kill_sink}
    if connection.vendor == "postgresql":
        ways["connection"] = kill_connection
    for number in sorted(chance.sample(range(1, scene.look().frozen), points)):
        wait_until(scene, lambda look, number=number: not look.waiting or scene.lines() >= number)  # type: ignore[misc]  # mypy knows no default of a lambda
        name = chance.choice(sorted(ways))
        ways[name](chance)
        scene.killed[name] += 1
    wait_until(scene, lambda look: not look.waiting)


def wait_until(scene: Scene, is_so: Callable[[Any], bool]) -> None:
    """Looks at the sums all the while."""
    end = time.monotonic() + PATIENCE
    while not is_so(scene.look()):
        assert time.monotonic() < end, (scene.folder / "processes.log").read_text()[-4000:]
        time.sleep(0.002)


def compare(scene: Scene) -> Counter[str]:
    """Nobody was missed, nobody got two, and whoever is called sent has one. Returns how many are in which state."""
    from mail.models import Delivery

    taken = scene.taken()
    rows = dict(Delivery.objects.filter(mailing=scene.mailing).values_list("address", "state"))
    assert set(taken) <= set(rows)
    doubled = {address: count for address, count in taken.items() if count > 1}
    assert not doubled, doubled
    for address, state in rows.items():
        if state == Delivery.State.SENT:
            assert taken[address] == 1, f"{address} is called sent, and has nothing"
        elif state != Delivery.State.IN_DOUBT:
            assert taken[address] == 0, f"{address} is {state}, and has one"
    return Counter(rows.values())


def settle_doubts(scene: Scene) -> tuple[int, int]:
    """By the sink's log, as somebody with the server's log in hand would. Returns how many had arrived, and how many had not."""
    from mail import ledger
    from mail.models import Delivery

    taken = scene.taken()
    answers = []
    for row in Delivery.objects.filter(mailing=scene.mailing, state=Delivery.State.IN_DOUBT):
        answers.append(taken[row.address] == 1)
        assert ledger.resolve_doubt(row, sent=answers[-1], by=None)
    return sum(answers), len(answers) - sum(answers)


def main() -> None:
    parser = argparse.ArgumentParser(prog="make murder MURDER=", description="The ledger under murder, beside the mail server's own log.")
    parser.add_argument("--recipients", type=int, default=20_000)
    parser.add_argument("--points", type=int, default=100)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    options = parser.parse_args()
    with own_database(), TemporaryDirectory(prefix="kantama-murder-") as name:
        sys.stdout.write(report(Path(name), options))


def report(folder: Path, options: argparse.Namespace) -> str:
    from mail import ledger, streams
    from tests.mail.conftest import NEWS, addresses, freeze_to

    streams.register(streams.Stream(NEWS))
    scene = Scene(folder, freeze_to(*addresses(options.recipients)))
    before = time.monotonic()
    with ExitStack() as stack:
        stack.callback(scene.end)
        scene.start_all()
        commit_murders(scene, points=options.points, seed=options.seed)
        states = compare(scene)
        arrived, lost = settle_doubts(scene)
        again = ledger.retry_failed(scene.mailing, by=None)
        assert again == lost
        wait_until(scene, lambda look: not look.waiting)
        after = compare(scene)
        assert scene.taken().total() == options.recipients
    return (
        f"Seed {options.seed}: {options.recipients:,} recipients, killed {dict(scene.killed)}, {time.monotonic() - before:.0f} s.\n"
        f"The sums balanced at {scene.looks:,} of {scene.looks:,} looks. Nobody was missed, nobody got two.\n"
        f"After the murders: {dict(states)}. Of those in doubt, {arrived} had arrived and {lost} had not; sent again: {again}.\n"
        f"At the end: {dict(after)}, and the server's log has one of each.\n"
    )


if __name__ == "__main__":
    main()
