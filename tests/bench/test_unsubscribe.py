"""What the benchmark of the one-click unsubscribe says of its figures. Nothing is timed here."""

from __future__ import annotations

from dataclasses import replace

from bench.unsubscribe import MOST_MS, Report, table

GOOD = Report("sqlite", 20_000, 20_000, 14, 12.0, 20.0)


def test_the_limit_is_of_the_slowest_twentieth():
    assert GOOD.holds
    assert "20,000 copies" in table(GOOD)
    assert not replace(GOOD, p95_ms=MOST_MS + 1).holds
