"""The screen of `import_pages`: the file is looked at first, and brought in when whoever chose it has seen what will come."""

from __future__ import annotations

import base64
import csv
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin.auth import require_admin_access
from wagtail.models import Page
from wagtail.permissions import policy_registry

from desk.importing.actions import Report, import_pages
from desk.importing.kinds import KINDS, OWN, PARTS_OF_PRACTICE
from desk.importing.rows import COLUMNS, NEEDED, Problem, read
from events.models.facts import Mode
from themes.models import Practice

if TYPE_CHECKING:
    from django.http import HttpRequest

# What a request can do while its reader waits. The command takes more.
MOST_ROWS = 200
# Between the two steps the form itself carries the file, and Django takes 2.5 MB of a form.
MOST_BYTES = 1_800_000


class FileForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("File"), widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}))

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(_("The file is too large for one time: at most %(most)s MB. Divide it.") % {"most": MOST_BYTES / 1_000_000})
        return _few_enough(file.read())


class CarriedForm(forms.Form):
    """The file again, as it was looked at."""

    content = forms.CharField(widget=forms.HiddenInput)

    def clean_content(self) -> bytes:
        try:
            content = base64.b64decode(self.cleaned_data["content"], validate=True)
        except ValueError:
            raise ValidationError(_("Choose the file again.")) from None
        return _few_enough(content)


def _few_enough(content: bytes) -> bytes:
    rows, _problems = read(content)
    if len(rows) > MOST_ROWS:
        told = _("There are %(number)s rows, and at most %(most)s come at a time. Divide the file.")
        raise ValidationError(told % {"number": len(rows), "most": MOST_ROWS})
    return content


def may_import(user: Any) -> bool:
    """Whoever may publish somewhere: old addresses act at once. Where each page may come is seen to row by row."""
    return bool(policy_registry.get_by_type(Page).user_has_permission(user, "publish"))


@require_admin_access  # type: ignore[untyped-decorator]  # Wagtail is untyped
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """Without `content`, looks at a file and changes nothing; with it, brings what was looked at."""
    if not may_import(request.user):
        raise PermissionDenied
    is_second = "content" in request.POST
    chosen = FileForm(None if is_second else request.POST or None, request.FILES or None)
    form: FileForm | CarriedForm = CarriedForm(request.POST) if is_second else chosen
    context: dict[str, Any] = {"form": chosen, "columns": _columns()}
    if request.method == "POST" and form.is_valid():
        content: bytes = form.cleaned_data["content" if is_second else "file"]
        # What would come without the rows that are wrong: with those before one's eyes, one brings it or mends the file.
        report = import_pages(content, by=request.user, skip_bad=True, dry_run=not is_second)
        context |= {"report": report, "rows": _rows(report), "is_done": is_second and bool(report.made)}
        context["carried"] = CarriedForm(initial={"content": base64.b64encode(content).decode()})
    elif is_second:
        context["refused"] = [message for messages in form.errors.values() for message in messages]
    return TemplateResponse(request, "desk/importing.html", context, status=422 if form.errors else 200)


@require_admin_access  # type: ignore[untyped-decorator]  # Wagtail is untyped
@require_safe
def empty(request: HttpRequest) -> HttpResponse:
    """A file with the headings alone, for a spreadsheet."""
    if not may_import(request.user):
        raise PermissionDenied
    # The mark at the beginning tells Excel that it is UTF-8.
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8", headers={"Content-Disposition": 'attachment; filename="pages.csv"'})
    csv.writer(answer, delimiter=";").writerow(COLUMNS)
    return answer


def _rows(report: Report) -> list[dict[str, Any]]:
    """Each row of the file that says something, in its order."""
    problems: dict[int, list[Problem]] = {}
    for problem in report.problems:
        problems.setdefault(problem.line, []).append(problem)
    found = [{"line": line, "problems": told} for line, told in problems.items()]
    found += [
        {
            "line": line,
            "page": page,
            "errors": [finding for finding in report.findings[line] if finding.is_error],
            "notes": [finding for finding in report.findings[line] if not finding.is_error],
            "left_out": _left_out(report.left_out.get(line, 0)),
        }
        for line, page in report.made
    ]
    return sorted(found, key=lambda row: row["line"])


def _left_out(number: int) -> str:
    told = ngettext("%(number)d picture or recording is left out.", "%(number)d pictures or recordings are left out.", number)
    return told % {"number": number} if number else ""


def _columns() -> list[tuple[str, str, bool]]:
    """Name, what it holds, whether every row needs it."""
    kinds = ", ".join(f"{key} ({kind.model._meta.verbose_name})" for key, kind in KINDS.items())
    told = {
        "key": _("Any name of the page in the old site. Rows with the same key and kind are one page in several languages."),
        "language": "fi, sv, en",
        "kind": kinds,
        "parent": _("The address of the page below which it comes, such as /fi/jutut/."),
        "title": _("Plain text."),
        "body": _("HTML. Headings, paragraphs, lists and links are kept; pictures and players are left out. A practice has none."),
        "slug": _("Leave it empty, and it is made of the title."),
        "lead": _("Plain text. A story and a result need it."),
        "published": _("The day when it first went out: 2024-05-31 or 31.5.2024."),
        "goals": _("Keys of goals of the communication plan, with commas between."),
        "old_addresses": _("Addresses that lead to the page from now on, with spaces between."),
        "starts": _("Day and time: 2024-05-31 12:00 or 31.5.2024 12.00."),
        "ends": _("Day and time."),
        "mode": ", ".join(f"{value} ({label})" for value, label in Mode.choices),
        "stage": ", ".join(f"{value} ({label})" for value, label in Practice.Stage.choices),
        "capacity": _("A whole number."),
        **dict.fromkeys(PARTS_OF_PRACTICE, _("HTML.")),
    }
    return [(name, _of_kind(name, told.get(name, "")), name in NEEDED) for name in COLUMNS]


def _of_kind(name: str, told: str) -> str:
    """Says of which kinds a column is that others have not."""
    kinds = ", ".join(str(kind.model._meta.verbose_name) for kind in KINDS.values() if name in kind.own)
    return f"{kinds}: {told}".removesuffix(": ") if name in OWN else told
