"""What the benchmark of an issue's results says of its figures. Nothing is timed here."""

from __future__ import annotations

from dataclasses import replace

from bench.results import MOST_MS, Report, table

GOOD = Report("sqlite", 200_000, 22, 900.0, 150.0, 100.0, 120.0, 180.0)


def test_the_limit_is_of_the_first_look_and_of_the_slowest_twentieth():
    assert GOOD.holds
    assert "200,000 copies" in table(GOOD)
    assert not any(replace(GOOD, **{name: MOST_MS + 1}).holds for name in ("first_ms", "p95_ms", "clicked_ms"))
