"""`make bench-sending`: an issue in three languages to many, ledger on, beside Debian's `smtp-source` and two peers, in one run.

All send mails of the same size to the same `smtp-sink` on this machine: `smtp-source -d` in as many sessions as we have; ours with two
workers, from the frozen mailing to the last settled row; ours again with DKIM; and the peers by their own code, to fewer people, since
they take so long. Rates of one run stand beside each other; what else the machine does, it does to all of them.

`--freeze 100000` and `--memory 200000` measure these alone: the freezing of so many, and whether a worker that sends to so many takes more memory
than for a tenth. Processor time stands beside the seconds, for a machine that does other things too.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from bench.machine import ROOT, SEARCHED, BenchProblem, free_port, install, run, running, say
from bench.product import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

WORKERS = 2
# Of each worker: `mail.smtp.CONNECTIONS`.
CONNECTIONS = 2
# Of `smtp-source` at the same size and sessions, plain and with DKIM; times as fast as a peer; of PostgreSQL's rate, on SQLite.
LEAST, LEAST_SIGNED, LEAST_OF_PEER, LEAST_ON_SQLITE = 0.7, 0.3, 8.0, 0.5
MOST_MEMORY_MB, MOST_FREEZE_SECONDS = 150, 3.0
# Of a worker's memory with ten times the recipients: what no measuring is free of.
MOST_GROWTH_MB = 10
PEERS = {"django-newsletter": ["django-newsletter", "sorl-thumbnail", "psycopg[binary]"], "wagtail-birdsong": ["wagtail-birdsong", "psycopg[binary]"]}


@dataclass(frozen=True)
class Sending:
    """`memory_mb` is the most that one worker took above what it had idle."""

    a_second: float
    freeze_seconds: float
    memory_mb: float
    processor_ms: float
    bytes: int
    recipients: int
    freeze_processor_seconds: float


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-sending BENCH=", description="A mailing beside smtp-source and two peers.")
    parser.add_argument("--json", action="store_true", help="the figures as JSON")
    parser.add_argument("--recipients", type=int, default=20_000, help="how many get our issue (20,000)")
    parser.add_argument("--peer-recipients", type=int, default=500, help="how many get a peer's (500)")
    parser.add_argument("--rounds", type=int, default=3, help="how often smtp-source and ours are measured, in turn (3)")
    parser.add_argument("--freeze", type=int, default=0, help="measure the freezing of so many recipients, apart")
    parser.add_argument(
        "--memory", type=int, default=0, help="measure a worker's memory with so many and with a tenth, and nothing else but --freeze"
    )
    options = parser.parse_args()
    is_apart = options.freeze or options.memory
    try:
        with tempfile.TemporaryDirectory(prefix="kantama-bench-") as name, ExitStack() as stack:
            report = (apart if is_apart else bench)(options, Path(name), stack)
    except BenchProblem as problem:
        sys.exit(f"bench: {problem}")
    told = json.dumps(report, indent=2) if options.json else (table_apart if is_apart else table)(report)
    sys.stdout.write(told + "\n")
    sys.exit(not all(row["holds"] for row in report["rows"]))


def bench(options: argparse.Namespace, folder: Path, stack: ExitStack) -> dict[str, Any]:
    port, makers = opened(folder, stack)
    first = next(iter(makers))
    sources, plain, signed = [], {name: list[Sending]() for name in makers}, list[Sending]()
    for number in range(options.rounds):
        for name, maker in makers.items():
            plain[name].append(maker.send(options.recipients))
            if name == first:
                sources.append(smtp_source(port, plain[name][-1].bytes, options.recipients))
                signed.append(maker.send(options.recipients, dkim=True))
        say(f"Round {number + 1} of {options.rounds}: ours {plain[first][-1].a_second:,.0f} a second, smtp-source {sources[-1]:,.0f}.")
    peers = {name: peer(name, folder, makers[first], port, options.peer_recipients, stack) for name in PEERS}
    return summary(first, sources, plain, signed, peers)


def opened(folder: Path, stack: ExitStack) -> tuple[int, dict[str, Maker]]:
    """The sink's port, and ours on each database, PostgreSQL first where the environment names one."""
    if not shutil.which("smtp-sink", path=SEARCHED):
        install(["postfix"])
    port = free_port()
    stack.enter_context(running(["smtp-sink", "-u", "nobody", f"127.0.0.1:{port}", "1000"], os.environ | {"PATH": SEARCHED}, folder / "sink.log"))
    databases = {"SQLite": f"sqlite:///{folder / 'bench.sqlite3'}"}
    if server := os.environ.get("DATABASE_URL", ""):
        databases = {"PostgreSQL": stack.enter_context(database_on(server))} | databases
    return port, {name: Maker(folder / name, url, port) for name, url in databases.items()}


def apart(options: argparse.Namespace, folder: Path, stack: ExitStack) -> dict[str, Any]:
    """On the first database: freezing, and memory."""
    name, maker = next(iter(opened(folder, stack)[1].items()))
    rows, facts = [], dict[str, Any]()
    if options.freeze:
        say(f"Freezing {options.freeze:,} on {name}.")
        frozen = maker.freeze(options.freeze)
        rows.append(row(f"{name}, freezing {frozen['frozen']:,}, seconds", frozen["freeze_seconds"], MOST_FREEZE_SECONDS, is_most=True))
        facts["processor seconds of it, the database's among them"] = frozen["freeze_processor_seconds"]
    if options.memory:
        say(f"Sending to {options.memory // 10:,}, then to {options.memory:,} on {name}.")
        few, many = (maker.send(number) for number in (options.memory // 10, options.memory))
        rows.append(row(f"a worker's memory at {many.recipients:,}, MB above idle", many.memory_mb, MOST_MEMORY_MB, is_most=True))
        rows.append(row(f"more of it than at {few.recipients:,}, MB", many.memory_mb - few.memory_mb, MOST_GROWTH_MB, is_most=True))
        facts |= {"a second": many.a_second, "processor ms of our workers a mail": many.processor_ms}
    return {"rows": rows, "facts": facts}


@contextmanager
def database_on(server: str) -> Iterator[str]:
    """A database of the bench's own, on the server that the address names."""
    import psycopg

    name = f"kantama_bench_{os.getpid()}_{time.monotonic_ns()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


class Maker:
    """Our product on one database: migrated, opened, and with its settings."""

    def __init__(self, data: Path, database: str, port: int) -> None:
        data.mkdir()
        self.data = data
        self.environment = settings(data) | {
            "DJANGO_SETTINGS_MODULE": "config.settings.dev", "DATABASE_URL": database, "EMAIL_URL": f"smtp://127.0.0.1:{port}",
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}",
        }  # fmt: skip
        say(f"Opening a site on {database.partition(':')[0]}.")
        manage = [sys.executable, "manage.py"]
        run([*manage, "migrate", "--verbosity", "0"], self.environment)
        run([*manage, "start_theme", "--administrator", "bench@kantama.internal"], self.environment)
        run(["openssl", "genrsa", "-out", str(data / "dkim.pem"), "2048"], self.environment)

    def send(self, recipients: int, *, dkim: bool = False) -> Sending:
        environment = self.environment | ({"DKIM_KEY_FILE": str(self.data / "dkim.pem")} if dkim else {})
        made = json.loads(run([sys.executable, "-m", "bench.letters", "make", str(recipients)], environment))
        start = self.data / f"start-{made['mailing']}"
        words = [sys.executable, "-m", "bench.letters", "work", str(start)]
        workers = [subprocess.Popen(words, env=environment, cwd=ROOT, stdout=subprocess.PIPE) for _ in range(WORKERS)]  # noqa: S603 — words of ours
        while len(list(self.data.glob(f"{start.name}.*"))) < WORKERS:
            time.sleep(0.02)
        before = time.perf_counter()
        start.touch()
        told = [json.loads(worker.communicate()[0]) for worker in workers]
        taken = time.perf_counter() - before
        self.check(made["mailing"], recipients)
        memory = max(one["most_kb"] - one["idle_kb"] for one in told) / 1024
        processor = sum(one["processor_seconds"] for one in told) * 1000 / recipients
        return Sending(recipients / taken, made["freeze_seconds"], memory, processor, made["bytes"], made["frozen"], made["freeze_processor_seconds"])

    def freeze(self, recipients: int) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(run([sys.executable, "-m", "bench.letters", "freeze", str(recipients)], self.environment))
        if found["frozen"] != recipients:
            raise BenchProblem(f"Not all were frozen: {found}.")
        return found

    def check(self, mailing: int, recipients: int) -> None:
        """A rate of mails that did not leave is none."""
        found = json.loads(run([sys.executable, "manage.py", "issue_ledger", "--all", "--json"], self.environment))[-1]
        if (found["frozen"], found["sent"]) != (recipients, recipients):
            raise BenchProblem(f"Mailing {mailing} did not leave: {found}.")

    def letter(self) -> dict[str, str]:
        """The last issue's mail, as the peers send it."""
        words: dict[str, str] = json.loads(run([sys.executable, "-m", "bench.letters", "show", ""], self.environment))
        return words


def smtp_source(port: int, size: int, number: int) -> float:
    before = time.perf_counter()
    run(
        ["smtp-source", "-d", "-s", str(WORKERS * CONNECTIONS), "-l", str(size), "-m", str(number), f"127.0.0.1:{port}"],
        os.environ | {"PATH": SEARCHED},
    )
    return number / (time.perf_counter() - before)


def peer(name: str, folder: Path, maker: Maker, port: int, number: int, stack: ExitStack) -> float:
    """Mails a second. Its packages come from PyPI into an environment of its own."""
    say(f"{name} sends to {number}.")
    home = folder / name
    home.mkdir()
    for kind, text in maker.letter().items():
        (home / f"letter.{kind}").write_text(text)
    uv = str(Path(sys.executable).parent / "uv")
    run([uv, "venv", "--quiet", str(home / "venv")], dict(os.environ))
    run([uv, "pip", "install", "--quiet", "--python", str(home / "venv"), *PEERS[name]], dict(os.environ))
    server = maker.environment["DATABASE_URL"]
    database = stack.enter_context(database_on(server)) if server.startswith("postgres") else f"sqlite:///{home / 'peer.sqlite3'}"
    environment = os.environ | {"PEER": name, "PEER_FOLDER": str(home), "DATABASE_URL": database, "SINK_PORT": str(port), "PYTHONWARNINGS": "ignore"}
    seconds = run([str(home / "venv" / "bin" / "python"), str(ROOT / "bench" / "peers" / "send.py"), str(number)], environment)
    return number / float(seconds.split()[-1])


def middle(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def summary(first: str, sources: list[float], plain: dict[str, list[Sending]], signed: list[Sending], peers: dict[str, float]) -> dict[str, Any]:
    """Ratios are taken within a round; the middle one stands."""
    rates = {name: middle([one.a_second for one in found]) for name, found in plain.items()}
    rows = [
        row(f"{first}, beside smtp-source", middle([one.a_second / source for one, source in zip(plain[first], sources, strict=True)]), LEAST),
        row("the same with DKIM", middle([one.a_second / source for one, source in zip(signed, sources, strict=True)]), LEAST_SIGNED),
        *(row(f"{first}, beside {name}", rates[first] / rate, LEAST_OF_PEER) for name, rate in peers.items()),
    ]
    if len(plain) > 1:
        rows.append(row("SQLite, beside PostgreSQL", rates["SQLite"] / rates["PostgreSQL"], LEAST_ON_SQLITE))
    every = [one for found in (*plain.values(), signed) for one in found]
    rows.append(row("a worker's memory, MB above idle", max(one.memory_mb for one in every), MOST_MEMORY_MB, is_most=True))
    rows.append(row("freezing, seconds", max(one.freeze_seconds for one in every), MOST_FREEZE_SECONDS, is_most=True))
    return {
        "rows": rows, "a_second": rates | {"with DKIM": middle([one.a_second for one in signed]), "smtp-source": middle(sources)} | peers,
        "bytes": every[0].bytes, "recipients": every[0].recipients, "processor_ms": middle([one.processor_ms for one in plain[first]]),
        "sendings": {name: [asdict(one) for one in found] for name, found in plain.items()} | {"signed": [asdict(one) for one in signed]},
        "noise": (max(sources) - min(sources)) / middle(sources),
    }  # fmt: skip


def row(name: str, value: float, limit: float, *, is_most: bool = False) -> dict[str, Any]:
    return {"name": name, "value": value, "limit": limit, "is_most": is_most, "holds": value <= limit if is_most else value >= limit}


def table(report: dict[str, Any]) -> str:
    lines = [f"{report['recipients']:,} recipients, {report['bytes']:,} bytes a mail, {WORKERS} workers. Noise: {report['noise']:.0%}.", ""]
    lines += [f"{name:<34}{rate:>10,.0f} a second" for name, rate in report["a_second"].items()]
    lines += [f"{'processor time of our workers':<34}{report['processor_ms']:>10.2f} ms a mail", ""]
    return "\n".join([*lines, *rows_told(report)])


def table_apart(report: dict[str, Any]) -> str:
    return "\n".join([*rows_told(report), *(f"{name:<50}{value:>10.2f}" for name, value in report["facts"].items())])


def rows_told(report: dict[str, Any]) -> list[str]:
    wide = max(34, *(len(one["name"]) + 1 for one in report["rows"]))
    signs = [("at most" if one["is_most"] else "at least", "" if one["holds"] else "  NOT HELD") for one in report["rows"]]
    return [
        f"{one['name']:<{wide}}{one['value']:>10.2f}  {sign} {one['limit']:g}{broken}"
        for one, (sign, broken) in zip(report["rows"], signs, strict=True)
    ]


if __name__ == "__main__":
    main()
