"""`make bench-reach`: beacons of readers beside a loaded web server, public pages with and without the counting, and the screen over many events.

The product runs as production does, with the demo. wrk sends beacons of readers who are all different, at a rate that it is told to keep, while
another wrk asks for the front page as fast as it is answered; then as many as are answered; then the same of a server that makes one INSERT of each.
Then the roll-up of all that has come, and the screen over roll-ups of 10,000,000 events. With DATABASE_URL or REDIS_URL set, these are used.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.load import Sample, measure, spread
from bench.machine import BenchProblem, commands, free_port, run, running, say, wait_for
from bench.product import HEADERS, HOST, PAGE, Product, prepare, settings, start_product

if TYPE_CHECKING:
    from collections.abc import Iterable

# Each connection waits between its beacons, less what an answer takes.
RATE, CONNECTIONS, ANSWER_MS = 2_300, 64, 5
EVENTS = 10_000_000
LEAST_EVENTS_A_SECOND, MOST_BEACON_MS, MOST_LOST, MOST_SCREEN_MS = 2_000, 20.0, 0.03, 300.0
MOST_GROWTH_MB = 150
# Readers who differ in network and browser; pages that are there. wrk's `delay` keeps to the rate.
SCRIPT = """\
local pages = {{ {pages} }}
local headers = {{ ["Host"] = "{host}", ["X-Forwarded-Proto"] = "https", ["Origin"] = "https://{host}", ["Sec-Fetch-Site"] = "same-origin",
  ["Accept-Language"] = "fi-FI,fi;q=0.9", ["Content-Type"] = "application/x-www-form-urlencoded" }}
math.randomseed({seed})
request = function()
  headers["X-Forwarded-For"] = math.random(11, 99) .. "." .. math.random(0, 255) .. "." .. math.random(0, 255) .. "." .. math.random(1, 254)
  headers["User-Agent"] = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/" .. math.random(100, 140) ..
    ".0.0.0 Safari/537.36"
  local body = "page=" .. pages[math.random(#pages)] .. "&ref=www.google.com&campaign=kevat-" .. math.random(1, 9)
  return wrk.format("POST", "/reach/", headers, body)
end
{delay}
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-reach BENCH=", description="Counting readers, beside one INSERT each, and what it costs.")
    parser.add_argument("--json", action="store_true", help="the figures as JSON")
    parser.add_argument("--rounds", type=int, default=5, help="how often pages are measured with and without (5)")
    parser.add_argument("--seconds", type=int, default=10, help="how long beacons are sent each time (10)")
    parser.add_argument("--data", type=Path, help="a folder that keeps the demo for the next run; else a temporary one")
    options = parser.parse_args()
    try:
        report = bench(options)
    except BenchProblem as problem:
        sys.exit(f"bench: {problem}")
    sys.stdout.write((json.dumps(report, indent=2) if options.json else table(report)) + "\n")


def bench(options: argparse.Namespace) -> dict[str, Any]:
    wrk, load = commands()["wrk"], os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="kantama-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        data = options.data.resolve() if options.data else folder / "data"
        environment = settings(data)
        prepare(environment)
        product = start_product(stack, environment, folder)
        scripts = {paced: script(folder, pages_of(environment), paced=paced) for paced in (True, False)}
        before = memory_mb(product.pid)
        beside = beacons(wrk, product, scripts[True], options.seconds, beside_pages=True)
        alone = beacons(wrk, product, scripts[False], options.seconds)
        growth = memory_mb(product.pid) - before
        peer = start(stack, environment, folder, "bench.peers.plain_insert:application")
        plain = beacons(wrk, peer, scripts[False], options.seconds)
        bare = start(stack, environment, folder, "bench.peers.without_reach:application")
        lost = lost_by_pages(wrk, product, bare, options.rounds)
        rolled = json.loads(run([sys.executable, "-m", "bench.reach_rows", "roll"], environment))
        screen = json.loads(run([sys.executable, "-m", "bench.reach_rows", "screen"], of_staff(environment)))
    return found(environment, load, (beside, alone, plain), lost, growth, rolled, screen)


def found(
    environment: dict[str, str],
    load: float,
    sent: tuple[Sample, Sample, Sample],
    lost: float,
    growth: float,
    rolled: dict[str, Any],
    screen: dict[str, Any],
) -> dict[str, Any]:
    beside, alone, plain = sent
    holds = {
        "events": beside.requests_a_second >= LEAST_EVENTS_A_SECOND,
        "beacon": beside.p99_ms < MOST_BEACON_MS,
        "pages": lost < MOST_LOST,
        "screen": screen["p95_ms"] < MOST_SCREEN_MS,
        "memory": growth < MOST_GROWTH_MB,
    }
    return {
        "database": environment["DATABASE_URL"].split(":")[0],
        "buffer": "redis" if "REDIS_URL" in environment else "file",
        "processes": int(environment["WEB_PROCESSES"]),
        "cores": os.cpu_count(),
        "load_before": round(load, 2),
        "beside_pages_events_a_second": round(beside.requests_a_second),
        "beside_pages_p99_ms": beside.p99_ms,
        "most_events_a_second": round(alone.requests_a_second),
        "plain_insert_events_a_second": round(plain.requests_a_second),
        "plain_insert_p99_ms": plain.p99_ms,
        "pages_lose": round(lost, 4),
        "server_grew_mb": round(growth),
        "rolled_up": rolled,
        "screen": screen,
        "holds": holds,
    }


def table(report: dict[str, Any]) -> str:
    return "\n".join(f"{name:<32}{value}" for name, value in report.items())


def pages_of(environment: dict[str, str]) -> list[int]:
    return list(json.loads(run([sys.executable, "-m", "bench.reach_rows", "pages"], environment)))


def script(folder: Path, pages: Iterable[int], *, paced: bool) -> Path:
    delay = f"delay = function() return {1000 * CONNECTIONS // RATE - ANSWER_MS} end" if paced else ""
    path = folder / f"beacons-{paced}.lua"
    path.write_text(SCRIPT.format(pages=", ".join(map(str, pages)), host=HOST, seed=int(time.time()), delay=delay))
    return path


def beacons(wrk: str, server: Product, lua: Path, seconds: int, *, beside_pages: bool = False) -> Sample:
    url = f"{server.url}/reach/"
    words = [wrk, "--threads", "1", "--connections", "2", "--duration", f"{seconds + 4}s"]
    for name, value in HEADERS.items():
        words += ["--header", f"{name}: {value}"]
    loading = subprocess.Popen([*words, server.url + PAGE], stdout=subprocess.DEVNULL) if beside_pages else None  # noqa: S603 — words of ours
    time.sleep(1)
    sample = measure(wrk, url, {}, connections=CONNECTIONS if beside_pages else 16, seconds=seconds, script=lua)
    if loading:
        loading.wait()
    say(f"{sample.requests_a_second:,.0f} beacons a second, p99 {sample.p99_ms} ms.")
    return sample


def start(stack: ExitStack, environment: dict[str, str], folder: Path, target: str) -> Product:
    """As `manage.py web` starts the product (`desk.web`)."""
    port, log = free_port(), folder / f"{target.partition(':')[0]}.log"
    words = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--port", str(port), "--workers", environment["WEB_PROCESSES"]]
    where = environment | {"PYTHONPATH": f"{Path.cwd()}:{Path.cwd() / 'site'}"}
    process = stack.enter_context(running([*words, "--blocking-threads", "4", target], where, log))
    url = f"http://127.0.0.1:{port}"
    wait_for(url + PAGE, HEADERS, process, log)
    return Product(url, process.pid)


def lost_by_pages(wrk: str, product: Product, bare: Product, rounds: int) -> float:
    """Of the cached front page's requests a second: the share that the layer costs, in the middle of the rounds."""
    ratios = []
    for number in range(-1, rounds):
        servers = (product, bare) if number % 2 else (bare, product)
        samples = {one.url: measure(wrk, one.url + PAGE, HEADERS, connections=16, seconds=4) for one in servers}
        ratio = samples[product.url].requests_a_second / samples[bare.url].requests_a_second
        # The first warms both.
        ratios += [ratio] if number >= 0 else []
    return 1 - spread(ratios).median


def memory_mb(pid: int) -> float:
    """Of the server's processes together: what is theirs alone, and their part of what is shared (PSS)."""
    family = {pid}
    for _generation in range(3):
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                try:
                    parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                except OSError:
                    continue
                family |= {int(folder.name)} if parent in family else set()
    total = 0
    for one in family:
        for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines():
            total += int(line.split()[1]) if line.startswith("Pss:") else 0
    return total / 1024


def of_staff(environment: dict[str, str]) -> dict[str, str]:
    """The screen is asked in a process of its own, with the whole chain of middleware."""
    return {name: value for name, value in environment.items() if name != "EMAIL_URL"} | {"DJANGO_SETTINGS_MODULE": "config.settings.dev"}


if __name__ == "__main__":
    main()
