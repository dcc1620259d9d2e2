"""`make bench-uncached`: articles as the application renders them, past the page cache, by the product as production runs it.

wrk asks for all stories of the demo in turn, each time with a query that the cache keeps nothing for. What is remembered between changes
(`base.remembered`) is warm in one half of the rounds, and is made old twenty times a second in the other. Rates depend on what else the
machine does; the processor's time for a page does not, and says what the cores at hand could serve.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import tempfile
import threading
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.load import Sample, measure, spread
from bench.machine import BenchProblem, commands, fetch, processor_seconds, say
from bench.product import HEADERS, Product, prepare, settings, start_product

if TYPE_CHECKING:
    from collections.abc import Iterator

# Pages a second of two processes on two cores.
LIMIT, PROCESSES = 120, 2
CHANGES_A_SECOND = 20
SECTION = "jutut"
LUA = """\
local paths, at = {{ {paths} }}, 0
request = function()
  at = at + 1
  return wrk.format("GET", paths[at % #paths + 1] .. "?uncached=" .. at)
end
"""


@dataclass(frozen=True)
class Round:
    """`sample` is the load generator's; `processor_ms` the product's, for each page."""

    is_changing: bool
    sample: Sample
    processor_ms: float


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-uncached BENCH=", description="Articles past the page cache, beside a limit.")
    parser.add_argument("--json", action="store_true", help="the figures as JSON")
    parser.add_argument("--rounds", type=int, default=6, help="how often it is measured (6)")
    parser.add_argument("--seconds", type=int, default=4, help="how long each time (4)")
    parser.add_argument("--connections", type=int, default=8, help="how many connections stay open (8)")
    parser.add_argument("--data", type=Path, help="a folder that keeps the demo for the next run; else a temporary one")
    options = parser.parse_args()
    try:
        rounds, pages = bench(options)
    except BenchProblem as problem:
        sys.exit(f"bench: {problem}")
    report = summary(rounds) | {"pages": pages, "processes": processes()}
    sys.stdout.write((json.dumps(report | {"rounds": [asdict(one) for one in rounds]}, indent=2) if options.json else table(report)) + "\n")
    sys.exit(report["warm"]["requests_a_second"] < report["limit"])


def processes() -> int:
    return int(os.environ.get("WEB_PROCESSES", PROCESSES if os.environ.get("REDIS_URL") else 1))


def bench(options: argparse.Namespace) -> tuple[list[Round], int]:
    wrk = commands()["wrk"]
    with tempfile.TemporaryDirectory(prefix="kantama-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        data = options.data.resolve() if options.data else folder / "data"
        environment = settings(data) | {"WEB_PROCESSES": str(processes())}
        prepare(environment)
        product = start_product(stack, environment, folder)
        paths = stories(product)
        script = folder / "paths.lua"
        script.write_text(LUA.format(paths=", ".join(map(json.dumps, paths))))

        def sample(seconds: int) -> tuple[Sample, float]:
            before = processor_seconds(product.pid)
            found = measure(wrk, product.url, HEADERS, connections=options.connections, seconds=seconds, script=script)
            used = processor_seconds(product.pid) - before
            return found, used * 1000 / (found.requests_a_second * seconds)

        sample(2)  # warm
        rounds = []
        for number in range(options.rounds):
            is_changing = number % 2 == 1
            with changing(data) if is_changing else ExitStack():
                rounds.append(Round(is_changing, *sample(options.seconds)))
            say(f"Round {number + 1} of {options.rounds}: {rounds[-1].sample.requests_a_second:,.1f} a second.")
    return rounds, len(paths)


def stories(product: Product) -> list[str]:
    text = fetch(f"{product.url}/fi/sitemap.xml", HEADERS | {"Accept-Encoding": "identity"})[0].decode()
    paths: list[str] = re.findall(rf"<loc>https?://[^/]+(/fi/{SECTION}/[^<]+)</loc>", text)
    if not paths:
        raise BenchProblem("The map of the site has no stories.")
    return paths


@contextmanager
def changing(data: Path) -> Iterator[None]:
    """As if something were published all the time: the number that the product's processes look at rises."""
    sys.path.insert(0, "site")
    from base.page_cache import Generation

    number, ended = Generation(data / "pages.generation"), threading.Event()

    def change() -> None:
        while not ended.wait(1 / CHANGES_A_SECOND):
            number.bump()

    thread = threading.Thread(target=change)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def summary(rounds: list[Round]) -> dict[str, Any]:
    """The limit is for two processes; of one, half is asked."""
    found: dict[str, Any] = {"limit": LIMIT * processes() / PROCESSES}
    for name, is_changing in (("warm", False), ("changing", True)):
        chosen = [one for one in rounds if one.is_changing == is_changing]
        if chosen:
            found[name] = {
                "requests_a_second": spread([one.sample.requests_a_second for one in chosen]).median,
                "p99_ms": spread([one.sample.p99_ms for one in chosen]).median,
                "processor_ms": spread([one.processor_ms for one in chosen]).median,
            }
    return found


def table(report: dict[str, Any]) -> str:
    lines = [f"{report['pages']} articles, {report['processes']} processes; at least {report['limit']:.0f} pages a second are asked for.", ""]
    lines.append(f"{'':<10}{'pages/s':>10}{'p99 ms':>10}{'processor ms a page':>22}")
    for name in ("warm", "changing"):
        if row := report.get(name):
            lines.append(f"{name:<10}{row['requests_a_second']:>10,.1f}{row['p99_ms']:>10,.1f}{row['processor_ms']:>22.2f}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
