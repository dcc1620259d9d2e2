"""One document of every kind of part, as PDF and as Word, read by others' programs."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from django.utils import translation
from docx import Document
from docx.oxml.ns import qn
from PIL import Image

from base.documents import document, word_document
from base.documents.columns import widths_of
from base.documents.parts import Facts, Heading, Items, Picture, Table, Text
from base.emblem import STATEMENTS
from tests.tagged import Tagged

SOFFICE = shutil.which("soffice")
NEEDS_SOFFICE = pytest.mark.skipif(not SOFFICE, reason="LibreOffice is not installed (Debian: libreoffice-writer-nogui)")
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 100"><rect width="300" height="60" fill="#14506b"/>'
    '<text x="10" y="90" font-family="Source Sans 3" font-size="14">Kuvio</text></svg>'
)
PARTS = [
    Heading(2, "Toinen taso"),
    Text("Työhyvinvointikoordinaatiohankkeen vaikuttavuusarviointi"),
    Facts([("Tila", "Luonnos"), ("Laatu", "Hyvä")]),
    Heading(3, "Kolmas taso"),
    Items(["Ensimmäinen kohta", "Toinen kohta"]),
    Table("Taulu", ["Maakunta", "Luku"], [[f"Rivi {number}", str(number)] for number in range(80)], [3, 1]),
    Table("Toinen taulu", ["Maakunta", "Luku"], [["Lappi", "7"]], [3, 1]),
    Text("Taulun jälkeen"),
    Picture(SVG, "Pylväs, jonka arvo on 300"),
    Heading(4, "Neljäs taso"),
    Text("Loppu"),
]
HEADINGS = [(1, "Otsikko"), (2, "Toinen taso"), (3, "Kolmas taso"), (4, "Neljäs taso")]
LANGUAGES = pytest.mark.parametrize(("language", "locale"), [("fi", "fi-FI"), ("sv", "sv-FI"), ("en", "en-GB")])


def word(language="fi", parts=PARTS, title="Otsikko"):
    with translation.override(language):
        return word_document(title=title, facts=["Teema", "2021–2027"], parts=parts)


def pdf(language="fi"):
    with translation.override(language):
        return Tagged(document(title="Otsikko", facts=["Teema", "2021–2027"], parts=PARTS))


# ---- Word
@LANGUAGES
def test_a_document_of_word_says_its_title_and_language(language, locale):
    made = Document(BytesIO(word(language)))
    assert (made.core_properties.title, made.core_properties.language) == ("Otsikko", locale)
    languages = {found.get(qn("w:val")) for found in made.styles.element.iter(qn("w:lang"))}
    assert languages == {locale}
    assert STATEMENTS[language] in "\n".join(paragraph.text for paragraph in made.paragraphs)


def test_headings_lists_and_tables_are_what_they_are():
    made = Document(BytesIO(word()))
    styles = [(paragraph.style.name, paragraph.text) for paragraph in made.paragraphs]
    assert [(int(name[-1]), text) for name, text in styles if name.startswith("Heading")] == HEADINGS
    assert [text for name, text in styles if name == "List Bullet"] == ["Ensimmäinen kohta", "Toinen kohta"]
    first, second = made.tables
    assert [len(first.rows), len(second.rows)] == [81, 2]
    for table, label in ((first, "Taulu"), (second, "Toinen taulu")):
        # The head comes again on each page; other rows do not.
        assert [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows[:2]] == [True, False]
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) == label
        assert table._tbl.tblPr.find(qn("w:tblLook")).get(qn("w:firstRow")) == "1"


def test_no_paragraph_is_empty():
    made = Document(BytesIO(word()))
    every = [*made.paragraphs, *(found for table in made.tables for row in table.rows for cell in row.cells for found in cell.paragraphs)]
    assert [found for found in every if not found.text.strip() and not found._p.findall(f".//{qn('w:drawing')}")] == []


def test_each_picture_has_its_alternative_text_and_is_drawn():
    made = Document(BytesIO(word()))
    described = [found.get("descr") for found in made.element.body.iter(qn("wp:docPr"))]
    assert described == ["Euroopan unionin tunnus", "Pylväs, jonka arvo on 300"]
    drawn = [Image.open(BytesIO(part.blob)) for name, part in sorted((part.partname, part) for part in made.part.package.image_parts)]
    emblem, chart = sorted(drawn, key=lambda image: image.width)
    assert emblem.width * 2 == emblem.height * 3
    assert chart.convert("RGB").getpixel((chart.width // 4, chart.height // 4)) == (0x14, 0x50, 0x6B)
    assert abs(chart.width / chart.height - 4.8) < 0.02


def test_the_statement_stands_on_the_first_page_in_a_face_of_annex_ix():
    made = Document(BytesIO(word()))
    place = next(number for number, found in enumerate(made.paragraphs) if STATEMENTS["fi"] in found.text)
    assert place < next(number for number, found in enumerate(made.paragraphs) if found.text == "Toinen taso")
    said = made.paragraphs[place].runs[-1]
    assert (said.font.name, said.italic, said.underline) == ("Arial", None, None)


def test_signs_that_xml_cannot_hold_are_left_out():
    made = Document(BytesIO(word(title="A\x0bB", parts=[Text("C\x00D <b> & \ufffe")])))
    assert made.core_properties.title == "AB"
    assert "CD <b> & " in [paragraph.text for paragraph in made.paragraphs]


def converted(tmp_path, content, form):
    """By LibreOffice, with a profile of its own."""
    (tmp_path / "made.docx").write_bytes(content)
    words = [SOFFICE, "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--convert-to", form, "--outdir", tmp_path]
    subprocess.run([*words, tmp_path / "made.docx"], check=True, capture_output=True, timeout=120)
    (found,) = tmp_path.glob(f"made.{form.split(':')[0]}")
    return found.read_bytes()


@NEEDS_SOFFICE
def test_libreoffice_finds_the_headings_lists_table_heads_and_language(tmp_path):
    page = BeautifulSoup(converted(tmp_path, word("sv"), "html"), "lxml")
    found = page.find_all(["h1", "h2", "h3", "h4"])
    assert [(int(heading.name[1]), " ".join(heading.get_text().split())) for heading in found] == HEADINGS
    assert [item.get_text(strip=True) for item in page.find_all("li")] == ["Ensimmäinen kohta", "Toinen kohta"]
    assert [[" ".join(cell.get_text().split()) for cell in head.find_all(["td", "th"])] for head in page.find_all("thead")] == [
        ["Maakunta", "Luku"]
    ] * 2
    assert page.title.get_text() == "Otsikko"
    assert page.body["lang"] == "sv-FI"


@NEEDS_SOFFICE
def test_libreoffice_makes_a_tagged_pdf_of_it(tmp_path):
    options = '{"UseTaggedPDF":{"type":"boolean","value":"true"},"PDFUACompliance":{"type":"boolean","value":"true"}}'
    made = Tagged(converted(tmp_path, word(), f"pdf:writer_pdf_Export:{options}"))
    assert (made.title, made.language, made.part) == ("Otsikko", "fi-FI", "1")
    assert [tag.name for tag in made.named(r"H\d")] == [f"H{level}" for level, _text in HEADINGS]
    assert len(made.named("TH")) == 4
    assert [tag.alt for tag in made.named("Figure")] == ["Euroopan unionin tunnus", "Pylväs, jonka arvo on 300"]


@pytest.mark.parametrize("long", ["Aikataulussa", "Ilmoittautumiset", "Ammatillinenjatkokoulutusverkosto"])
def test_no_date_is_broken_in_a_narrow_column_and_no_word_where_there_is_room(long):
    table = Table("Taulu", ["Mittari", "Mihin mennessä", "Tila"], [[f"{long} tapahtumiin kevään aikana", "26.11.2027", long]], [6, 1, 1])
    found = widths_of(table, room=10_000, size=200, padding=100)
    assert sum(found) <= 10_000
    room_for = [(width - 100) / (0.62 * 200) for width in found]
    assert room_for[1] >= len("26.11.2027")
    assert room_for[0] >= len(long)
    assert room_for[2] >= len(long)
    assert found[0] == max(found)


def test_a_table_that_is_too_wide_parts_its_words_and_fills_the_page():
    table = Table("Taulu", ["Otsikko"] * 8, [["Ilmoittautumisjärjestelmä", "26.11.2027", *["x"] * 6]], [1] * 8)
    found = widths_of(table, room=3_000, size=100, padding=50)
    assert sum(found) <= 3_000
    assert all(width > 50 for width in found)
    assert found[1] >= found[0] * 0.9


def test_a_file_of_word_parts_long_words_by_their_syllables():
    settings = Document(BytesIO(word())).settings.element
    names = [child.tag.rpartition("}")[2] for child in settings]
    # Where the schema has it.
    assert names[names.index("defaultTabStop") + 1] == "autoHyphenation"


def test_a_file_of_word_is_whole():
    assert zipfile.ZipFile(BytesIO(word())).testzip() is None


# ---- PDF
@LANGUAGES
def test_a_pdf_says_that_it_is_accessible_its_title_and_language(language, locale):
    made = pdf(language)
    assert (made.title, made.language, made.part, made.is_marked, made.shows_title) == ("Otsikko", language, "1", True, True)
    assert STATEMENTS[language] in made.text()


def test_a_pdf_has_the_tags_of_its_parts():
    made = pdf()
    assert [(int(tag.name[1]), tag.words().strip()) for tag in made.named(r"H\d")] == HEADINGS
    assert [tag.words() for tag in made.named("LBody")] == ["Ensimmäinen kohta", "Toinen kohta"]
    first, second = made.named("Table")
    assert [tag.words() for tag in first.all() if tag.name == "TH"] == ["Maakunta", "Luku"]
    # The head that comes again on the next page is not read again.
    assert sum(tag.name == "TR" for tag in first.all()) == 81
    assert sum(tag.name == "TD" for tag in second.all()) == 2
    assert [tag.alt for tag in made.named("Figure")] == ["Euroopan unionin tunnus", "Pylväs, jonka arvo on 300"]


def test_a_pdf_is_read_out_in_the_order_of_its_parts():
    made = pdf()
    said = made.text()
    order = ["Otsikko", "Teema", STATEMENTS["fi"], "Toinen taso", "vaikuttavuusarviointi", "Luonnos", "Kolmas", "Toinen kohta", "Rivi 0", "Rivi 79"]
    places = [said.index(words) for words in [*order, "Lappi", "Taulun jälkeen", "Neljäs taso", "Loppu"]]
    assert places == sorted(places)
    # Nothing on the pages but what is tagged and the foot.
    assert said.count("Rivi 7") == 11
