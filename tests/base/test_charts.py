"""Charts and the map of regions: what editors paste is read or refused in words, and the picture, the table and the file say the same."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from io import StringIO
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.utils import translation
from wagtail.models import Locale

from base.blocks.values import number, read_table
from base.charts import DRAW, scale
from tests import factories
from tests.base.test_blocks import cleaned, problems, rendered, translated
from themes import tiles
from themes.models import Region

TABLE = "Kohderyhmä\t2023\t2025\nPienet yritykset\t61,5\t66\nSuuret yritykset\t64\t–\n"


def chart(**values):
    facts = {
        "kind": "bar", "title": "Pienissä yrityksissä työn laatu parani", "unit": "QWL-indeksi, %", "table": TABLE, "source": "Hankkeen kysely",
        "source_url": "", "date": date(2026, 3, 2),
    }  # fmt: skip
    return facts | values


@pytest.mark.parametrize(
    ("text", "value"),
    [("12,5", "12.5"), ("12.5", "12.5"), ("1 234,5", "1234.5"), ("1\u00a0234", "1234"), ("\u22123", "-3"), ("66 %", "66"), ("–", None), ("", None)],
)
def test_numbers_are_read_as_people_write_them(text, value):
    assert number(text) == (None if value is None else Decimal(value))


@pytest.mark.parametrize("text", ["kolme", "12,5,1", "1.234,5", "NaN", "Infinity", "12 kpl", "1e9"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        number(text)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("", ""),
        ("Ryhmä\tArvo", "vähintään kaksi riviä"),
        ("Ryhmä\tArvo\nPienet\t12,x", "Rivi 2, ”Pienet”: ”12,x” ei ole luku"),
        ("Ryhmä;Arvo\nPienet;12\n;13", "Rivillä 3 ei ole nimeä"),
        ("Ryhmä;Arvo\nPienet;12;13", "enemmän soluja"),
        ("Ryhmä;Arvo\nPienet;–", "ei ole yhtään lukua"),
        ("a;b;c;d;e;f\nx;1;2;3;4;5", "Enintään neljä"),
        ("Ryhmä;\nPienet;1", "tarvitsee nimen"),
        ("R;A\n" + "\n".join(f"{row};1" for row in range(31)), "kolmekymmentä"),
    ],
)
def test_a_table_that_cannot_be_read_says_where(table, words):
    assert words in problems("chart", chart(table=table))


def test_long_names_do_not_go_under_columns():
    long = "Ryhmä;Arvo\nTyöhyvinvointikoordinaatiohanke;1\nVaikuttavuusarviointi;2"
    assert cleaned("chart", chart(table=long))
    assert "vaakapalkit" in problems("chart", chart(kind="column", table=long))


@pytest.mark.parametrize("kind", DRAW)
@pytest.mark.parametrize("table", [TABLE, "V;A\n2024;-5\n2025;12", "V;A\n2024;0\n2025;0", "V;A\n2024;1"])
def test_each_kind_draws_within_its_frame(kind, table):
    drawn = BeautifulSoup(DRAW[kind](read_table(table)), "html.parser")
    height = float(drawn.svg["height"])
    for shape in drawn.find_all("rect"):
        left, width = (float(shape[name].rstrip("%")) for name in ("x", "width"))
        top, tall = float(shape["y"]), float(shape["height"])
        assert left >= 0
        assert left + width <= 100.01
        assert top >= 0
        assert tall >= 0
        assert top + tall <= height + 0.1
    assert drawn.find_all(["rect", "circle"])


def test_bars_are_as_long_as_their_values():
    drawn = BeautifulSoup(DRAW["bar"](read_table("R;A\nYksi;10\nKaksi;20")), "html.parser")
    one, two = (float(shape["width"].rstrip("%")) for shape in drawn.find_all("rect"))
    assert two == pytest.approx(2 * one, abs=0.02)


@pytest.mark.parametrize("values", [[0], [3, 17], [-4, 9], [0.001, 0.004], [123456]])
def test_the_scale_is_round_and_holds_all(values):
    ticks = scale(Decimal(str(value)) for value in values)
    assert ticks[0] <= min(values)
    assert ticks[-1] >= max(values)
    assert 0 in ticks
    assert 2 <= len(ticks) <= 8


def test_a_chart_stands_with_its_table_and_its_file(client, section):
    found = rendered(client, section, ("chart", chart()))
    assert found.select_one(".figure__title").get_text(strip=True) == "Pienissä yrityksissä työn laatu parani"
    rows = [[cell.get_text(strip=True) for cell in row.select("th, td")] for row in found.select("tr")]
    assert rows == [["Kohderyhmä", "2023", "2025"], ["Pienet yritykset", "61,5", "66"], ["Suuret yritykset", "64", "–"]]
    assert "Suurin: Pienet yritykset, 66. Pienin: Pienet yritykset, 61,5." in found.get_text()
    kind, _, data = found.select_one("a[download]")["href"].partition(",")
    assert kind == "data:text/csv;charset=utf-8"
    assert list(csv.reader(StringIO(unquote(data).removeprefix("\ufeff")), delimiter=";"))[1] == ["Pienet yritykset", "61,5", "66"]
    assert [row.get_text(strip=True) for row in found.select(".legend li")] == ["2023", "2025"]


def test_a_name_is_no_formula_and_no_markup(client, section):
    found = rendered(client, section, ("chart", chart(table="R;A\n=HYPERLINK(1);1\n<script>x</script>;2")))
    assert "'=HYPERLINK(1)" in unquote(found.select_one("a[download]")["href"])
    assert not found.select("script")


def test_names_in_a_chart_are_translated_and_numbers_stay(section):
    factories.make_locales()
    page = factories.make_story(section, body=[("chart", chart()), ("regions", regions())])
    section.copy_for_translation(Locale.objects.get(language_code="sv"), copy_parents=True)
    swedish, segments = translated(page, {"Pienet yritykset": "Små företag", "Kohderyhmä": "Målgrupp"})
    table = read_table(swedish.body[0].value["table"])
    assert table.head == ["Målgrupp", "2023", "2025"]
    assert table.rows == [("Små företag", [Decimal("61.5"), Decimal(66)]), ("Suuret yritykset", [Decimal(64), None])]
    assert swedish.body[0].value["date"] == date(2026, 3, 2)
    assert swedish.body[1].value["values"] == regions()["values"]
    assert not any("61,5" in segment or "Lappi: 12" in segment for segment in segments)


def regions(**values):
    found = "Lappi: 12\n11: 3\nÅland; 1,5\nUusimaa\t4\nKainuu:"
    facts = {"title": "Eniten hankkeita on Lapissa", "unit": "Hankkeita", "values": found, "source": "Hankerekisteri", "source_url": ""}
    return facts | {"date": date(2026, 3, 2)} | values


def test_a_region_is_known_by_its_name_in_any_language_and_by_its_code(db):
    found = tiles.read("lappi 12\n01: 4\nÅland; 1,5\nSouth Karelia\t7", Region.objects.all())
    assert found == {"19": Decimal(12), "01": Decimal(4), "21": Decimal("1.5"), "09": Decimal(7)}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ("Lapi: 12\nKainuu: 2", "Rivi 1: ”Lapi” ei ole Suomen maakunta. Tarkoititko: Lappi?"),
        ("Lappi: 12\nKainuu: x2", "Rivi 2: ”x2” ei ole luku"),
        ("Lappi: 12", "vähintään kahdelle"),
    ],
)
def test_values_of_regions_that_cannot_be_read_say_where(db, values, words):
    with translation.override("fi"):
        assert words in problems("regions", regions(values=values))


def test_the_map_shows_every_region_and_its_table(client, section):
    found = rendered(client, section, ("regions", regions()))
    assert len(found.select("rect.tile")) == 19
    assert len(found.select(".tile--0")) == 15
    assert [cell.get_text(strip=True) for cell in found.select("tbody tr")[0].select("th, td")] == ["Lappi", "12"]
    assert "1,5; 3; 4; 12" in found.get_text()


def test_equal_values_are_of_one_class():
    found = tiles.classes([Decimal(value) for value in (1, 1, 1, 1, 1, 2, 3, 4, 5, 6, 7)])
    assert all(low <= high for low, high in found)
    assert len(found) <= 4
    assert {tiles.depth(Decimal(value), found) for value in (1, 7)} >= {4}


def test_a_draft_with_a_table_that_cannot_be_read_shows_no_picture(section):
    story = factories.make_story(section)
    story.body = [("chart", chart(table="kesken")), ("regions", regions(values="kesken"))]
    assert "<svg" not in str(story.body)


def test_a_bad_table_raises_a_validation_error():
    with pytest.raises(ValidationError):
        read_table("x")
