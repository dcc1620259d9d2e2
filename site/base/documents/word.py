"""Documents of Word, of the same parts as the PDF: real headings, lists and table heads, so that whoever reads by ear moves in them as by eye."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt, RGBColor

from base.documents.columns import widths_of
from base.documents.parts import Facts, Heading, Items, Picture, Table, Text
from base.documents.pictures import as_png
from base.emblem import BLUE, STATEMENTS, emblem_png
from base.languages import active

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from docx.document import Document as Made
    from docx.table import Table as WordTable
    from docx.text.paragraph import Paragraph

    from base.documents.parts import Part

TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Named, not held in the file: a machine without it sets the text in a face of its own. Annex IX allows Arial for the statement.
FACE, STATEMENT_FACE = "Source Sans 3", "Arial"
LOCALES = {"fi": "fi-FI", "sv": "sv-FI", "en": "en-GB"}
INK, QUIET, HAIR = RGBColor(0x1A, 0x1A, 0x1A), RGBColor(0x4A, 0x4A, 0x4A), "B5B5B5"
# Of headings: points, and the space above and below.
HEADINGS = {1: (20, 0, 10), 2: (15, 18, 6), 3: (12, 14, 4), 4: (10.5, 10, 3)}
MARGIN, PAGE = Mm(20), (Mm(210), Mm(297))
ROOM = PAGE[0] - 2 * MARGIN
LINE, CELL, AFTER_TABLE = "Kantama line", "Kantama cell", "Kantama after table"
CELL_SIZE = 9
# At each side of a cell, in twentieths of a point; and how many EMU one of these is.
PADDING, TWIP = 60, 635
# What XML cannot hold.
UNHELD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def word_document(*, title: str, facts: Sequence[str], parts: Sequence[Part]) -> bytes:
    """As `pdf.document`, in the active language."""
    language = active()
    made = Document()
    _describe(made, title, language)
    _set_styles(made, language)
    _set_page(made, title)
    made.add_heading(clean(title), 1)
    for fact in facts:
        made.add_paragraph(clean(fact), LINE)
    _add_statement(made, language)
    _add_parts(made, parts)
    last = made.add_paragraph(date_format(timezone.localtime(), "SHORT_DATETIME_FORMAT"), AFTER_TABLE)
    _color(last, QUIET, 8)
    content = BytesIO()
    made.save(content)
    return content.getvalue()


def _add_parts(made: Made, parts: Sequence[Part]) -> None:
    pictures = as_png([part for part in parts if isinstance(part, Picture)])
    before: Part | None = None
    for part in parts:
        if isinstance(part, Picture):
            _add_picture(made, part, next(pictures))
        elif isinstance(part, Text) and isinstance(before, Table):
            made.add_paragraph(clean(part.text), AFTER_TABLE)
        else:
            if isinstance(part, Table) and isinstance(before, Table):
                # Else Word makes one table of the two.
                made.add_paragraph(clean(part.label), AFTER_TABLE)
            ADD[type(part)](made, part)
        before = part


def clean(text: str) -> str:
    return UNHELD.sub("", text)


# ---- the whole
def _describe(made: Made, title: str, language: str) -> None:
    about = made.core_properties
    about.title, about.author, about.language = clean(title)[:255], "Kantama", LOCALES[language]
    about.comments = about.keywords = ""
    about.created = about.modified = timezone.now().replace(tzinfo=None)
    made.settings.element.find(qn("w:themeFontLang")).set(qn("w:val"), LOCALES[language])


def _set_styles(made: Made, language: str) -> None:
    defaults = made.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    defaults.find(qn("w:lang")).set(qn("w:val"), LOCALES[language])
    # Of long words by their syllables: Finnish has many, and a table has narrow columns.
    made.settings.element.find(qn("w:defaultTabStop")).addnext(OxmlElement("w:autoHyphenation"))
    normal = made.styles["Normal"]
    _set_style(normal, 10.5, 0, 6)
    for level, (size, above, below) in HEADINGS.items():
        style = made.styles[f"Heading {level}"]
        _set_style(style, size, above, below)
        style.font.bold = True
        style.font.italic = False
    _set_style(made.styles["List Bullet"], 10.5, 0, 3)
    for name, size, above, below in ((LINE, 10.5, 0, 2), (CELL, CELL_SIZE, 2, 2), (AFTER_TABLE, 10.5, 8, 6)):
        style = made.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        _set_style(style, size, above, below)


def _set_style(style: Any, size: float, above: float, below: float) -> None:
    """Space stands in styles: an empty paragraph would be read out as one."""
    style.font.size, style.font.color.rgb = Pt(size), INK
    _set_face(style.element.get_or_add_rPr(), FACE)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(above), Pt(below)
    style.paragraph_format.line_spacing = 1.15


def _set_face(properties: Any, face: str) -> None:
    """In place of the template's, which come from its theme."""
    faces = properties.get_or_add_rFonts()
    for name in list(faces.attrib):
        del faces.attrib[name]
    for name in ("ascii", "hAnsi", "cs", "eastAsia"):
        faces.set(qn(f"w:{name}"), face)


def _set_page(made: Made, title: str) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = PAGE
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = MARGIN
    foot = section.footer.paragraphs[0]
    stops = foot.paragraph_format.tab_stops
    stops.add_tab_stop(ROOM, WD_TAB_ALIGNMENT.RIGHT)
    # The template's own stand in the middle of another page.
    foot.style = made.styles[LINE]
    page = _("Page")
    foot.add_run(f"{clean(title)}\t{page} ")
    _add_field(foot, "PAGE")
    foot.add_run(" / ")
    _add_field(foot, "NUMPAGES")
    _color(foot, QUIET, 8)


def _add_field(paragraph: Paragraph, name: str) -> None:
    """What Word counts itself."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    run = paragraph.add_run("1")
    field.append(run._r)
    paragraph._p.append(field)


def _add_statement(made: Made, language: str) -> None:
    """On the first page, in its text: what stands in a foot is not read out."""
    paragraph = made.add_paragraph()
    run = paragraph.add_run()
    shape = run.add_picture(BytesIO(emblem_png(240)), height=Mm(10))
    _describe_picture(shape, _("The emblem of the European Union"))
    words = paragraph.add_run(f"\u2002{STATEMENTS[language]}")
    _set_face(words._r.get_or_add_rPr(), STATEMENT_FACE)
    words.font.size, words.font.color.rgb = Pt(11), RGBColor.from_string(BLUE.removeprefix("#"))
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(8), Pt(14)
    middle = OxmlElement("w:textAlignment")
    middle.set(qn("w:val"), "center")
    paragraph._p.get_or_add_pPr().append(middle)


def _describe_picture(shape: Any, words: str) -> None:
    shape._inline.docPr.set("descr", words)
    shape._inline.docPr.set("name", words[:60])
    for side in "TBLR":
        shape._inline.set(f"dist{side}", "0")


def _color(paragraph: Paragraph, color: RGBColor, size: float) -> None:
    for run in [*paragraph.runs, *(run for field in paragraph._p.findall(qn("w:fldSimple")) for run in _runs(paragraph, field))]:
        run.font.color.rgb, run.font.size = color, Pt(size)


def _runs(paragraph: Paragraph, field: Any) -> list[Any]:
    from docx.text.run import Run

    return [Run(found, paragraph) for found in field.findall(qn("w:r"))]


# ---- its parts
def _add_heading(made: Made, part: Heading) -> None:
    made.add_heading(clean(part.text), part.level)


def _add_text(made: Made, part: Text) -> None:
    made.add_paragraph(clean(part.text))


def _add_facts(made: Made, part: Facts) -> None:
    for label, value in part.rows:
        paragraph = made.add_paragraph(style=LINE)
        paragraph.add_run(f"{clean(label)}: ").bold = True
        paragraph.add_run(clean(value))


def _add_items(made: Made, part: Items) -> None:
    for row in part.rows:
        made.add_paragraph(clean(row), "List Bullet")


def _add_picture(made: Made, part: Picture, content: bytes) -> None:
    paragraph = made.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    _describe_picture(paragraph.add_run().add_picture(BytesIO(content), width=ROOM), clean(part.alt))


def _add_table(made: Made, part: Table) -> None:
    table = made.add_table(rows=1 + len(part.rows), cols=len(part.head))
    table.autofit = False
    shares = widths_of(part, ROOM, Pt(CELL_SIZE), 2 * Emu(PADDING * TWIP))
    for column, width in zip(table.columns, shares, strict=True):
        column.width = width
    # By its elements: python-docx finds all cells of a table anew at each question, and a long one takes its length squared.
    style = made.styles[CELL].style_id
    for number, (row, words) in enumerate(zip(table._tbl.tr_lst, [part.head, *part.rows], strict=True)):
        for cell, width, text in zip(row.tc_lst, shares, words, strict=True):
            _fill(cell, clean(str(text)), width, style, is_head=number == 0)
        _mark_row(row, is_head=number == 0)
    _describe_table(table, part.label)


def _fill(cell: Any, text: str, width: int, style: str, *, is_head: bool) -> None:
    paragraph = cell.p_lst[0]
    paragraph.style = style
    run = paragraph.add_r()
    run.text = text
    if is_head:
        run.get_or_add_rPr().get_or_add_b()
    cell.width = Emu(width)
    edges, edge = OxmlElement("w:tcBorders"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "8" if is_head else "4"), ("space", "0"), ("color", "000000" if is_head else HAIR)):
        edge.set(qn(f"w:{name}"), value)
    edges.append(edge)
    cell.get_or_add_tcPr().append(edges)


def _mark_row(row: Any, *, is_head: bool) -> None:
    """The head is one, and comes again on each page; no row is broken between two."""
    properties = row.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if is_head:
        properties.append(OxmlElement("w:tblHeader"))


def _describe_table(table: WordTable, label: str) -> None:
    properties = table._tbl.tblPr
    look = properties.find(qn("w:tblLook"))
    for name, value in (("firstRow", "1"), ("lastRow", "0"), ("firstColumn", "1"), ("lastColumn", "0"), ("noHBand", "1"), ("noVBand", "1")):
        look.set(qn(f"w:{name}"), value)
    look.set(qn("w:val"), "06A0")
    for name in ("w:tblCaption", "w:tblDescription"):
        told = OxmlElement(name)
        told.set(qn("w:val"), clean(label))
        properties.append(told)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(PADDING))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    look.addprevious(margins)


ADD: Mapping[type, Callable[[Made, Any], None]] = {
    Heading: _add_heading,
    Text: _add_text,
    Facts: _add_facts,
    Items: _add_items,
    Table: _add_table,
}
