"""The screens of an import: the file, then its columns and what would come, then what came. The lines that did not come can be taken along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages
from wagtail.admin.auth import require_admin_access

from base.importing import left_out as files
from base.spreadsheets import Unreadable
from base.staff import staff_of
from newsletters.importing import actions, looking
from newsletters.importing.forms import ColumnsForm, FileForm
from newsletters.importing.looking import Tally
from newsletters.importing.rows import Row
from newsletters.models import COUNTED, SubscriberImport, Subscription

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest


# All of them are in the file to take along.
LINES_SHOWN = 100


def may_import(user: Any) -> bool:
    """Whoever may write to the subscribers."""
    return bool(user.has_perm("newsletters.change_newsletter"))


def _check(request: HttpRequest) -> None:
    if not may_import(request.user):
        raise PermissionDenied


@require_admin_access  # type: ignore[untyped-decorator]  # Wagtail is untyped
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    _check(request)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        bringing = form.save(commit=False)
        bringing.by = staff_of(request)
        bringing.save()
        if not bringing.rows:
            looking.start(bringing)
        return redirect("newsletters_import", pk=bringing.pk)
    return TemplateResponse(
        request, "newsletters/staff/import_start.html", {"form": form, "imports_url": _list_of(SubscriberImport)}, status=422 if form.errors else 200
    )


@require_admin_access  # type: ignore[untyped-decorator]  # Wagtail is untyped
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, pk: int) -> HttpResponse:
    """A GET looks; of the POSTs `look` changes the columns alone, `bring` asks the worker for what was looked at, and `cancel` takes it back."""
    _check(request)
    bringing = get_object_or_404(SubscriberImport.objects.select_related("newsletter__theme", "by"), pk=pk)
    if "cancel" in request.POST:
        return _cancel(request, bringing)
    if bringing.is_on_its_way:
        return _progress(request, bringing)
    if bringing.asked_at or bringing.content is None:
        return _result(request, bringing)
    form = ColumnsForm(request.POST or None, heading=bringing.heading, columns=bringing.columns)
    if not (form.is_bound and form.is_valid()):
        return _preview(request, bringing, form)
    bringing.columns = form.columns()
    bringing.save(update_fields=["columns"])
    if "bring" in request.POST:
        try:
            actions.ask(bringing, by=staff_of(request))
        except actions.Busy as told:
            messages.error(request, str(told))
    elif not bringing.rows:
        looking.start(bringing)
    return redirect("newsletters_import", pk=bringing.pk)


def _cancel(request: HttpRequest, bringing: SubscriberImport) -> HttpResponse:
    if not actions.cancel(bringing, by=staff_of(request)):
        messages.warning(request, _("Nothing was cancelled: all of it had been imported, or cancelled before."))
    return redirect("newsletters_import", pk=bringing.pk)


def _progress(request: HttpRequest, bringing: SubscriberImport) -> HttpResponse:
    whole = bringing.rows or sum((bringing.looked or {}).get("counts", {}).values())
    context = {"bringing": bringing, "done": bringing.done, "whole": whole}
    return TemplateResponse(request, "newsletters/staff/import_progress.html", context)


def _preview(request: HttpRequest, bringing: SubscriberImport, form: ColumnsForm) -> HttpResponse:
    context: dict[str, Any] = {"bringing": bringing, "form": form}
    looked = bringing.looked
    if looked and not {"counts", "problem"} & looked.keys() and not form.errors:
        return TemplateResponse(request, "newsletters/staff/import_progress.html", context | {"done": looked["lines"], "is_look": True})
    if "address" in bringing.columns:
        try:
            tally = _kept(bringing) if looked else looking.look(bringing)
        except Unreadable as told:
            context["unreadable"] = str(told)
        else:
            context |= {"tally": tally, "counts": _counts(tally.counts), "lines": tally.lines[:LINES_SHOWN], "more": _more(tally)}
    return TemplateResponse(request, "newsletters/staff/import_look.html", context, status=422 if form.errors else 200)


def _kept(bringing: SubscriberImport) -> Tally:
    """What the worker found. Raises Unreadable."""
    looked = bringing.looked or {}
    if "counts" not in looked:
        raise Unreadable(looked.get("problem", ""))
    examples = [Row(cells=[], **row | {"given_at": parse_date(row["given_at"]) if row["given_at"] else None}) for row in looked["examples"]]
    return Tally(looked["counts"], list(bringing.left_out_lines()), examples)


def _more(tally: Tally) -> int:
    return max(0, len(tally.lines) - LINES_SHOWN)


def _result(request: HttpRequest, bringing: SubscriberImport) -> HttpResponse:
    lines = list(bringing.left_out_lines())
    counts = _counts({name: getattr(bringing, name) for name in COUNTED})
    context = {"bringing": bringing, "counts": counts, "lines": lines[:LINES_SHOWN], "more": max(0, len(lines) - LINES_SHOWN)}
    context |= {"imports_url": _list_of(SubscriberImport), "subscriptions_url": _list_of(Subscription)}
    return TemplateResponse(request, "newsletters/staff/import_done.html", context)


def _list_of(model: Any) -> str:
    name: str = model.snippet_viewset.get_url_name("list")
    return name


def _counts(counts: dict[str, int]) -> list[tuple[str, int]]:
    words = {field.name: field.verbose_name for field in SubscriberImport._meta.fields}
    return [(str(words[name]), counts[name]) for name in COUNTED]


@require_admin_access  # type: ignore[untyped-decorator]  # Wagtail is untyped
@require_safe
def left_out(request: HttpRequest, pk: int) -> HttpResponse:
    """The lines that do not come, with their reasons in front, to be mended and brought again."""
    _check(request)
    bringing = get_object_or_404(SubscriberImport.objects.select_related("newsletter__theme"), pk=pk)
    is_kept = bringing.asked_at or bringing.content is None or bringing.looked
    try:
        lines = bringing.left_out_lines() if is_kept else iter(looking.look(bringing).lines)
    except Unreadable:
        lines = iter(())
    return as_csv(bringing, lines)


def as_csv(bringing: SubscriberImport, lines: Iterable[dict[str, Any]]) -> HttpResponse:
    told = ((line["line"], line["reason"], line["cells"]) for line in lines)
    return files.as_csv(bringing.mark.replace(" ", "-"), bringing.heading, told)
