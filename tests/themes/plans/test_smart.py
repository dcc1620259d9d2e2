"""The SMART check: its rules by themselves, then in the goal's form and while somebody types."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from base.roles import Role
from tests import factories
from tests.themes.plans.typing import address, opened
from themes.models import ExpectedResult
from themes.plans.smart.rules import Draft, Part, TypedResult, check

RESULT = TypedResult(measure="meetings", unit="contacts", baseline=0, low=5, target=10, high=20, due=date(2026, 6, 1))
WHOLE = Draft(
    audiences=1, messages=1, strategies=1, results=(RESULT,), due=date(2026, 12, 1), plan_starts=date(2026, 1, 1), plan_ends=date(2026, 12, 31)
)


def lacking(draft):
    return {advice.part: advice.place for advice in check(draft) if not advice.is_met}


def test_a_whole_goal_lacks_nothing():
    assert lacking(WHOLE) == {}


def test_an_empty_goal_lacks_everything_and_says_it_in_the_order_of_the_letters():
    found = check(Draft())
    assert [advice.part for advice in found] == list(Part)
    assert all(advice.text and advice.place for advice in found)


def with_result(**values):
    return {"results": (replace(RESULT, **values),)}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"audiences": 0, "messages": 1}, {}),
        ({"audiences": 0, "regions": 1, "messages": 0}, {Part.RELEVANT: "id_messages-FORMS"}),
        ({"audiences": 0, "messages": 0}, {Part.SPECIFIC: "id_audiences", Part.RELEVANT: "id_messages-FORMS"}),
        ({"strategies": 0}, {Part.RELEVANT: "id_strategies"}),
        ({"results": ()}, {Part.MEASURABLE: "id_expected_results-FORMS", Part.ACHIEVABLE: "id_expected_results-FORMS"}),
        (with_result(measure="", unit=""), {Part.MEASURABLE: "id_expected_results-0-measure"}),
        (with_result(unit=""), {Part.MEASURABLE: "id_expected_results-0-measure"}),
        (with_result(baseline=None), {Part.MEASURABLE: "id_expected_results-0-baseline"}),
        (with_result(target=None), {Part.MEASURABLE: "id_expected_results-0-target", Part.ACHIEVABLE: "id_expected_results-FORMS"}),
        (with_result(target=0, low=0), {Part.ACHIEVABLE: "id_expected_results-0-target"}),
        (with_result(target=21), {Part.ACHIEVABLE: "id_expected_results-0-target"}),
        (with_result(target=4), {Part.ACHIEVABLE: "id_expected_results-0-target"}),
        (with_result(low=None), {Part.ACHIEVABLE: "id_expected_results-0-low"}),
        (with_result(high=None), {Part.ACHIEVABLE: "id_expected_results-0-high"}),
        ({"due": None}, {}),
        ({"due": None} | with_result(due=None), {Part.TIME_BOUND: "id_due"}),
        ({"due": date(2027, 1, 1)}, {Part.TIME_BOUND: "id_due"}),
        ({"due": date(2025, 12, 31)}, {Part.TIME_BOUND: "id_due"}),
        (with_result(due=date(2027, 1, 1)), {Part.TIME_BOUND: "id_expected_results-0-due"}),
        ({"plan_starts": None, "plan_ends": None, "due": date(1999, 1, 1)}, {}),
    ],
)
def test_each_lack_leads_to_its_field(values, expected):
    assert lacking(replace(WHOLE, **values)) == expected


figures = st.one_of(st.none(), st.integers(0, 30))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(figures, figures, figures, figures)
def test_figures_are_in_order_only_where_they_are(baseline, low, target, high):
    found = lacking(replace(WHOLE, **with_result(baseline=baseline, low=low, target=target, high=high)))
    assert (Part.MEASURABLE not in found) == (None not in (baseline, target))
    if None not in (baseline, low, target, high):
        assert (Part.ACHIEVABLE not in found) == (baseline < target and low <= target <= high)


def places(answer):
    found = re.findall(r'<a href="#(id_[^"]+)"', answer.content.decode())
    return [place for place in found if not place.startswith("id_seen")]


def test_the_form_tells_it_without_scripts_and_its_links_lead_somewhere(goal, cast):
    answer = cast.enter(Role.COORDINATORS).get(address(goal))
    found = places(answer)
    assert found[:2] == ["id_audiences", "id_strategies"]
    for place in (*found, "id_expected_results-0-target", "id_expected_results-FORMS", "id_messages-FORMS", "id_due"):
        assert f'id="{place}"' in answer.content.decode()


def test_what_is_typed_is_checked_and_nothing_is_saved(goal, cast):
    staff, audience = cast.enter(Role.COORDINATORS), factories.make_target_group(goal.theme)
    typed = opened(staff, goal) | {"audiences": [str(audience.pk)], "expected_results-0-target": "0", "name_fi": ""}
    answer = staff.post(reverse("themes_check_goal"), typed)
    assert places(answer) == ["id_expected_results-0-target", "id_strategies"]
    assert ExpectedResult.objects.get(goal=goal).target == 10
    without = staff.post(reverse("themes_check_goal"), typed | {"expected_results-0-DELETE": "on"})
    assert "id_expected_results-FORMS" in places(without)


def test_after_a_refusal_the_check_is_of_what_was_typed(goal, cast):
    staff = cast.enter(Role.COORDINATORS)
    answer = staff.post(address(goal), opened(staff, goal) | {"expected_results-0-target": "0"})
    assert "id_expected_results-0-target" in places(answer)


@pytest.mark.parametrize("typed", [{}, {"plan": "x" * 50}, {"plan": "9" * 40}, {"expected_results-TOTAL_FORMS": "999999999", "due": "32.13.2026"}])
def test_whatever_is_sent_is_answered(goal, cast, typed):
    assert cast.enter(Role.COORDINATORS).post(reverse("themes_check_goal"), typed).status_code == 200


def test_who_may_not_write_goals_gets_no_advice(goal, cast):
    assert cast.enter(Role.COMMUNICATIONS).post(reverse("themes_check_goal"), {}).status_code in {302, 403}
    assert cast.enter(Role.COORDINATORS).get(reverse("themes_check_goal")).status_code == 405
