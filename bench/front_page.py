"""`make bench`: the front page as production serves it, beside the same bytes as a static file behind nginx.

Both servers run the whole time with as many processes; wrk asks each in turn, round by round, in changing order, so that what
else the machine does meets both. The ratio is taken within each round. With DATABASE_URL or REDIS_URL set, these are used, and the demo is
made in that database; otherwise SQLite in a temporary folder.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.load import Sample, Spread, measure, spread
from bench.machine import BenchProblem, commands, fetch, free_port, running, say, wait_for
from bench.product import HEADERS, PAGE, prepare, settings, start_product

NOISY = 0.1
NGINX = """\
daemon off;
{user}
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log;
worker_processes {processes};
events {{ worker_connections 1024; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000000;
    open_file_cache max=16 inactive=1h;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        root {folder}/page;
        types {{ }}
        default_type "{content_type}";
        {encoding}
        location / {{ try_files /index =404; }}
    }}
}}
"""


@dataclass(frozen=True)
class Round:
    product: Sample
    nginx: Sample

    @property
    def ratio(self) -> float:
        return self.product.requests_a_second / self.nginx.requests_a_second


@dataclass(frozen=True)
class Report:
    """`conditions` is what the figures depend on, by name."""

    conditions: dict[str, Any]
    rounds: list[Round]

    @property
    def product(self) -> Spread:
        return spread([one.product.requests_a_second for one in self.rounds])

    @property
    def nginx(self) -> Spread:
        return spread([one.nginx.requests_a_second for one in self.rounds])

    @property
    def ratio(self) -> Spread:
        return spread([one.ratio for one in self.rounds])

    @property
    def noise(self) -> float:
        """How far nginx's own rounds lie apart, as a share of their median: no code of ours is in it."""
        return self.nginx.width

    def as_json(self) -> str:
        found = {name: asdict(getattr(self, name)) for name in ("product", "nginx", "ratio")}
        rounds = [asdict(one) | {"ratio": one.ratio} for one in self.rounds]
        return json.dumps(self.conditions | found | {"noise": self.noise, "rounds": rounds}, indent=2)

    def as_table(self) -> str:
        lines = [f"{name:<14}{value}" for name, value in self.conditions.items()]
        lines += ["", f"{'requests/s':<14}{'median':>12}{'lowest':>12}{'highest':>12}{'p50 ms':>10}{'p99 ms':>10}"]
        for name in ("product", "nginx"):
            found: Spread = getattr(self, name)
            samples: list[Sample] = [getattr(one, name) for one in self.rounds]
            p50, p99 = (spread([getattr(sample, column) for sample in samples]).median for column in ("p50_ms", "p99_ms"))
            lines.append(f"{name:<14}{found.median:>12,.1f}{found.lowest:>12,.1f}{found.highest:>12,.1f}{p50:>10,.2f}{p99:>10,.2f}")
        ratio = self.ratio
        lines.append(f"{'ratio':<14}{ratio.median:>12.4f}{ratio.lowest:>12.4f}{ratio.highest:>12.4f}")
        warning = " That is a noisy machine: repeat the run on a quiet one." if self.noise > NOISY else ""
        lines += ["", f"Noise: nginx's own rounds lie {self.noise:.1%} of their median apart.{warning}"]
        return "\n".join(lines)


def main() -> None:
    options = arguments()
    try:
        report = bench(options)
    except BenchProblem as problem:
        sys.exit(f"bench: {problem}")
    sys.stdout.write((report.as_json() if options.json else report.as_table()) + "\n")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench BENCH=", description="The front page beside the same bytes behind nginx.")
    parser.add_argument("--json", action="store_true", help="the figures as JSON")
    parser.add_argument("--rounds", type=int, default=7, help="how often each is measured (7)")
    parser.add_argument("--seconds", type=int, default=4, help="how long each time (4)")
    parser.add_argument("--connections", type=int, default=16, help="how many connections stay open (16)")
    parser.add_argument("--data", type=Path, help="a folder that keeps the demo for the next run; else a temporary one")
    return parser.parse_args()


def bench(options: argparse.Namespace) -> Report:
    found = commands()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="kantama-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        data = options.data.resolve() if options.data else folder / "data"
        environment = settings(data)
        prepare(environment)
        urls = {"product": start_product(stack, environment, folder).url + PAGE}
        body, headers = same_twice(urls["product"])
        urls["nginx"] = start_nginx(stack, found["nginx"], folder, body, headers, int(environment["WEB_PROCESSES"]))
        if fetch(urls["nginx"], HEADERS)[0] != body:
            raise BenchProblem("nginx does not serve the page's bytes.")
        rounds = measured(found["wrk"], urls, options)
    return Report(conditions(options, environment, body, headers, load), rounds)


def start_nginx(stack: ExitStack, nginx: str, folder: Path, body: bytes, headers: dict[str, str], processes: int) -> str:
    port, log, encoding = free_port(), folder / "nginx.log", headers.get("content-encoding")
    (folder / "page").mkdir()
    (folder / "page" / "index").write_bytes(body)
    text = NGINX.format(
        # Started by root, nginx would take a user who may not read the temporary folder.
        user="user root;" if os.geteuid() == 0 else "",
        folder=folder,
        processes=processes,
        port=port,
        content_type=headers["content-type"],
        encoding=f"add_header Content-Encoding {encoding};" if encoding else "",
    )
    (folder / "nginx.conf").write_text(text)
    words = [nginx, "-p", str(folder), "-e", str(folder / "nginx-error.log"), "-c", str(folder / "nginx.conf")]
    process = stack.enter_context(running(words, dict(os.environ), log))
    url = f"http://127.0.0.1:{port}{PAGE}"
    wait_for(url, HEADERS, process, log)
    return url


def same_twice(url: str) -> tuple[bytes, dict[str, str]]:
    body, headers = fetch(url, HEADERS)
    if fetch(url, HEADERS)[0] != body:
        raise BenchProblem("The page differs from one request to the next, so its bytes cannot be compared.")
    return body, headers


def measured(wrk: str, urls: dict[str, str], options: argparse.Namespace) -> list[Round]:
    names = list(urls)

    def sample(name: str, seconds: int) -> Sample:
        return measure(wrk, urls[name], HEADERS, connections=options.connections, seconds=seconds)

    for name in names:
        sample(name, 2)  # warm
    rounds = []
    for number in range(options.rounds):
        found = {name: sample(name, options.seconds) for name in (names if number % 2 == 0 else reversed(names))}
        rounds.append(Round(**found))
        say(
            f"Round {number + 1} of {options.rounds}: {found['product'].requests_a_second:,.1f} and {found['nginx'].requests_a_second:,.1f} a second."
        )
    return rounds


def conditions(options: argparse.Namespace, environment: dict[str, str], body: bytes, headers: dict[str, str], load: float) -> dict[str, Any]:
    return {
        "page": PAGE,
        "bytes": len(body),
        "encoding": headers.get("content-encoding", "none"),
        "database": environment["DATABASE_URL"].split(":")[0],
        "cache": "redis" if "REDIS_URL" in environment else "local memory",
        "processes": int(environment["WEB_PROCESSES"]),
        "connections": options.connections,
        "seconds": options.seconds,
        "cores": os.cpu_count(),
        "load_before": round(load, 2),
        "granian": version("granian"),
        "python": sys.version.split()[0],
    }


if __name__ == "__main__":
    main()
