"""What differs between two frozen plans. Pure: frozen plans are made by hand, or by changing one."""

from __future__ import annotations

from copy import deepcopy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from themes.plans.comparing import How, changes, differences, goal_changes
from themes.plans.reading import Line


def words(text):
    return {"fi": text, "sv": f"{text} sv", "en": f"{text} en"}


def goal(number=1, **values):
    choice = {"value": "external", "words": words("Ulkoinen")}
    result = {"id": 9, "measure": "meetings", "words": words("Tavatut"), "unit": words("henkilöä"), "level": "outtake", "level_words": words("taso")}
    return {
        "id": number,
        "name": words(f"Tavoite {number}"),
        "description": words(""),
        "scope": choice,
        "kind": choice,
        "starts": None,
        "due": "2026-12-31",
        "hours": None,
        "euros": "1200.50",
        **{name: [] for name in ("audiences", "regions", "strategies", "means", "channels")},
        "messages": [{"id": 4, "words": words("Viesti"), "proofs": [{"id": 1, "kind": "practice", "key": 3, "words": words("Työpaja")}]}],
        "responsibilities": [{"id": 2, "staff": "", "words": words("Viestintä")}],
        "results": [result | {"baseline": 0, "low": 5, "target": 10, "high": 20, "due": "2026-12-31"}],
    } | values


def plan(*goals):
    facts = {"id": 1, "name": words("Suunnitelma"), "description": words(""), "starts": "2026-01-01", "ends": "2027-12-31"}
    return {"format": 1, "theme": words("Teema"), "plan": facts, "goals": list(goals)}


def test_the_same_differs_in_nothing():
    assert differences(plan(goal()), deepcopy(plan(goal()))) == []


@pytest.mark.parametrize(
    ("path", "value", "old", "new"),
    [
        (("name", "sv"), "Nytt mål", "Tavoite 1 sv", "Nytt mål"),
        (("due",), "2027-01-31", "31.12.2026", "31.1.2027"),
        (("euros",), "900.00", "1 200,50", "900"),
        (("euros",), None, "1 200,50", ""),
        (("hours",), "7.50", "", "7,50"),
        (("results", 0, "target"), 12, "10 henkilöä", "12 henkilöä"),
        (("messages", 0, "words", "fi"), "Toinen", "Viesti", "Toinen"),
        (("responsibilities", 0, "staff"), "Kaisa", "Viestintä", "Kaisa, Viestintä"),
    ],
)
def test_a_change_is_told_field_by_field(path, value, old, new):
    after = goal()
    place = after
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    found = [(change.old.replace("\xa0", " "), change.new.replace("\xa0", " ")) for change in goal_changes(goal(), after)]
    assert (old, new) in found
    assert len(found) == 1


def test_what_is_added_and_taken_away_in_a_list():
    company, school = ({"key": key, "words": words(name)} for key, name in ((1, "Yritykset"), (2, "Oppilaitokset")))
    found = goal_changes(goal(audiences=[company]), goal(audiences=[school]))
    assert {(it.how, it.old, it.new) for it in found} == {(How.ADDED, "", "Oppilaitokset"), (How.REMOVED, "Yritykset", "")}


def test_goals_that_come_and_go_are_said_whole_and_the_gone_stand_last():
    sections = differences(plan(goal(1), goal(2)), plan(goal(2, due=None), goal(3)))
    assert [(section.title, section.how) for section in sections] == [
        ("Tavoite 2", How.CHANGED),
        ("Tavoite 3", How.ADDED),
        ("Tavoite 1", How.REMOVED),
    ]
    assert {change.how for change in sections[1].changes} == {How.ADDED}


def test_the_plan_itself_stands_first():
    after = plan(goal(due=None))
    after["plan"]["ends"] = "2028-12-31"
    sections = differences(plan(goal()), after)
    assert [(change.old, change.new) for change in sections[0].changes] == [("31.12.2027", "31.12.2028")]
    assert len(sections) == 2


lines = st.dictionaries(st.text("abc", min_size=1, max_size=2), st.text("xy", min_size=1, max_size=2), max_size=6)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lines, lines)
def test_the_older_with_its_changes_is_the_newer(old, new):
    found = changes(*([Line((key,), key, text) for key, text in side.items()] for side in (old, new)))
    patched = dict(old)
    for change in found:
        if change.how == How.REMOVED:
            assert patched.pop(change.label) == change.old
        else:
            assert patched.get(change.label, "") == change.old
            patched[change.label] = change.new
    assert patched == new
