"""What the benchmark of first loads makes of them. Nothing is timed here."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.first_load import MOST_BYTES, Load, summary, table

GOOD = Load("/fi/a/", "4G", 80_000, 6, 700.0, 0.0, [])


def test_the_worst_article_stands_for_all_by_the_median_of_its_rounds():
    loads = [GOOD, replace(GOOD, lcp_ms=5000.0), replace(GOOD, lcp_ms=800.0), replace(GOOD, path="/fi/b/", bytes=90_000)]
    found = summary(loads)
    assert found["lines"]["4G"]["lcp_ms"] == {"value": 800.0, "path": "/fi/a/"}
    assert found["lines"]["4G"]["bytes"] == {"value": 90_000, "path": "/fi/b/"}
    assert found["holds"]
    assert "none" in table(found)


@pytest.mark.parametrize("bad", [{"bytes": MOST_BYTES + 1}, {"lcp_ms": 1001.0}, {"shift": 0.021}, {"strangers": ["fonts.example.org"]}])
def test_each_limit_holds(bad):
    assert not summary([replace(GOOD, **bad)])["holds"]
