"""`manage.py serve` stops what it started, and does not share its port."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from desk.management.commands import serve

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def environment(tmp_path):
    ours = {"KANTAMA_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings.dev"}
    return {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}} | ours


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def children(pid):
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_a_taken_port_is_said_at_once(environment):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        words = [sys.executable, ROOT / "manage.py", "serve", "--port", str(other.getsockname()[1])]
        run = subprocess.run(words, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert run.returncode == 1
    assert "is taken by another program" in run.stderr
    assert not (Path(environment["KANTAMA_DATA"]) / "db.sqlite3").exists()


def start_and_stop(environment):
    """On an installation that stands already. Its web server answers, and then both that it started are gone."""
    port = free_port()
    running = subprocess.Popen([sys.executable, ROOT / "manage.py", "serve", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL)
    try:
        for _try in range(120):
            try:
                answer = urlopen(f"http://127.0.0.1:{port}/fi/")
                break
            except OSError:
                time.sleep(0.5)
        assert answer.status == 200
        started = children(running.pid)
        assert len(started) == 2
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(timeout=60)
    assert not [pid for pid in started if Path(f"/proc/{pid}").exists()]


@pytest.mark.parametrize(("given", "expected"), [(None, "http://127.0.0.1:8123"), ("https://kantama.example.org", "https://kantama.example.org")])
def test_links_lead_to_the_port_unless_an_address_is_given(monkeypatch, settings, given, expected):
    settings.BASE_URL = settings.WAGTAILADMIN_BASE_URL = ""
    # Set first, so that it is put back after the test whatever the command leaves.
    monkeypatch.setenv("BASE_URL", given or "")
    if given is None:
        monkeypatch.delenv("BASE_URL")
    serve.Command().name_address(8123)
    assert settings.BASE_URL == os.environ["BASE_URL"] == expected
