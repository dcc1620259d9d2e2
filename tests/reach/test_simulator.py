"""The simulator itself: the same seed makes the same day, and its truth is what its people asked."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

from tests.reach.simulator import Place, Simulator

MIDNIGHT = datetime(2026, 3, 10, tzinfo=ZoneInfo("Europe/Helsinki"))
PLACES = [Place(number, language) for number, language in enumerate(("fi", "fi", "fi", "sv", "en"), 1)]


def test_the_same_seed_makes_the_same_day():
    assert Simulator(7, PLACES, MIDNIGHT, 50).make() == Simulator(7, PLACES, MIDNIGHT, 50).make()
    assert Simulator(7, PLACES, MIDNIGHT, 50).make() != Simulator(8, PLACES, MIDNIGHT, 50).make()


def test_the_truth_is_what_people_asked():
    day = Simulator(7, PLACES, MIDNIGHT, 200).make()
    seen = [ask for ask in day.of("person") if "kind" not in ask.body]
    assert Counter(int(ask.body["page"]) for ask in seen) == day.truth.views
    assert day.truth.reads == len(day.of("person")) - len(seen)
    assert sum(day.truth.sources.values()) == sum(day.truth.languages.values()) == len(seen)
    assert {ask.who for ask in day.machines} == {"declared", "headless", "scripted", "silent", "prefetch", "burst", "hammering"}
    assert all(ask.at.date() == MIDNIGHT.date() for ask in day.asks)
