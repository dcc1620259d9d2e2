"""What the benchmark of an import makes and says. Nothing is timed here."""

from __future__ import annotations

import pytest

from bench.imports import AGAIN, COPY, MB, OURS, PANDAS, SECONDS, brought, brought_again, copied, matched, report_of, table, write
from bench.machine import BenchProblem
from contacts.models import Person

PART = {"seconds": 5.0, "processor_s": 3.0, "database_s": 1.0, "peak_mb": 300}


def report(**ours):
    return report_of(10_000, 0.5, {OURS: PART | ours, AGAIN: PART, COPY: PART | {"processor_s": 0.0, "database_s": 0.5}, PANDAS: PART})


def test_the_limits_are_a_minute_for_all_rows_and_the_memory():
    assert report()["holds"]
    assert report()["ratios"] == {COPY: 8.0, PANDAS: 1.0}
    assert not report(seconds=SECONDS / 10 + 0.1)["holds"]
    late = report(peak_mb=MB + 1)
    assert not late["holds"]
    assert "NOT HELD" in table(late)
    assert "10,000 rows" in table(late)


def test_the_same_rows_are_brought_copied_and_matched(db, tmp_path):
    write(tmp_path / "people.csv", 60)
    file = str(tmp_path / "people.csv")
    told = brought(file)
    assert (told["rows"], told["refused"], told["created"] + told["doubled"]) == (60, 0, 60)
    assert Person.objects.count() == told["created"]
    assert brought_again(file)["created"] == 0
    assert (copied(file)["rows"], matched(file)["rows"]) == (60, 60)
    with pytest.raises(BenchProblem):
        brought(file)
