"""What wrk reports, and what many of its reports come to."""

from __future__ import annotations

import re
import statistics
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.machine import BenchProblem

if TYPE_CHECKING:
    from pathlib import Path

MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


@dataclass(frozen=True)
class Sample:
    """What one server did in one round."""

    requests_a_second: float
    p50_ms: float
    p99_ms: float


@dataclass(frozen=True)
class Spread:
    """The middle of several values, and how far they lie apart."""

    median: float
    lowest: float
    highest: float

    @property
    def width(self) -> float:
        """As a share of the median."""
        return (self.highest - self.lowest) / self.median


def spread(values: list[float]) -> Spread:
    return Spread(statistics.median(values), min(values), max(values))


def measure(wrk: str, url: str, headers: dict[str, str], *, connections: int, seconds: int, script: Path | None = None) -> Sample:
    """`script` is Lua for wrk: it may ask for other addresses of the same server."""
    words = [wrk, "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s", "--latency"]
    for name, value in headers.items():
        words += ["--header", f"{name}: {value}"]
    if script:
        words += ["--script", str(script)]
    done = subprocess.run([*words, url], capture_output=True, text=True, check=False)  # noqa: S603 — words of ours
    if done.returncode:
        raise BenchProblem(f"wrk failed: {(done.stderr or done.stdout).strip()}")
    return read_report(done.stdout)


def read_report(text: str) -> Sample:
    """Raises BenchProblem where an answer failed: a fast error is no page."""
    if failed := re.search(r"(Non-2xx or 3xx responses|Socket errors): .*", text):
        raise BenchProblem(f"Not every request got its page: {failed[0]}")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", text)
    latencies = dict(re.findall(r"^\s+(50|99)%\s+([\d.]+(?:us|ms|s|m))\s*$", text, re.MULTILINE))
    if not rate or latencies.keys() != {"50", "99"}:
        raise BenchProblem(f"wrk's report cannot be read: {text.strip()}")
    return Sample(float(rate[1]), _milliseconds(latencies["50"]), _milliseconds(latencies["99"]))


def _milliseconds(text: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text).groups()  # type: ignore[union-attr]  # read_report's pattern found it
    return float(number) * MILLISECONDS[unit]
