"""A new plan, step by step, from what the theme says of itself."""

from __future__ import annotations

import pytest
from django.urls import reverse

from base.roles import Role
from tests import factories
from themes.models import Change, Goal, Plan, Region, Scope, Strategy, SubTheme


@pytest.fixture
def theme(home):
    theme = home.theme
    words = {"name_fi": "Oppimista tukeva ilmapiiri", "name_sv": "Ett klimat för lärande", "name_en": "A climate for learning"}
    Change.objects.create(theme=theme, key="one", **words)
    SubTheme.objects.create(theme=theme, key="one", name_fi="Työhyvinvointi")
    return theme


@pytest.fixture
def staff(cast):
    return cast.enter(Role.COORDINATORS)


@pytest.fixture
def place(theme):
    return reverse("desk:plan_new")


def carried(answer):
    """All that the page's form would send: what is shown and what is kept."""
    found = {"step": str(answer.context["step"])}
    for form in (*answer.context["shown"], *answer.context["kept"]):
        for field in form:
            value = field.value()
            if value in (None, False, ""):
                continue
            if isinstance(value, (list, tuple)):
                value = [str(row) for row in value]
            found[field.html_name] = value.strftime("%d.%m.%Y") if hasattr(value, "strftime") else value
    return found


def go(staff, place, answer, to="next", **typed):
    return staff.post(place, carried(answer) | typed | {"to": to})


def test_adding_a_plan_leads_here(staff, place):
    assert staff.get(reverse(Plan.snippet_viewset.get_url_name("add"))).url == place  # type: ignore[attr-defined]


def test_it_begins_with_the_theme(staff, place, theme):
    answer = staff.get(place)
    assert theme.objective in answer.content.decode()
    form = answer.context["shown"][0]
    assert theme.name_fi in form["name_fi"].value()
    assert theme.name_sv in form["name_sv"].value()
    assert form["ends"].value().year >= theme.ends


def test_four_steps_make_a_draft_with_goals(staff, place, theme):
    outside, inside = (factories.make_target_group(theme, scope=scope, name_fi=scope) for scope in (Scope.EXTERNAL, Scope.INTERNAL))
    strategy, region = Strategy.objects.create(theme=theme, key="one", name_fi="Hallitusohjelma"), Region.objects.first()
    answer = go(staff, place, staff.get(place), name_fi="Uusi suunnitelma")
    answer = go(staff, place, answer, audiences=[str(outside.pk), str(inside.pk)], strategies=[str(strategy.pk)], regions=[str(region.pk)])
    change, sub_theme = f"goal-change-{Change.objects.get().pk}", f"goal-subtheme-{SubTheme.objects.get().pk}"
    assert [form.prefix for form in answer.context["shown"]][:2] == [change, sub_theme]
    typed = {f"{change}-wanted": "on", f"{sub_theme}-wanted": "on", f"{sub_theme}-name": "Työpaikat tietävät, mistä saa apua"}
    typed |= {"goal-own-0-wanted": "on", "goal-own-0-name": "Verkosto jakaa kuvansa", "goal-own-0-scope": "internal"}
    answer = go(staff, place, answer, **typed)
    assert "Verkosto jakaa kuvansa" in answer.content.decode()
    assert not Plan.objects.exists()
    answer = go(staff, place, answer)
    plan = Plan.objects.get()
    assert answer.url == reverse("desk:plan", args=[plan.pk])
    assert (plan.name_fi, plan.theme, plan.versions.count()) == ("Uusi suunnitelma", theme, 0)
    goals = {goal.name_fi: goal for goal in Goal.objects.filter(plan=plan)}
    assert set(goals) == {"Oppimista tukeva ilmapiiri", "Työpaikat tietävät, mistä saa apua", "Verkosto jakaa kuvansa"}
    # What was taken as the theme says it has the theme's words in the other languages too; what was said anew has not.
    assert (goals["Oppimista tukeva ilmapiiri"].name_sv, goals["Työpaikat tietävät, mistä saa apua"].name_sv) == ("Ett klimat för lärande", "")
    assert [list(goals[name].audiences.all()) for name in ("Oppimista tukeva ilmapiiri", "Verkosto jakaa kuvansa")] == [[outside], [inside]]
    assert all(list(goal.strategies.all()) == [strategy] and list(goal.regions.all()) == [region] for goal in goals.values())
    assert staff.get(answer.url).status_code == 200


def test_nothing_is_lost_on_going_back(staff, place, theme):
    group = factories.make_target_group(theme)
    answer = go(staff, place, staff.get(place), name_fi="Uusi suunnitelma", ends="31.12.2035")
    answer = go(staff, place, answer, audiences=[str(group.pk)])
    answer = go(staff, place, answer, "back", **{"goal-own-1-wanted": "on", "goal-own-1-name": "Oma tavoite"})
    assert answer.context["shown"][0]["audiences"].value() == [str(group.pk)]
    answer = go(staff, place, answer, "back")
    assert answer.context["shown"][0]["name_fi"].value() == "Uusi suunnitelma"
    for _step in range(3):
        answer = go(staff, place, answer)
    assert [goal.name for goal in answer.context["facts"].goals] == ["Oma tavoite"]
    assert answer.context["facts"].ends.year == 2035


@pytest.mark.parametrize("typed", [{"name_fi": ""}, {"ends": "1.1.2001"}, {"starts": "eilen"}])
def test_what_is_wrong_is_told_in_its_step(staff, place, typed):
    answer = go(staff, place, staff.get(place), **typed)
    assert (answer.status_code, answer.context["step"]) == (422, 0)
    assert set(answer.context["shown"][0].errors) == set(typed)
    (name,) = typed
    assert answer.context["shown"][0][name].value() == typed[name]


def test_a_goal_that_is_ticked_says_what_is_to_change(staff, place):
    answer = go(staff, place, go(staff, place, staff.get(place)))
    answer = go(staff, place, answer, **{"goal-own-0-wanted": "on"})
    assert (answer.status_code, answer.context["step"]) == (422, 2)


def test_steps_cannot_be_jumped_over(staff, place):
    answer = staff.post(place, {"step": "3", "to": "next"})
    assert (answer.status_code, answer.context["step"]) == (422, 0)
    assert not Plan.objects.exists()


def test_the_same_name_twice_gets_keys_of_its_own(staff, place, theme):
    for _time in range(2):
        answer = staff.get(place)
        for _step in range(4):
            answer = go(staff, place, answer)
    assert len(set(Plan.objects.filter(theme=theme).values_list("key", flat=True))) == 2


def test_of_several_themes_one_is_chosen_first(cast, place, theme):
    other = factories.make_theme()
    staff = cast.enter(Role.ADMINISTRATORS)
    assert f'href="?theme={other.pk}"' in staff.get(place).content.decode()
    assert other.objective in staff.get(place, {"theme": other.pk}).content.decode()
    assert staff.get(place, {"theme": "x"}).status_code == 404
    assert staff.post(place, {}).status_code == 404


def test_who_begins_plans(cast, place):
    assert {role for role in Role if cast.enter(role).get(place).status_code == 200} == {Role.COORDINATORS, Role.ADMINISTRATORS}
