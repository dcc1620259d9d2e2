"""A tagged PDF as a screen reader meets it: its tags in their order, each with its alternative text and the words below it. Read by pikepdf."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pikepdf

PAIR = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")
RANGE = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")
SECTION = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.DOTALL)


@dataclass
class Tag:
    """`kids` are tags and words, in reading order."""

    name: str
    alt: str = ""
    kids: list[Tag | str] = field(default_factory=list)

    def all(self) -> list[Tag]:
        return [self, *(tag for kid in self.kids if isinstance(kid, Tag) for tag in kid.all())]

    def words(self) -> str:
        return "".join(kid if isinstance(kid, str) else kid.words() for kid in self.kids)


class Tagged:
    def __init__(self, content: bytes) -> None:
        self.pdf = pikepdf.open(BytesIO(content))
        root = self.pdf.Root
        self.language, self.is_marked = str(root.Lang), bool(root.MarkInfo.Marked)
        self.shows_title = bool(root.ViewerPreferences.DisplayDocTitle)
        with self.pdf.open_metadata() as about:
            self.title, self.part = str(about.get("dc:title")), str(about.get("pdfuaid:part"))
        self._words = {page.obj.objgen: _words_by_mark(page) for page in self.pdf.pages}
        self.tags = [tag for tag in self._read(root.StructTreeRoot.K, None) if isinstance(tag, Tag)]

    def all(self) -> list[Tag]:
        return [tag for top in self.tags for tag in top.all()]

    def named(self, pattern: str) -> list[Tag]:
        return [tag for tag in self.all() if re.fullmatch(pattern, tag.name)]

    def text(self) -> str:
        """What is read out, from the first tag to the last."""
        return "".join(tag.words() for tag in self.tags)

    def _read(self, node: Any, page: Any) -> list[Tag | str]:
        if isinstance(node, pikepdf.Array):
            return [found for kid in node.as_list() for found in self._read(kid, page)]
        if isinstance(node, int):
            return [self._words[page.objgen].get(node, "")]
        page = node.get("/Pg", page)
        if "/S" in node:
            kids = self._read(node.K, page) if "/K" in node else []
            return [Tag(str(node.S).lstrip("/"), str(node.get("/Alt", "")), kids)]
        return [self._words[page.objgen].get(int(node.MCID), "")] if "/MCID" in node else []


def _words_by_mark(page: Any) -> dict[int, str]:
    fonts = {name: _letters(font) for name, font in page.resources.get("/Font", {}).items()}
    found: dict[int, str] = {}
    marks: list[int | None] = []
    font: dict[int, str] = {}
    for operands, operator in pikepdf.parse_content_stream(page):
        said = str(operator)
        if said in ("BDC", "BMC"):
            about = operands[1] if said == "BDC" else None
            marks.append(int(about.MCID) if isinstance(about, pikepdf.Dictionary) and "/MCID" in about else None)
        elif said == "EMC":
            marks.pop()
        elif said == "Tf":
            font = fonts[str(operands[0])]
        elif said in ("Tj", "TJ"):
            mark = next((mark for mark in reversed(marks) if mark is not None), None)
            pieces = operands[0].as_list() if said == "TJ" else [operands[0]]
            raw = b"".join(bytes(piece) for piece in pieces if isinstance(piece, pikepdf.String))
            if mark is not None:
                found[mark] = found.get(mark, "") + "".join(font.get(int.from_bytes(raw[at : at + 2]), "") for at in range(0, len(raw), 2))
    return found


def _letters(font: Any) -> dict[int, str]:
    """From a glyph's number to what it says."""
    found: dict[int, str] = {}
    for kind, body in SECTION.findall(font.ToUnicode.read_bytes()):
        if kind == b"bfchar":
            found |= {int(code, 16): _said(text) for code, text in PAIR.findall(body)}
        else:
            for first, last, text in RANGE.findall(body):
                start = int(text, 16)
                found |= {code: chr(start + code - int(first, 16)) for code in range(int(first, 16), int(last, 16) + 1)}
    return found


def _said(text: bytes) -> str:
    return bytes.fromhex(text.decode()).decode("utf-16-be")
