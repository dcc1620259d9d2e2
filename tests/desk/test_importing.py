"""An old site's pages come as drafts with their old addresses; a wrong row is told by its row and column."""

from __future__ import annotations

import csv
import re
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from base.roles import Role
from desk.importing import texts, views
from desk.importing.actions import import_pages
from desk.importing.rows import read
from events.models import Event, EventPage
from pages.models import PracticePage, StoryPage
from tests import factories
from themes.models import Practice

BODY = (
    '<h2>Mitä <em>tehtiin</em></h2><div style="x">Ensin <strong>näin</strong>, <script>alert(1)</script>'
    '<a href="javascript:x" onclick="y">sitten</a> <a href="https://example.org/">noin</a>.</div><!-- pois -->'
    '<ul><li>yksi</li></ul><img src="a.png"><table><tr><th>A</th><td>B</td></tr></table>'
)


def written(*rows):
    kept = StringIO()
    writer = csv.DictWriter(kept, sorted({name for row in rows for name in row}))
    writer.writeheader()
    writer.writerows(rows)
    return kept.getvalue().encode()


@pytest.fixture(scope="module")
def made(shared_db):
    return make_row()


@pytest.fixture
def row(db, made):
    return dict(made)


def make_row():
    """A good one, and the theme, goal and section that it names."""
    home = factories.make_home(factories.make_theme())
    goal = factories.make_goal(home.theme)
    section = factories.make_section(home, slug="jutut")
    facts = {"key": "123", "language": "fi", "kind": "story", "parent": section.url, "title": "Vanha juttu", "lead": "Näin se meni.", "body": BODY}
    return facts | {"published": "31.5.2024", "goals": goal.key, "old_addresses": "/uutiset/123 https://vanha.example.org/node/123?page=1"}


def test_markup_becomes_blocks_and_no_word_is_lost():
    body = texts.read(BODY)
    (heading, title), (paragraph, text) = body.blocks
    assert (heading, title, paragraph) == ("heading", "Mitä tehtiin", "paragraph")
    assert text == ('<p>Ensin <b>näin</b>, sitten <a href="https://example.org/">noin</a>.</p><ul><li>yksi</li></ul><p>A – B</p>')
    assert body.left_out == 1


def test_tags_that_were_never_closed_and_links_that_lead_nowhere_leave_their_words():
    body = texts.read("<ul>" + "<li>a" * 300 + '</ul><p>b <a href="http://[x">c</a>')
    assert body.blocks == [("paragraph", "<ul>" + "<li>a</li>" * 300 + "</ul><p>b c</p>")]


def test_two_themes_whose_old_sites_number_their_pages_alike_keep_them_apart(row):
    theirs = factories.make_section(factories.make_front(factories.make_theme(), Page.objects.get(depth=2, locale__language_code="fi")))
    moved = {"parent": theirs.url, "goals": "", "old_addresses": ""}
    assert [len(import_pages(written(one)).made) for one in (row, row | moved, row | moved)] == [1, 1, 0]
    assert len(set(StoryPage.objects.values_list("translation_key", flat=True))) == 2


def test_a_page_comes_as_a_draft_once(row, client):
    content = written(row, row | {"key": "124", "title": "Toinen", "old_addresses": ""})
    assert len(import_pages(content, dry_run=True).made) == 2
    assert not StoryPage.objects.exists()
    report = import_pages(content)
    assert not report.problems
    story = StoryPage.objects.get(slug="vanha-juttu")
    assert (story.live, story.first_published_at.year, [goal.key for goal in story.goals.all()]) == (False, 2024, [row["goals"]])
    assert report.left_out == {2: 1, 3: 1}
    again = import_pages(content)
    assert (again.made, again.kept, again.problems) == ([], [2, 3], [])
    assert (StoryPage.objects.count(), Redirect.objects.count()) == (2, 2)
    story.get_latest_revision().publish()
    assert client.get("/uutiset/123").headers["Location"].endswith(story.url)
    story.refresh_from_db()
    assert story.first_published_at.year == 2024


@pytest.mark.parametrize(
    ("wrong", "column"),
    [
        ({"title": ""}, "title"),
        ({"title": "a" * 300}, "title"),
        ({"lead": "a" * 301}, "lead"),
        ({"lead": ""}, "lead"),
        ({"language": "de"}, "language"),
        ({"kind": "post"}, "kind"),
        ({"parent": "/fi/ei-ole/"}, "parent"),
        ({"kind": "information"}, "parent"),
        ({"slug": "Ääkköset"}, "slug"),
        ({"body": "<script>x</script>"}, "body"),
        ({"published": "kesällä"}, "published"),
        ({"published": "2999-01-01"}, "published"),
        ({"goals": "ei-ole"}, "goals"),
        ({"old_addresses": "uutiset"}, "old_addresses"),
        ({"old_addresses": "/uutiset/123"}, "old_addresses"),
        ({"key": "123"}, "key"),
        ({"kind": "result"}, "finding"),
        ({"parent": "http://[x/"}, "parent"),
        ({"old_addresses": "http://[x/y"}, "old_addresses"),
        ({"body": "<div>" * 5000 + "x"}, "body"),
        ({"body": "<p>" + "<b>" * 5000 + "x"}, "body"),
    ],
)
def test_nothing_comes_where_a_row_is_wrong(row, wrong, column):
    content = written(row, row | {"key": "124", "old_addresses": "/uutiset/124"} | wrong)
    report = import_pages(content)
    assert {(problem.line, problem.column) for problem in report.problems} >= {(3, column)}
    assert not StoryPage.objects.exists()
    assert len(import_pages(content, skip_bad=True).made) == 1


# ---- practices and events
@pytest.fixture
def practice(row):
    texts = {name: f"<h3>{name}</h3><p>Teksti <strong>{name}</strong></p>" for name in ("problem", "how_it_works", "who_has_used", "how_to_start")}
    return row | {"key": "K 7", "kind": "practice", "title": "Työpari", "body": "", "goals": "", "old_addresses": "/kaytannot/7"} | texts


@pytest.fixture
def event(row):
    calendar = factories.make_events_page(Page.objects.get(depth=2).specific)
    facts = {"starts": "3.9.2030 9.00", "ends": "2030-09-03 15:30", "mode": "hybrid", "place": "Kuopio", "capacity": "40"}
    link = {"online_link": "https://video.example.org/1", "old_addresses": "", "published": ""}
    return row | {"key": "t1", "kind": "event", "parent": calendar.url, "title": "Seminaari"} | facts | link


def test_practices_come_with_their_parts_and_one_row_for_all_languages(practice):
    front = Page.objects.get(depth=2).specific.copy_for_translation(factories.Locale.objects.get(language_code="sv"))
    front.save_revision().publish()
    theirs = factories.make_section(front, slug="praxis")
    swedish = practice | {"language": "sv", "parent": theirs.url, "title": "Arbetspar", "old_addresses": "", "stage": ""}
    report = import_pages(written(practice | {"stage": "piloted"}, swedish))
    assert not report.problems
    first, second = PracticePage.objects.order_by("pk")
    assert (first.live, first.translation_key, second.locale.language_code) == (False, second.translation_key, "sv")
    assert first.how_it_works == "<p><b>how_it_works</b></p><p>Teksti <b>how_it_works</b></p>"
    row = Practice.objects.get()
    assert (row.key, row.name_fi, row.name_sv, row.stage, first.practice, second.practice) == ("k-7", "Työpari", "Arbetspar", "piloted", row, row)
    assert import_pages(written(practice, swedish)).kept == [2, 3]
    # Another key that is written alike is another practice's.
    assert [one.column for one in import_pages(written(practice | {"key": "k-7", "old_addresses": ""})).problems] == ["key"]


def test_an_event_comes_as_a_draft_that_can_be_published(event):
    assert not import_pages(written(event)).problems
    page = EventPage.objects.get()
    assert (page.mode, page.place, page.capacity, page.online_link) == ("hybrid", "Kuopio", 40, "https://video.example.org/1")
    assert [timezone.localtime(at).strftime("%d.%m. %H:%M") for at in (page.starts_at, page.ends_at)] == ["03.09. 09:00", "03.09. 15:30"]
    assert not Event.objects.exists()
    page.get_latest_revision().publish()
    # In the room and, as a page has it from the beginning, a hundred online.
    assert Event.objects.get().capacity == 140


@pytest.mark.parametrize(
    ("wrong", "column"),
    [
        ({"starts": "syksyllä"}, "starts"), ({"ends": ""}, "ends"), ({"ends": "3.9.2030 8.00"}, "ends"), ({"mode": "etä"}, "mode"),
        ({"capacity": "monta"}, "capacity"), ({"online_link": "video"}, "online_link"), ({"place": "x" * 300}, "place"),
        ({"stage": "piloted"}, "stage"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_event_is_told_at_its_column(event, wrong, column):
    assert {(one.line, one.column) for one in import_pages(written(event | wrong)).problems} == {(2, column)}
    assert not EventPage.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "column"),
    [({"problem": ""}, "problem"), ({"stage": "kesken"}, "stage"), ({"body": "<p>x</p>"}, "body"), ({"key": "!"}, "key"), ({"place": "x"}, "place")],
)
def test_what_is_wrong_with_a_practice_too(practice, wrong, column):
    assert {(one.line, one.column) for one in import_pages(written(practice | wrong)).problems} == {(2, column)}
    assert not Practice.objects.exists()


def test_the_command_tells_in_the_readers_language(row, tmp_path, capsys):
    (tmp_path / "a.csv").write_bytes(written(row, row | {"language": "de"}))
    with pytest.raises(CommandError, match="--skip-bad"):
        call_command("import_pages", tmp_path / "a.csv", language="en")
    assert "Row 3, language: Write one of these: fi, sv, en." in capsys.readouterr().out
    assert import_pages(b"nimi,otsikko\n1,2").problems[0].line == 1
    assert Page.find_problems() == ([], [], [], [], [])


# ---- the screen
@pytest.fixture
def screen(row, cast):
    cast.user(Role.COMMUNICATIONS)
    client = cast.enter(Role.COMMUNICATIONS)

    def post(data):
        return client.post(reverse("importing:bring"), data)

    return post


def chosen(content, name="old.csv"):
    return {"file": SimpleUploadedFile(name, content, "text/csv")}


def carried(answer):
    [content] = re.findall(r'name="content" value="([^"]+)"', answer.content.decode())
    return {"content": content}


def test_a_file_is_looked_at_and_then_brought(screen, row):
    looked = screen(chosen(written(row)))
    assert "Vanha juttu" in looked.content.decode()
    assert not StoryPage.objects.exists()
    done = screen(carried(looked)).content.decode()
    story = StoryPage.objects.get()
    assert (story.live, story.owner.username) == (False, "viola")
    assert reverse("wagtailadmin_pages:edit", args=[story.pk]) in done
    again = screen(carried(looked)).context["report"]
    assert (again.made, again.kept) == ([], [2])


def test_rows_that_are_wrong_are_told_and_left_out(screen, row):
    looked = screen(chosen(written(row, row | {"key": "124", "language": "de", "old_addresses": ""})))
    assert [problem.column for problem in looked.context["report"].problems] == ["language"]
    assert len(looked.context["report"].made) == 1
    assert not StoryPage.objects.exists()
    screen(carried(looked))
    assert StoryPage.objects.get().title == "Vanha juttu"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04 a workbook",
        b"\x00\x01\x02",
        b"nimi;otsikko\n1;2",
        b"a" * 2_000_000,
        b'key,language,kind,parent,title,body\n"open',
        written({"key": "a"}).decode().encode("utf-16"),
    ],
    ids=["empty", "a workbook", "not text", "other columns", "too large", "open quote", "in UTF-16"],
)
def test_a_file_that_is_none_is_refused_in_words(screen, content):
    answer = screen(chosen(content))
    assert answer.status_code in {200, 422}
    assert not getattr(answer.context.get("report"), "made", None)
    assert "error-message" in answer.content.decode()
    assert not StoryPage.objects.exists()


def test_many_rows_are_for_more_than_one_time(screen, row, monkeypatch):
    monkeypatch.setattr(views, "MOST_ROWS", 1)
    answer = screen(chosen(written(row, row | {"key": "124"})))
    assert answer.status_code == 422
    assert "2" in answer.context["form"].errors["file"][0]


@pytest.mark.parametrize("content", ["!", "ä"])
def test_a_hidden_file_that_somebody_changed_is_refused(screen, content):
    assert screen({"content": content}).status_code == 422


@pytest.mark.parametrize("wrong", [{"title": "a\0b"}, {"parent": "/fi/\0/"}, {"body": "<h2>a\0</h2>x"}])
def test_a_sign_that_no_database_takes_is_told(row, wrong):
    [problem] = import_pages(written(row | wrong)).problems
    assert (problem.line, problem.column) == (2, next(iter(wrong)))


def test_a_heading_without_end_is_told():
    assert read(b"key," + b"a" * 10_000_001)[1][0].message


def test_pages_come_only_where_one_may_write(row, cast):
    report = import_pages(written(row), by=cast.user(Role.PROJECTS))
    assert [problem.column for problem in report.problems] == ["parent"]
    assert len(import_pages(written(row), by=cast.user(Role.COMMUNICATIONS), dry_run=True).made) == 1


def test_who_may_not(row, cast):
    for role in (Role.COORDINATORS, Role.PROJECTS):
        cast.user(role)
        assert cast.enter(role).get(reverse("importing:bring")).status_code in {302, 403}


def test_the_empty_file_has_the_headings(cast, row):
    cast.user(Role.COMMUNICATIONS)
    answer = cast.enter(Role.COMMUNICATIONS).get(reverse("importing:empty"))
    assert read(answer.content) == ([], [])
