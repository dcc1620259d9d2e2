"""A composed report as a file, in the active language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from base.documents import TYPE as WORD
from base.documents import document, word_document
from base.emblem import STATEMENTS
from base.languages import active
from desk.reports import sheets
from desk.reports.linking import for_staff, nowhere, shown
from desk.reports.telling import facts_of, parts_of
from themes.plans.reading import said

if TYPE_CHECKING:
    from desk.reports.composing import Composed
    from desk.reports.records import ReportVersion

TYPES = {"pdf": "application/pdf", "docx": WORD, "xlsx": sheets.TYPE, "html": "text/html; charset=utf-8"}


def printed(composed: Composed, form: str, version: ReportVersion | None, *, for_others: bool = False) -> bytes:
    """`form` is a key of TYPES. `for_others`: whoever reads it has no login, so nothing leads to the staff's screens."""
    title = said(composed["title"])
    facts: dict[str, Any] = {"title": title, "facts": [*facts_of(composed), state_of(version)]}
    if form == "xlsx":
        return sheets.workbook(title=title, composed=composed)
    parts = parts_of(composed)
    if form == "html":
        where = nowhere if for_others else for_staff(composed, None, settings.BASE_URL)
        page = facts | {"parts": shown(parts, where), "language": active(), "statement": STATEMENTS[active()]}
        return render_to_string("desk/reports/file.html", page).encode()
    return (document if form == "pdf" else word_document)(**facts, parts=parts)


def state_of(version: ReportVersion | None) -> str:
    if version is None:
        return _("Draft, not approved")
    words = {"number": version.number, "day": date_format(timezone.localtime(version.approved_at), "SHORT_DATE_FORMAT"), "name": version.approver}
    return _("Version %(number)d, approved %(day)s by %(name)s") % words
