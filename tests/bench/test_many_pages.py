"""What the benchmark of a large site makes of its rows. Nothing is timed here."""

from __future__ import annotations

from dataclasses import replace

from bench.many_pages import Row, summary, table

ROWS = [Row(100, "section", 5, 20.0), Row(1000, "section", 5, 30.0)]


def test_a_list_stands_beside_itself_on_a_smaller_site():
    found = summary(ROWS, 1000)
    assert found["holds"]
    assert found["lists"] == [{"pages": 1000, "name": "section", "queries": 5, "p95_ms": 30.0, "queries_before": 5, "ratio": 1.5}]
    assert "1.5 ×" in table(found)


def test_more_queries_and_more_time_are_told():
    assert not summary([ROWS[0], replace(ROWS[1], queries=6)], 1000)["holds"]
    assert not summary([ROWS[0], replace(ROWS[1], p95_ms=301.0)], 1000)["holds"]
