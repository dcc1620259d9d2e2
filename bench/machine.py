"""What a benchmark needs of the machine: packages, free ports, and processes that end with it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
# A command, and the package of Debian that has it.
PACKAGES = {"nginx": "nginx-light", "wrk": "wrk"}
SEARCHED = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin"])
PATIENCE = 60


class BenchProblem(Exception):
    """Why nothing can be measured, in one sentence."""


def commands() -> dict[str, str]:
    """The path of each command in PACKAGES. Installs what lacks where it may."""
    if missing := [package for name, package in PACKAGES.items() if not shutil.which(name, path=SEARCHED)]:
        install(missing)
    return {name: shutil.which(name, path=SEARCHED) or name for name in PACKAGES}


def install(packages: list[str]) -> None:
    wish = f"Debian's packages that this needs are not installed: {', '.join(packages)}."
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise BenchProblem(wish)
    say(f"Installing {', '.join(packages)}.")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update", "-qq"], ["install", "-y", "-qq", *packages]):
        if subprocess.run(["apt-get", *words], env=environment, stdout=subprocess.DEVNULL, check=False).returncode:  # noqa: S603, S607 — words of ours
            raise BenchProblem(wish)


def run(words: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(words, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 — words of ours
    if done.returncode:
        raise BenchProblem(f"{Path(words[0]).name} {words[1]} failed: {done.stderr.strip()[-2000:]}")
    return done.stdout


@contextmanager
def running(words: list[str], environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process with its children, in a session of its own: all of it has ended afterwards, and nothing else."""
    with log.open("wb") as output:
        process = subprocess.Popen(words, env=environment, cwd=ROOT, stdout=output, stderr=output, start_new_session=True)  # noqa: S603 — words of ours
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def processor_seconds(pid: int) -> float:
    """Of the process and all that it started and that still run: user and system."""
    ticks, parents = {}, {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            # proc(5): without number and name, the parent is the second, user and system time the 12th and 13th.
            parents[int(folder.name)], ticks[int(folder.name)] = int(fields[1]), int(fields[11]) + int(fields[12])
    family = {pid}
    while more := {child for child, parent in parents.items() if parent in family} - family:
        family |= more
    return sum(ticks.get(one, 0) for one in family) / os.sysconf("SC_CLK_TCK")


def wait_for(url: str, headers: dict[str, str], process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            fetch(url, headers)
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise BenchProblem(f"No page came from {url}: {log.read_text(errors='replace').strip()[-2000:]}")


def fetch(url: str, headers: dict[str, str]) -> tuple[bytes, dict[str, str]]:
    """The body as it travelled, still compressed if it was, and the headers by their lower-case names."""
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 — an address of ours, on this machine
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        return answer.read(), {name.lower(): value for name, value in answer.headers.items()}


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def say(text: str) -> None:
    sys.stderr.write(f"bench: {text}\n")
    sys.stderr.flush()
