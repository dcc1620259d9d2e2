"""What the benchmark of counting says of its figures. Nothing is timed here."""

from __future__ import annotations

from bench.load import Sample
from bench.reach import found, script, table

ENVIRONMENT = {"DATABASE_URL": "sqlite:///x", "WEB_PROCESSES": "1"}


def told(**values):
    beside = Sample(values.get("events", 2_100), 2, values.get("p99", 9.5))
    sent = (beside, Sample(5_000, 2, 9), Sample(900, 9, 30))
    return found(ENVIRONMENT, 0.5, sent, values.get("lost", 0.01), values.get("growth", 20), {"lines": 1}, {"p95_ms": values.get("screen", 200)})


def test_it_says_which_limit_does_not_hold():
    assert all(told()["holds"].values())
    for name, value, limit in (
        ("events", 1_999, "events"),
        ("p99", 20.0, "beacon"),
        ("lost", 0.03, "pages"),
        ("screen", 300, "screen"),
        ("growth", 151, "memory"),
    ):
        assert [key for key, holds in told(**{name: value})["holds"].items() if not holds] == [limit]


def test_the_table_has_every_figure():
    report = told()
    assert all(name in table(report) for name in report)


def test_beacons_are_of_different_readers(tmp_path):
    text = script(tmp_path, [3, 17], paced=True).read_text()
    assert "{ 3, 17 }" in text
    assert "delay = function" in text
    assert "delay" not in script(tmp_path, [3], paced=False).read_text()
