"""Files of a report: the same words and sums as PDF, Word, spreadsheet and page."""

from __future__ import annotations

from io import BytesIO
from itertools import pairwise

import pytest
from bs4 import BeautifulSoup
from django.core.management import CommandError, call_command
from django.utils import timezone, translation
from django.utils.translation import gettext, pgettext
from docx import Document
from openpyxl import load_workbook

from contacts.models import Touch
from desk.reports import composing
from desk.reports.printing import TYPES, printed
from desk.reports.records import Kind
from tests import factories
from tests.desk import reports_by
from tests.tagged import Tagged
from themes.models import Goal, Theme


def said(word, context=None):
    with translation.override("fi"):
        return pgettext(context, word) if context else gettext(word)


@pytest.fixture(scope="module")
def made_goal(made_home):
    return reports_by.make_goal(made_home.theme, name_fi="Yritykset tuntevat palvelut", name_sv="Företagen känner till tjänsterna")


@pytest.fixture
def goal(db, made_goal):
    return Goal.objects.get(pk=made_goal.pk)


def composed(goal, **values):
    return composing.of_report(reports_by.begin(goal.theme, [goal], **values), timezone.localdate())


def file_of(found, form, language="fi"):
    with translation.override(language):
        return printed(found, form, None)


def sheet(content, number):
    head, *rows = load_workbook(BytesIO(content)).worksheets[number].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def unbroken(text):
    """Without the hyphens at the ends of lines."""
    return text.strip().replace("-", "").replace("\xad", "")


def table(pdf, label):
    """Rows of words of the table whose head holds the label."""
    for found in pdf.named("Table"):
        rows = [[unbroken(tag.words()) for tag in row.all() if tag.name in ("TH", "TD")] for row in found.all() if row.name == "TR"]
        if label in rows[0]:
            return rows
    raise AssertionError(label)


def test_the_sums_of_the_spreadsheet_are_those_of_the_pdf(goal):
    # One of those whom the goal had met before the period is met again in it.
    again = Touch.objects.order_by("at").first().person
    reports_by.meet(goal, 1, days=3, people=[again])
    found = composed(goal)
    pdf, book = Tagged(file_of(found, "pdf")), file_of(found, "xlsx")
    met, clicks = sheet(book, 1)
    # Four contacts were met, three of them first in the period; nothing was observed of the other.
    assert (met[said("So far", "figure")], met[said("In the period")], met[said("New in the period")]) == (4, 4, 3)
    assert (clicks[said("So far", "figure")], clicks[said("In the period")]) == (said("no data"), said("no data"))
    came = [row[said("Came", "figure")] for row in sheet(book, 3) if row[said("Measure")] == met[said("Measure")]]
    assert sum(came) == met[said("So far", "figure")]
    assert sum(came[1:]) == met[said("New in the period")]
    rows = table(pdf, said("Came", "figure"))
    assert [int(row[1]) for row in rows[1:-1]] == came[1:]
    assert rows[-1][1:] == ["3", f"4 {met[said('Unit')]}"]
    assert sum(int(row[1]) for row in rows[1:-1]) == 3
    counted = [row[said("Counted without names")] for row in sheet(book, 2)]
    done = table(pdf, said("Title"))
    assert [int(row[-1]) for row in done[1:-1]] == counted
    assert int(done[-1][-1]) == sum(counted)


def test_no_data_is_said_and_never_0(goal):
    pdf = Tagged(file_of(composed(goal), "pdf"))
    states = {row[0]: row[2] for row in table(pdf, said("By when")) if len(row) == 7}
    assert said("no data") in states.values()
    assert not [text for text in states.values() if text.startswith("0")]


@pytest.mark.parametrize("kind", Kind.values)
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_each_kind_is_tagged_in_each_language_with_the_same_headings_in_word(goal, kind, language):
    found = composed(goal, kind=kind, languages=["fi", "sv", "en"])
    pdf, word = Tagged(file_of(found, "pdf", language)), Document(BytesIO(file_of(found, "docx", language)))
    assert (pdf.language, pdf.part, pdf.is_marked, pdf.title) == (language, "1", True, found["title"][language])
    headings = [(int(tag.name[1]), unbroken(tag.words())) for tag in pdf.named(r"H\d")]
    assert headings == [(int(row.style.name[-1]), unbroken(row.text)) for row in word.paragraphs if row.style.name.startswith("Heading")]
    levels = [level for level, _text in headings]
    assert levels[0] == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    described = [tag.alt for tag in pdf.named("Figure")]
    assert len(described) == 2
    assert all(described)


def test_each_figure_has_definition_source_unit_and_day(goal):
    met, _clicks = composed(goal)["figures"]
    assert all(all(met[name].values()) for name in ("words", "unit", "definition", "source"))
    assert len(set(met["unit"].values())) == 3
    assert met["ends"] == timezone.localdate().isoformat()


def test_a_page_has_its_language_its_headings_and_leads_to_the_observations(goal):
    found = composed(goal)
    page = BeautifulSoup(file_of(found, "html", "sv"), "html.parser")
    assert page.html["lang"] == "sv"
    assert page.title.get_text() == found["title"]["sv"]
    assert [len(page.find_all(f"h{level}")) > 0 for level in (1, 2, 3, 4)] == [True] * 4
    assert "Medfinansieras av Europeiska unionen" in page.get_text()
    assert any(link["href"].endswith(f"/admin/desk/goals/{goal.pk}/") for link in page.find_all("a"))
    assert not page.find_all(["script", "link", "img"])


def test_signs_of_formulas_are_words_in_the_spreadsheet(goal):
    reports_by.meet(goal, 1, days=3, title="=HYPERLINK(1)")
    titles = [row[said("Title")] for row in sheet(file_of(composed(goal), "xlsx"), 2)]
    assert [title for title in titles if "HYPERLINK" in title] == ["'=HYPERLINK(1) 3"]


# ---- the command
@pytest.mark.parametrize("form", list(TYPES))
def test_the_command_writes_each_form_and_keeps_nothing(goal, tmp_path, form):
    place = tmp_path / f"out.{form}"
    days = {"starts": reports_by.last_days().starts, "ends": timezone.localdate()}
    call_command("report", "funder", format=form, out=place, language="sv", **days)
    assert place.stat().st_size > 1000
    assert not goal.theme.reports.exists()
    if form == "pdf":
        assert "Medfinansieras av Europeiska unionen" in Tagged(place.read_bytes()).text()


def refused(tmp_path, *words):
    with pytest.raises(CommandError) as told:
        call_command("report", "annual", "--format", "xlsx", "--out", str(tmp_path / "out"), *words)
    assert not (tmp_path / "out").exists()
    return str(told.value)


def test_the_command_says_what_is_wrong(goal, tmp_path):
    assert refused(tmp_path, "--from", "2026-03-01", "--to", "2026-02-01")
    assert "x" in refused(tmp_path, "--theme", "x")
    other = factories.make_goal(factories.make_theme())
    assert Theme.objects.count() == 2
    assert goal.theme.key in refused(tmp_path)
    assert other.key in refused(tmp_path, "--theme", goal.theme.key, "--goals", f"{goal.key},{other.key}")
    with pytest.raises(CommandError):
        call_command("report", "annual", "--theme", goal.theme.key, "--format", "xlsx", "--out", str(tmp_path / "no" / "out"))
