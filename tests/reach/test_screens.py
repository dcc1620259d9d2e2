"""The staff's screen: who may open it, that its numbers are those that were rolled up, and how many queries it costs."""

from __future__ import annotations

import csv
import io
import time
from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from base.bounds import within
from base.roles import Role
from reach import figures
from reach.filters import FilterForm
from reach.lines import OUT, READ, SOUGHT, VIEW, Line
from reach.rolling import write
from reach.summing import day_starts, sums_of
from tests import factories

URL = reverse("reach_screen")


@pytest.fixture
def stories(section):
    goal = factories.make_goal(section.theme)
    return [factories.make_story(section, goals=[goal], title=f"Luettu {number}") for number in range(3)]


def view(page, day=None, reader=1, **more):
    at = int(time.time()) - 60 if day is None else int(day_starts(day).timestamp()) + 36_000
    facts = {"kind": VIEW, "page": page.pk, "reader": f"{reader:016x}", "language": "fi", "source": "direct"}
    return Line(at, **(facts | more))


def numbers(client, table, query=""):
    """The rows of a table, by their name."""
    page = BeautifulSoup(client.get(f"{URL}?{query}").content, "html.parser")
    rows = page.select(f'[aria-labelledby="reach-{table}"] tbody tr')
    return {row.th.get_text(strip=True): [cell.get_text(strip=True) for cell in row.select("td")] for row in rows}


@pytest.mark.parametrize("role", [Role.COMMUNICATIONS, Role.COORDINATORS, Role.ADMINISTRATORS])
def test_those_whose_work_it_is_see_it(cast, home, role):
    client = cast.enter(role)
    assert client.get(URL).status_code == 200
    assert URL in client.get(reverse("wagtailadmin_home")).content.decode()


@pytest.mark.parametrize("role", [Role.ORGANISERS, Role.PROJECTS, None])
def test_others_do_not(cast, home, role):
    assert cast.enter(role).get(URL).status_code in (302, 403)


def test_its_numbers_are_those_that_were_rolled_up(cast, stories, home):
    today = timezone.localdate()
    told = [view(stories[0], today, reader, source="mail", campaign="kevat") for reader in (1, 2, 2)]
    told += [view(stories[1], today - timedelta(days=1), 1), view(stories[0], today - timedelta(days=40), 3)]
    told.append(view(stories[0], today, 1, kind=READ, depth=75, seconds=9)._replace(at=told[0].at + 9))
    write(sums_of(told))
    client = cast.enter(Role.COMMUNICATIONS)
    assert numbers(client, "pages") == {"Luettu 0": ["3", "2", "9 s", "75 %", "+200 %"], "Luettu 1": ["1", "1", "–", "–", "–"]}
    assert numbers(client, "pages", "period=1&beside=none")["Luettu 0"][-1] == "–"
    assert [row[:2] for row in numbers(client, "sources").values()] == [["3", "2"], ["1", "1"]]
    assert numbers(client, "campaigns")["kevat"][:2] == ["3", "2"]
    part = f"part=page:{stories[1].pk}"
    assert [row[0] for row in numbers(client, "sources", part).values()] == ["1"]
    rows = list(csv.reader(io.StringIO(client.get(f"{URL}?export=csv").getvalue().decode("utf-8-sig"))))
    assert sum(int(row[2]) for row in rows[1:] if row[1][:4].isdecimal()) == 4
    assert client.get(f"{URL}?export=xlsx")["Content-Type"].endswith("sheet")


def test_what_one_reader_alone_has_asked_is_never_shown(cast, stories, home):
    today = timezone.localdate()
    told = [view(stories[0], today, reader, kind=kind, words=words) for reader in (1, 2) for kind, words in ((OUT, "ttl.fi"), (SOUGHT, "palkka"))]
    # The same one again and again is one.
    told += [view(stories[0], today, 2, kind=SOUGHT, words="palkka")] * 5
    write(sums_of(told))
    client = cast.enter(Role.COORDINATORS)
    assert numbers(client, "outbound") == numbers(client, "sought") == {}
    write(sums_of([view(stories[0], today, 3, kind=SOUGHT, words="palkka")]))
    assert numbers(client, "sought") == {"palkka": ["8", "–"]}
    assert numbers(client, "outbound") == {}


def test_the_last_half_hour_stands_above(cast, stories, home):
    write(sums_of([view(stories[0], None, reader) for reader in (1, 1, 2)]))
    page = BeautifulSoup(cast.enter(Role.COMMUNICATIONS).get(URL).content, "html.parser")
    section = page.select_one('[aria-labelledby="reach-live"]')
    assert [cell.get_text(strip=True) for cell in section.select("dd")] == ["2", "3"]
    assert section.select_one("svg")
    assert section.select_one("tbody tr")


def test_another_themes_readers_are_not_shown(stories, home):
    other = factories.make_story(factories.make_section(factories.make_front(factories.make_theme(), home)), title="Toisen juttu")
    write(sums_of([view(other, timezone.localdate()), view(stories[0], timezone.localdate())]))
    for theme, title in ((home.theme, "Luettu 0"), (other.theme, "Toisen juttu")):
        # As `themes.teams` binds each request of who works in one of several themes.
        with within(theme.pk):
            found = figures.read(FilterForm({}, timezone.localdate()).narrowed())
        assert [row.name for row in found.pages] == [title]
        assert found.whole.views == 1


@pytest.mark.parametrize(
    "query", ["period=own&first=x", "part=page:999999", "part=<script>", "period=own&first=2026-05-01&last=2026-04-01", "beside=9"]
)
def test_an_address_may_hold_anything(cast, home, query):
    answer = cast.enter(Role.COMMUNICATIONS).get(f"{URL}?{query}")
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode() or "error-message" in answer.content.decode()


def test_the_compared_days(home):
    today = date(2026, 3, 31)
    before = FilterForm({"period": "7"}, today).narrowed()
    assert (before.first, before.other, before.other_last) == (date(2026, 3, 25), date(2026, 3, 18), date(2026, 3, 24))
    year = FilterForm({"period": "7", "beside": "year"}, today).narrowed()
    assert (year.other, year.first.weekday()) == (date(2025, 3, 26), year.other.weekday())
    assert FilterForm({"beside": "none"}, today).narrowed().other is None


def test_readers_cost_no_queries(cast, stories, section, home):
    client, today = cast.enter(Role.COMMUNICATIONS), timezone.localdate()

    def cost():
        client.get(URL)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(URL).status_code == 200
        return len(asked)

    write(sums_of([view(stories[0], today, 1, campaign="a"), view(stories[0])]))
    few = cost()
    more = [factories.make_story(section, goals=[stories[0].goals.first()]) for _number in range(12)]
    write(sums_of([view(page, today - timedelta(days=day), day, campaign=f"k{day}", source="mail") for page in more for day in range(20)]))
    write(sums_of([view(page, None, 50) for page in more]))
    assert cost() == few
