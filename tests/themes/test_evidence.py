"""Media mentions and surveys: typed, brought from tables, refused by the cell, and measured with how sure they are."""

from __future__ import annotations

import io
import random
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from base.roles import Role
from desk.progress import results
from tests import factories
from themes import measures
from themes.history.rolling import roll_up
from themes.measures import Share
from themes.models import Mention, Survey

MENTIONS = reverse("themes_bring", args=["mentions"])
SURVEYS = reverse("themes_bring", args=["surveys"])


@pytest.fixture
def theme(db):
    return factories.make_theme()


@pytest.fixture
def goal(theme):
    return factories.make_goal(theme, measure="earned_reach", name_fi="Tunnettuus kasvaa")


@pytest.fixture
def staff(client, cast, goal):
    cast.enter(Role.COORDINATORS)
    return client


def csv(text, name="osumat.csv"):
    return SimpleUploadedFile(name, text.encode(), content_type="text/csv")


def send(client, address, file, theme, **values):
    return client.post(address, {"theme": theme.pk, "file": file, **values})


def cells(answer):
    return [(row.line, row.column, row.cell) for row in answer.context["brought"].wrong]


def test_mentions_come_from_a_table_and_are_measured(staff, theme, goal):
    text = (
        "Media;Otsikko;Päivä;Tavoittavuus;Laatu;Lähde\n"
        "Lehti;Työelämä kehittyy;3.3.2026;12 000;Our own estimate;Seuranta oy\n"
        "Radio;Haastattelu;2026-03-04;;measured;\n"
    )
    answer = send(staff, MENTIONS, csv(text), theme, goals=[goal.pk], source="Oma kirjanpito")
    assert answer.status_code == 302, answer.context["form"].errors
    rows = Mention.objects.order_by("day")
    assert [(row.audience, row.quality, row.source) for row in rows] == [(12000, "estimated", "Seuranta oy"), (None, "measured", "Oma kirjanpito")]
    today = timezone.localdate()
    assert results([goal], today)[0].actual == 12000
    assert sum(measures.get("media_mentions").daily([goal.pk], None)[goal.pk].values()) == 2


def test_the_same_table_again_doubles_nothing_and_takes_new_figures(staff, theme, goal):
    text = "Media;Otsikko;Päivä;Tavoittavuus\nLehti;Juttu;3.3.2026;{}\n"
    for number in (100, 250):
        send(staff, MENTIONS, csv(text.format(number)), theme, goals=[goal.pk], source="Seuranta")
    assert [row.audience for row in Mention.objects.all()] == [250]


def test_each_wrong_cell_is_told_and_nothing_comes(staff, theme, goal):
    text = (
        "Media;Otsikko;Päivä;Tavoittavuus;Laatu;Tavoite\n"
        "Lehti;Hyvä;3.3.2026;100;Our own estimate;Tunnettuus kasvaa\n"
        "Lehti;Päivä;35.3.2026;100;Our own estimate;Tunnettuus kasvaa\n"
        "Lehti;Luku;3.3.2026;1.200;Our own estimate;Tunnettuus kasvaa\n"
        "Lehti;Laatu;3.3.2026;100;hyvä;Tunnettuus kasvaa\n"
        "Lehti;Tavoite;3.3.2026;100;Our own estimate;Muu\n"
        ";Ilman;3.3.2026;100;Our own estimate;Tunnettuus kasvaa\n"
        "Lehti;Hyvä;3.3.2026;100;Our own estimate;Tunnettuus kasvaa\n"
        "Lehti;Huomenna;3.3.2999;100;Our own estimate;Tunnettuus kasvaa\n"
    )
    answer = send(staff, MENTIONS, csv(text), theme, source="Oma kirjanpito", goals=[goal.pk])
    assert answer.status_code == 422
    assert cells(answer) == [
        (3, "Päivä", "35.3.2026"),
        (4, "Tavoittavuus", "1.200"),
        (5, "Laatu", "hyvä"),
        (6, "Tavoite", "Muu"),
        (7, "Media", ""),
        (8, "", ""),
        (9, "Päivä", "3.3.2999"),
    ]
    assert not Mention.objects.exists()
    page = answer.content.decode()
    assert 'value="Oma kirjanpito"' in page
    assert "35.3.2026" in page
    assert f'value="{goal.pk}"' in page
    assert "checked" in page


@pytest.mark.parametrize("text", ["", "Media;Otsikko\nLehti;Juttu\n", "Media;Otsikko;Päivä\n"])
def test_a_table_that_says_too_little_is_refused_as_a_whole(staff, theme, goal, text):
    answer = send(staff, MENTIONS, csv(text), theme, source="Seuranta", goals=[goal.pk])
    assert answer.status_code == 422
    assert answer.context["form"].errors["file"]


def test_a_line_without_a_goal_or_a_source_is_told(staff, theme):
    answer = send(staff, MENTIONS, csv("Media;Otsikko;Päivä\nLehti;Juttu;3.3.2026\n"), theme)
    assert answer.status_code == 422
    assert len(answer.context["brought"].wrong) == 2


def test_what_is_wrong_beside_the_file_says_that_it_is_to_be_chosen_again(staff, theme, goal):
    """By its name; nothing else that was typed is lost."""
    text = "päivä;media;otsikko;yleisö\n1.3.2026;Lehti;Juttu;100\n"
    answer = send(staff, MENTIONS, csv(text, "maaliskuu.csv"), theme, goals=[goal.pk, 999_999], source="Seuranta")
    form = answer.context["form"]
    assert answer.status_code == 422
    assert set(form.errors) == {"goals", "file"}
    assert "maaliskuu.csv" in form.errors["file"][0]
    assert form["source"].value() == "Seuranta"
    assert not Mention.objects.exists()


def test_surveys_come_from_a_workbook(staff, theme, goal):
    book = Workbook()
    sheet = book.active
    sheet.append(["Kysymys", "Päivä", "Vastaajia", "Tuntee", "Otanta"])
    sheet.append(["Tunnetko teeman?", timezone.localdate() - timedelta(days=30), 400, 100, "random"])
    sheet.append(["Tunnetko teeman?", timezone.localdate() - timedelta(days=3), 400, 160, "random"])
    file = io.BytesIO()
    book.save(file)
    answer = send(staff, SURVEYS, SimpleUploadedFile("kysely.xlsx", file.getvalue()), theme, goals=[goal.pk], source="Tutkimus oy")
    assert answer.status_code == 302, (answer.context["form"].errors, cells(answer))
    assert Survey.objects.count() == 2
    days = measures.get("awareness").daily([goal.pk], None)[goal.pk]
    at = measures.get("awareness").at(days, timezone.localdate())
    assert at == 40
    low, high = at.interval
    assert (round(low, 1), round(high, 1)) == (35.3, 44.9)


def test_more_aware_than_answered_is_told_of_the_cell(staff, theme, goal):
    text = "Kysymys;Päivä;Vastaajia;Tuntee;Otanta\nTunnetko?;3.3.2026;100;101;random\n"
    answer = send(staff, SURVEYS, csv(text), theme, goals=[goal.pk], source="Tutkimus oy")
    assert cells(answer) == [(2, "Tuntee", "101")]


def test_the_interval_of_a_share_holds_the_truth_as_often_as_it_says(capsys):
    chance, tries, held = random.Random(11), 2000, 0
    for _try in range(tries):
        truth, size = chance.uniform(0.02, 0.98), chance.choice([40, 120, 500])
        part = sum(chance.random() < truth for _ in range(size))
        low, high = Share(part, size).interval
        held += low <= 100 * truth <= high
    with capsys.disabled():
        print(f"\nThe interval of a survey's share held the truth in {100 * held / tries:.1f} % of {tries} made surveys; it says 95 %.")
    assert 0.93 <= held / tries <= 0.98


def test_what_is_kept_by_day_follows_mentions_and_surveys(theme, goal):
    day = timezone.localdate() - timedelta(days=40)
    mention = Mention.objects.create(theme=theme, day=day, source="Seuranta", outlet="Lehti", title="Juttu", audience=500)
    mention.goals.set([goal])
    survey = Survey.objects.create(theme=theme, day=day, source="Tutkimus", question="Tunnetko?", sample=200, aware=50, quality="random")
    survey.goals.set([goal])
    roll_up()
    today = timezone.localdate()

    def actual():
        return results([goal], today)[0].actual

    assert actual() == 500
    mention.audience = 700
    mention.save()
    assert actual() == 700
    roll_up()
    assert actual() == 700
    assert roll_up().written == 0
    mention.delete()
    # The only one: nothing is known any more, and that is not 0.
    assert actual() is None
    roll_up()
    assert actual() is None


def test_mentions_are_for_communications_and_surveys_for_coordinators(client, cast, theme, goal):
    cast.enter(Role.COMMUNICATIONS)
    assert client.get(MENTIONS).status_code == 200
    assert client.get(SURVEYS).status_code in (302, 403)
    cast.enter(Role.ORGANISERS)
    assert client.get(MENTIONS).status_code in (302, 403)


def test_a_mention_is_typed_in_the_admin(staff, theme, goal):
    add = reverse(Mention.snippet_viewset.get_url_name("add"))
    values = {
        "theme": theme.pk,
        "day": "3.3.2026",
        "outlet": "Lehti",
        "title": "Juttu",
        "quality": "estimated",
        "source": "Seuranta",
        "goals": [goal.pk],
    }
    answer = staff.post(add, values | {"audience": "-4"})
    assert answer.status_code == 200
    assert answer.context["form"].errors["audience"]
    assert staff.post(add, values | {"audience": ""}).status_code == 302
    assert Mention.objects.get().audience is None
    assert staff.get(reverse(Mention.snippet_viewset.get_url_name("list"))).status_code == 200
    # The same again is told, not doubled.
    assert staff.post(add, values | {"audience": ""}).status_code == 200
    assert Mention.objects.count() == 1
