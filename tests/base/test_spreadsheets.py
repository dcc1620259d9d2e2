"""Tables as people bring them: every encoding, every separator, and what is broken is one line, not the file."""

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl import Workbook

from base.spreadsheets import Unreadable, read

TEXT = "Nimi;Osoite\nÄijä;a@example.org\n"
ROWS = [["Nimi", "Osoite"], ["Äijä", "a@example.org"]]


def cells(content: bytes) -> list[list[str]]:
    return [line.cells for line in read(content)]


def workbook(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(file := io.BytesIO())
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_way_that_a_spreadsheet_saves_it(encoding, delimiter, end):
    text = TEXT.replace(";", delimiter).replace("\n", end)
    assert cells(text.encode(encoding)) == ROWS


def test_lines_of_two_encodings_in_one_file():
    assert cells("Nimi;Osoite\nÄijä;a@example.org\n".encode() + "Öljy;b@example.org".encode("cp1252"))[1:] == [ROWS[1], ["Öljy", "b@example.org"]]


def test_numbers_are_the_files():
    found = list(read(b'sep=;\na;b\n\n"two\nlines";c\nd;"e ""f"""\n'))
    assert [(line.number, line.cells) for line in found] == [(2, ["a", "b"]), (4, ["two\nlines", "c"]), (6, ["d", 'e "f"'])]


def test_a_quotation_mark_that_nobody_closed_costs_its_own_line():
    found = list(read(b'a;b\n"open;c\nd;e\n5" pipe;f\n'))
    assert [(line.number, bool(line.problem), line.cells) for line in found] == [
        (1, False, ["a", "b"]), (2, True, ['"open', "c"]), (3, False, ["d", "e"]), (4, False, ['5" pipe', "f"]),
    ]  # fmt: skip


def test_a_cell_of_ten_megabytes_is_a_cell():
    found = list(read(b"a;b\n" + b"x" * 10_000_000 + b";c\nd;e"))
    assert [len(line.cells[0]) for line in found] == [1, 10_000_000, 1]


def test_a_workbook():
    assert cells(workbook(ROWS[0], ROWS[1], [None, None], [12.0, True])) == [*ROWS, ["12", "True"]]
    assert [line.number for line in read(workbook(["a"], [None], ["b"]))] == [1, 3]


def bomb(*, name: str = "xl/worksheets/sheet1.xml", size: int = 200 * 1024 * 1024) -> bytes:
    file = io.BytesIO(workbook(["a"]))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive, archive.open(f"{name}.more", "w") as part:
        for _ in range(size // (1024 * 1024)):
            part.write(b" " * 1024 * 1024)
    return file.getvalue()


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><worksheet>&b;</worksheet>'


def with_sheet(sheet: bytes) -> bytes:
    made, found = io.BytesIO(), zipfile.ZipFile(io.BytesIO(workbook(["a"])))
    with zipfile.ZipFile(made, "w") as archive:
        for part in found.namelist():
            archive.writestr(part, sheet if "sheet1" in part else found.read(part))
    return made.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        bomb(),
        with_sheet(LAUGHS),
        with_sheet(b"<worksheet><sheetData><row>"),
        b"PK\x03\x04 cut",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old",
        b"\x00\x01\x02" * 99,
    ],
    ids=["bomb", "entities", "cut inside", "cut", "old", "binary"],
)
def test_what_is_no_table_says_so(content):
    with pytest.raises(Unreadable, match=r"\w"):
        list(read(content))


def test_a_row_number_beyond_every_sheet_is_not_counted_up_to():
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    sheet += b'<row r="999999999"><c r="A999999999"><v>1</v></c></row></sheetData></worksheet>'
    with pytest.raises(Unreadable, match=r"\w"):
        list(read(with_sheet(sheet)))


def test_a_workbook_that_claims_a_million_columns_is_read_by_what_it_holds():
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/><sheetData>'
    sheet += b'<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row></sheetData></worksheet>'
    assert cells(with_sheet(sheet)) == [["a"]]
