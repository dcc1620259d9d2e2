from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from wagtail.documents import get_document_model

from base.gate import documents, findings
from base.models import DocumentReading
from tests import factories
from tests.gate.files import make_document

STATED, MISSING, UNSURE, UNREADABLE = "stated", "missing", "unsure", "unreadable"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "text", "state"),
    [
        ("pdf", "Opas. Euroopan unionin osarahoittama", STATED),
        ("pdf", "Guide. CO-FUNDED BY THE EUROPEAN UNION", STATED),
        ("pdf", "Opas esihenkilöille", MISSING),
        # As a scanned page.
        ("pdf", "", UNREADABLE),
        ("docx", "Program. Medfinansieras av Europeiska unionen", STATED),
        ("docx", "Ohjelma", MISSING),
    ],
)
def test_a_document_is_read(kind, text, state):
    assert documents.read(make_document(kind, text)) == state


@pytest.mark.django_db
def test_what_is_no_document_of_text_is_a_warning_and_never_an_error(section):
    for name, content in (
        ("rikki.pdf", b"%PDF-1.7 ja sitten ei mitaan"),
        ("kuva.png", b"\x89PNG"),
        ("ei.docx", b"PK\x03\x04"),
        ("tyhja.pdf", b" "),
    ):
        # As it lay there before files were checked.
        document = get_document_model().objects.create(title=name, file=default_storage.save(f"documents/{name}", ContentFile(content)))
        assert documents.read(document) == UNREADABLE
        found = {finding.code: finding.is_error for finding in findings(offering(section, document)) if finding.code.startswith("document")}
        assert found == {"document.unread": False}


def offering(section, document):
    text = f'<p>Lue <a linktype="document" id="{document.pk}">hankkeen opas</a>.</p>'
    return factories.make_story_draft(section, body=[("paragraph", text)])


def codes(page):
    return {finding.code for finding in findings(page) if finding.is_error}


def test_a_document_is_read_once(section, monkeypatch):
    page = offering(section, make_document("pdf", "Opas"))
    assert codes(page) == {"document.statement"}
    assert DocumentReading.objects.get().state == MISSING
    monkeypatch.setattr(documents, "read", lambda document: pytest.fail("read again"))
    assert codes(page) == {"document.statement"}


def test_a_new_file_is_read_again(section):
    document = make_document("pdf", "Opas")
    page = offering(section, document)
    assert codes(page) == {"document.statement"}
    document.file = make_document("pdf", "Opas. Euroopan unionin osarahoittama").file
    document.file_hash = ""
    document.save()
    assert codes(page) == set()


def test_the_statement_is_not_asked_of_what_others_made(section):
    assert codes(offering(section, make_document("pdf", "Laki 306/2019", is_by_others=True))) == set()


def test_queries_do_not_grow_with_documents(section, django_assert_num_queries):
    from base.gate.subject import Subject

    texts = "".join(f'<p><a linktype="document" id="{make_document("docx", f"Ohjelma {number}").pk}">Ohjelma {number}</a></p>' for number in range(6))
    page = factories.make_story_draft(section, body=[("paragraph", texts)])
    list(documents.check_documents(Subject(page)))
    with django_assert_num_queries(2):
        assert len(list(documents.check_documents(Subject(page)))) == 6
