"""The files of the demo's publications: small Word documents with a title, an abstract and the statement of the Union's co-funding."""

from __future__ import annotations

import zipfile
from io import BytesIO

from django.core.files.base import ContentFile
from django.utils.html import escape

from base.emblem import STATEMENTS
from base.models import SiteDocument

TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
LINKS = (
    '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="word/document.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
)
WORDS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def make_paper(title: str, paragraphs: list[str], language: str, name: str) -> SiteDocument:
    lines = [title, *paragraphs, STATEMENTS[language]]
    text = "".join(f'<w:p><w:r><w:rPr><w:lang w:val="{language}"/></w:rPr><w:t>{escape(line)}</w:t></w:r></w:p>' for line in lines)
    document = f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{WORDS}"><w:body>{text}</w:body></w:document>'
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in (("[Content_Types].xml", TYPES), ("_rels/.rels", LINKS), ("word/document.xml", document)):
            archive.writestr(path, content)
    paper = SiteDocument(title=title, file=ContentFile(made.getvalue(), f"{name}.docx"))
    paper._set_document_file_metadata()
    paper.save()
    return paper
