"""An old site's pages come as drafts with their old addresses; a wrong row is told by its row and column."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from desk.importing import texts
from desk.importing.actions import import_pages
from pages.models import StoryPage
from tests import factories

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


@pytest.fixture
def row(db):
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
    ],
)
def test_nothing_comes_where_a_row_is_wrong(row, wrong, column):
    content = written(row, row | {"key": "124", "old_addresses": "/uutiset/124"} | wrong)
    report = import_pages(content)
    assert {(problem.line, problem.column) for problem in report.problems} >= {(3, column)}
    assert not StoryPage.objects.exists()
    assert len(import_pages(content, skip_bad=True).made) == 1


def test_the_command_tells_in_the_readers_language(row, tmp_path, capsys):
    (tmp_path / "a.csv").write_bytes(written(row, row | {"language": "de"}))
    with pytest.raises(CommandError, match="--skip-bad"):
        call_command("import_pages", tmp_path / "a.csv", language="en")
    assert "Row 3, language: Write one of these: fi, sv, en." in capsys.readouterr().out
    assert import_pages(b"nimi,otsikko\n1,2").problems[0].line == 1
    assert Page.find_problems() == ([], [], [], [], [])
