"""What the benchmark of uncached articles makes of its rounds. Nothing is timed here."""

from __future__ import annotations

import os
import subprocess
import sys

from bench.load import Sample
from bench.machine import processor_seconds
from bench.uncached import Round, summary, table


def test_warm_and_changing_rounds_are_kept_apart(monkeypatch):
    monkeypatch.setenv("WEB_PROCESSES", "2")
    rounds = [Round(changing, Sample(rate, 1, 2), 5) for changing, rate in ((False, 100), (True, 10), (False, 140), (True, 20), (False, 130))]
    found = summary(rounds)
    assert (found["warm"]["requests_a_second"], found["changing"]["requests_a_second"]) == (130, 15)
    assert found["limit"] == 120
    monkeypatch.setenv("WEB_PROCESSES", "1")
    assert summary(rounds)["limit"] == 60
    assert "130.0" in table(found | {"pages": 3, "processes": 2})


def test_the_processor_is_counted_with_children():
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'while True: pass'])"
    process = subprocess.Popen([sys.executable, "-c", code], start_new_session=True)
    try:
        while processor_seconds(process.pid) < 0.3:
            assert process.poll() is None
    finally:
        os.killpg(process.pid, 9)
        process.wait()
