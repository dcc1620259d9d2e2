"""Documents that a page offers carry the funding statement (V8).

Regulation (EU) 2021/1060, Article 50(1)(b): on documents relating to the operation, for the public or for participants. So a document in which the
statement is surely missing blocks, unless whoever uploaded it says that it is somebody else's. One that cannot be read, or may carry the statement in
a picture, is a warning. What was read is kept by the file's hash: a document is read once.
"""

from __future__ import annotations

import logging
import re
import zipfile
from html import unescape
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from wagtail.documents import get_document_model

from base.emblem import STATEMENTS
from base.gate import Finding, error, register, warning
from base.gate.texts import shown
from base.models import DocumentReading

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

    from base.gate.subject import Piece, Subject

ARTICLE = "(EU) 2021/1060 Art. 50(1)(b)"
State = DocumentReading.State
# The statement stands on the cover, at the foot of pages or on the back: of a book the middle is not read.
PAGES_AT_EACH_END = 12
LARGEST = 30_000_000
# An archive may unpack into more than it says.
LARGEST_PART = 10_000_000
PARTS = re.compile(
    r"^(?:word/(?:document|header\d*|footer\d*|footnotes)\.xml|ppt/(?:slides|slideMasters|slideLayouts)/[^/]+\.xml|content\.xml|styles\.xml)$"
)
PICTURES = re.compile(r"^(?:word/media/|ppt/media/|Pictures/)")
READABLE = {"pdf", "docx", "pptx", "odt", "odp"}

logger = logging.getLogger(__name__)


def check_documents(subject: Subject) -> Iterator[Finding]:
    """Two queries, whatever the number of documents; one more for each that nobody has read yet."""
    offered = _offered(subject)
    readings = dict(DocumentReading.objects.filter(file_hash__in={one.file_hash for _piece, one in offered}).values_list("file_hash", "state"))
    for piece, document in offered:
        if document.is_by_others:
            continue
        state = readings.get(document.file_hash) or read_once(document)
        readings[document.file_hash] = state
        place = {"excerpt": shown(document.title), "article": ARTICLE, **piece.place}
        if state == State.MISSING:
            yield error("document.statement", _("The document does not carry the statement of the Union's co-funding."), **place)
        elif state != State.STATED:
            yield warning(
                "document.unread",
                _("The checks cannot see whether this document carries the statement of the Union's co-funding: look yourself."),
                **place,
            )


def _offered(subject: Subject) -> list[tuple[Piece, Any]]:
    """Those that text links to, and those that blocks hold."""
    model = get_document_model()
    found = [(piece, piece.value) for piece in subject.pieces if isinstance(piece.value, model)]
    linked = [(piece, str(link.get("id") or "")) for piece, link in subject.links if link.get("linktype") == "document"]
    rows = model.objects.in_bulk({int(number) for _piece, number in linked if number.isdigit()}) if linked else {}
    return [*found, *((piece, rows[int(number)]) for piece, number in linked if number.isdigit() and int(number) in rows)]


def read_once(document: Any) -> str:
    if not document.file_hash:
        # One that no form has uploaded.
        document._set_file_hash()
        get_document_model().objects.filter(pk=document.pk).update(file_hash=document.file_hash)
    state = read(document)
    DocumentReading.objects.update_or_create(file_hash=document.file_hash, defaults={"state": state})
    return state


def read(document: Any) -> str:
    # Importing it takes a tenth of the time in which a process starts, and most never read a document.
    from pypdf.errors import PyPdfError

    kind = document.file_extension.lower()
    try:
        if kind not in READABLE or document.file.size > LARGEST:
            return State.UNREADABLE
        with document.open_file() as file:
            text, has_pictures = _of_pdf(file) if kind == "pdf" else _of_archive(file)
    except (OSError, ValueError, KeyError, TypeError, RecursionError, PyPdfError, zipfile.BadZipFile, RuntimeError) as problem:
        logger.info("The document %s cannot be read: %r", document.pk, problem)
        return State.UNREADABLE
    if states(text):
        return State.STATED
    if not text.strip():
        return State.UNREADABLE
    return State.UNSURE if has_pictures else State.MISSING


def states(text: str) -> bool:
    """Whether one of the three statements stands in the text, wherever lines were broken."""
    plain = re.sub(r"[\s\u00ad-]+", "", text).casefold()
    return any(re.sub(r"[\s-]+", "", statement).casefold() in plain for statement in STATEMENTS.values())


def _of_pdf(file: IO[bytes]) -> tuple[str, bool]:
    from pypdf import PdfReader

    pages = PdfReader(file).pages
    chosen = [*range(min(len(pages), PAGES_AT_EACH_END)), *range(max(PAGES_AT_EACH_END, len(pages) - PAGES_AT_EACH_END), len(pages))]
    texts, has_pictures = [], False
    for number in chosen:
        page = pages[number]
        texts.append(page.extract_text() or "")
        if states("".join(texts)):
            return "".join(texts), has_pictures
        has_pictures = has_pictures or _draws(page)
    return "".join(texts), has_pictures


def _draws(page: Any) -> bool:
    """Whether the page shows pictures or drawings, in which a statement may stand as shapes."""
    resources = page.get("/Resources")
    shapes = resources.get_object().get("/XObject") if resources is not None else None
    return bool(shapes is not None and len(shapes.get_object()))


def _of_archive(file: IO[bytes]) -> tuple[str, bool]:
    """Word, PowerPoint, OpenDocument. What a picture's alternative text says counts: the logo in a header is a picture."""
    texts, has_pictures = [], False
    with zipfile.ZipFile(file) as archive:
        for part in archive.infolist():
            has_pictures = has_pictures or bool(PICTURES.match(part.filename))
            if PARTS.match(part.filename):
                with archive.open(part) as inside:
                    markup = inside.read(LARGEST_PART).decode("utf-8", "replace")
                texts += re.findall(r'\b(?:descr|svg:desc)="([^"]*)"', markup)
                texts.append(re.sub(r"<[^>]+>", "", re.sub(r"</w:p>|</a:p>|</text:p>|<w:tab/>|<w:br/>", " ", markup)))
    return unescape(" ".join(texts)), has_pictures


def register_all() -> None:
    register("base.documents.check_documents", check_documents)
