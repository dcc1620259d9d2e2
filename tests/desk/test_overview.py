"""The desk's screen: who sees it, what it is narrowed to, what is due, and its figures as files."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from base.pages import ENDONYMS
from base.roles import Role
from contacts import outreach
from contacts.models import Outreach, Touch
from desk.forecast import Course
from desk.overview.views import AT_A_GLANCE
from tests import factories
from themes.history.rolling import roll_up
from themes.models import ExpectedResult, Region, Survey

DESK = reverse("desk:overview")


@pytest.fixture
def theme(db):
    return factories.make_theme()


@pytest.fixture
def desk(client, cast):
    cast.enter(Role.COORDINATORS)
    return lambda **asked: client.get(DESK, asked)


def today():
    return timezone.localdate()


def meet(goal, number=1, days=0, **values):
    people = [factories.make_person(goal.theme) for _ in range(number)]
    at = timezone.now() - timedelta(days=days)
    return outreach.log_meeting(theme=goal.theme, kind=Outreach.Kind.MEETING, title="Tapaaminen", goals=[goal], people=people, at=at, **values)


def shown(answer):
    return {one.goal.pk for one in answer.context["standings"]}


def test_an_empty_desk_says_how_to_begin(desk, theme):
    answer = desk()
    assert answer.status_code == 200
    assert "empty" in answer.content.decode()


def test_goals_stand_by_how_much_care_they_need(desk, theme):
    silent = factories.make_goal(theme, measure="meetings")
    reached, slow = factories.make_goal(theme, measure="meetings"), factories.make_goal(theme, measure="meetings")
    ExpectedResult.objects.filter(goal=slow).update(low=400, target=500, high=600)
    meet(reached, 12, days=5)
    for week in range(12):
        meet(slow, 1, days=7 * week + 3)
    found = [(one.goal, one.course) for one in desk().context["standings"]]
    assert found == [(slow, Course.OFF), (silent, Course.NO_DATA), (reached, Course.REACHED)]


def test_a_steady_pace_that_suffices_is_on_course(desk, theme):
    goal = factories.make_goal(theme, measure="meetings")
    ExpectedResult.objects.filter(goal=goal).update(low=50, target=120, high=200)
    for week in range(13):
        meet(goal, 4, days=7 * week + 3)
    (one,) = desk().context["standings"]
    assert (one.result.actual, one.course) == (52, Course.ON)
    assert one.forecast.low > 60
    assert one.bar.forecast_low_x < one.bar.forecast_x < one.bar.forecast_high_x


def test_a_share_is_on_course_where_its_whole_interval_is(desk, theme):
    goal = factories.make_goal(theme, measure="awareness")
    ExpectedResult.objects.filter(goal=goal).update(low=30, target=40, high=50)
    survey = Survey.objects.create(theme=theme, day=today(), source="Tutkimus", question="Tunnetko?", sample=100, aware=33, quality="random")
    survey.goals.set([goal])
    assert [one.course for one in desk().context["standings"]] == [Course.UNSURE]
    Survey.objects.update(sample=10_000, aware=3300)
    assert [one.course for one in desk().context["standings"]] == [Course.ON]
    Survey.objects.update(sample=10_000, aware=2000)
    assert [one.course for one in desk().context["standings"]] == [Course.OFF]


def test_the_address_narrows_what_is_shown_and_the_sentence_says_so(desk, theme):
    region, elsewhere = Region.objects.order_by("pk")[:2]
    group, channel = factories.make_target_group(theme, name_fi="Yritykset"), factories.make_channel(theme, "uutiskirje")
    here, inside, everywhere = (factories.make_goal(theme, measure="meetings") for _ in range(3))
    here.regions.set([region])
    here.audiences.set([group])
    inside.regions.set([elsewhere])
    type(inside).objects.filter(pk=inside.pk).update(scope="internal")
    assert shown(desk()) == {here.pk, inside.pk, everywhere.pk}
    assert shown(desk(region=region.code)) == {here.pk, everywhere.pk}
    assert shown(desk(scope="internal")) == {inside.pk}
    assert shown(desk(group=group.pk)) == {here.pk, inside.pk, everywhere.pk}
    sentence = desk(region=region.code, group=group.pk, channel=channel.pk, language="sv", period="30").context["narrowed"].sentence()
    assert all(str(word) in sentence for word in (region, group, channel, ENDONYMS["sv"]))


@pytest.mark.parametrize(
    "asked",
    [
        {"region": "99"},
        {"group": "x"},
        {"period": "own"},
        {"period": "own", "first": "2026-05-01", "last": "2026-01-01"},
        {"scope": "\x00"},
        {"period": "own", "first": "31.2.2026", "last": "x"},
    ],
)
def test_what_is_no_choice_is_told_and_narrows_nothing(desk, theme, asked):
    goal = factories.make_goal(theme)
    answer = desk(**asked)
    assert answer.status_code == 200
    assert shown(answer) == {goal.pk}
    assert answer.context["form"].errors


def test_what_worked_best_is_by_what_people_did(desk, theme):
    goal, channel = factories.make_goal(theme), factories.make_channel(theme, "verkko")
    met = meet(goal, 2, days=3, channel=channel)
    sent = outreach.record(theme=theme, kind=Outreach.Kind.ISSUE, title="Kirje", goals=[goal])
    for number in range(5):
        outreach.touch(sent, factories.make_person(theme), Touch.Kind.DELIVERED, cause=f"mail.delivery:{number}", language="sv")
    meet(goal, 3, days=200)
    assert [(row.act, row.acted, row.people) for row in desk().context["best"]] == [(met.pk, 2, 2), (sent.pk, 0, 5)]
    assert [row.act for row in desk(channel=channel.pk).context["best"]] == [met.pk]
    assert [row.act for row in desk(language="sv").context["best"]] == [sent.pk]


def test_what_is_due_this_week_and_what_is_late(desk, theme):
    goal = factories.make_goal(theme, measure="meetings")
    for title, days in (("Myöhässä", -2), ("Huomenna", 1), ("Ensi kuussa", 30)):
        outreach.plan(theme=theme, kind=Outreach.Kind.STORY, title=title, goals=[goal], planned_on=today() + timedelta(days=days))
    ExpectedResult.objects.filter(goal=goal).update(due=today() + timedelta(days=3))
    found = [(row.title, row.is_late) for row in desk().context["due"]]
    assert found[:2] == [("Myöhässä", True), ("Huomenna", False)]
    assert len(found) == 3
    assert goal.name in found[2][0]


def test_figures_as_files_say_no_data_by_an_empty_cell(desk, theme):
    silent, told = factories.make_goal(theme, measure="meetings", name_fi="=1+1"), factories.make_goal(theme, measure="meetings")
    meet(told, 3)
    rows = list(csv.reader(io.StringIO(desk(**{"as": "csv"}).content.decode("utf-8-sig")), delimiter=";"))
    assert {row[0]: row[9] for row in rows[1:]} == {f"'{silent.name}": "", told.name: "3"}
    assert all(row[15] and row[16] and row[17] == today().isoformat() for row in rows[1:])
    sheet = load_workbook(io.BytesIO(desk(**{"as": "xlsx"}).content)).active
    assert {row[0]: row[9] for row in sheet.iter_rows(min_row=4, values_only=True)} == {f"'{silent.name}": None, told.name: 3}
    answer = desk(**{"as": "svg"})
    picture = ElementTree.fromstring(answer.content)
    assert picture.get("role") == "img"
    assert told.name in "".join(picture.itertext())


def test_the_worst_stand_at_a_glance_and_all_are_one_link_away(desk, theme):
    silent = [factories.make_goal(theme, measure="meetings") for _ in range(AT_A_GLANCE)]
    slow = factories.make_goal(theme, measure="meetings")
    ExpectedResult.objects.filter(goal=slow).update(low=400, target=500, high=600)
    for week in range(13):
        meet(slow, 1, days=7 * week + 3)
    glance = desk(scope="external")
    assert (len(glance.context["standings"]), glance.context["standings"][0].goal) == (AT_A_GLANCE, slow)
    assert sum(number for _words, number in glance.context["counts"]) == AT_A_GLANCE + 1
    more = glance.context["more"]
    assert f'href="{more.replace("&", "&amp;")}"' in glance.content.decode()
    every = desk(**dict(pair.split("=") for pair in more.removeprefix("?").split("&")))
    assert (shown(every), every.context["more"]) == ({slow.pk, *(goal.pk for goal in silent)}, "")
    assert len(desk(**{"as": "csv"}).content.decode("utf-8-sig").splitlines()) == AT_A_GLANCE + 2


def test_who_sees_no_goals_sees_no_desk(client, cast, theme):
    cast.enter(Role.ORGANISERS)
    assert client.get(DESK).status_code == 403
    cast.enter(Role.COMMUNICATIONS)
    assert client.get(DESK).status_code == 200


@pytest.mark.parametrize("is_settled", [True, False])
def test_the_desk_asks_as_much_of_sixty_goals_as_of_ten(client, cast, theme, is_settled):
    cast.enter(Role.COORDINATORS)

    def queries(number):
        for place in range(number):
            goal = factories.make_goal(theme, measure=["meetings", "page_views", "new_subscribers", "attendance"][place % 4], budget_hours=10)
            meet(goal, 1, days=place % 30)
        if is_settled:
            roll_up()
        client.get(DESK)
        with CaptureQueriesContext(connection) as found:
            assert client.get(DESK).status_code == 200
        return len(found)

    few, many = queries(10), queries(50)
    assert few == many
    assert many <= (30 if is_settled else 50), many
