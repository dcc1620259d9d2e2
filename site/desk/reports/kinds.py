"""What each kind of report has: its parts in their order, their headings, and the words that they begin with.

Words are kept with the report, in its three languages, and people change them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from desk.reports.records import Kind

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

HEADINGS: dict[str, _StrPromise] = {
    "summary": _("Summary"),
    "operation": _("The operation"),
    "course": _("Goals: on course or not"),
    "results": _("Results beside what is expected"),
    "done": _("What was done"),
    "sub_themes": _("By sub-theme"),
    "regions": _("By region"),
    "missing": _("Whom we have not reached yet"),
    "next": _("What comes next"),
    "decisions": _("Decisions and recommendations"),
}
SECTIONS: dict[str, tuple[str, ...]] = {
    Kind.STEERING_GROUP: ("summary", "course", "done", "missing", "next", "decisions", "results"),
    Kind.FUNDER: ("summary", "operation", "results", "done", "missing"),
    Kind.ANNUAL: ("summary", "course", "results", "sub_themes", "regions", "done", "missing", "decisions"),
}
