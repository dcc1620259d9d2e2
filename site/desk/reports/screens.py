"""The staff's screens of reports: the list, a new one, one with its versions and links, and files of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Max
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import cached_property
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from base.languages import CODES, active
from base.staff import staff_of
from contacts.screens import Screen
from desk.one_theme import OfOneTheme
from desk.reports import composing
from desk.reports.actions import NotApproved, Refusal, approve_report, revoke_link, share_report
from desk.reports.beginning import begin_report
from desk.reports.forms import LinkForm, PeriodForm, in_a_month
from desk.reports.linking import for_staff, shown
from desk.reports.periods import Period
from desk.reports.printing import TYPES, printed, state_of
from desk.reports.public import address_of
from desk.reports.records import Report, ReportLink, ReportVersion
from desk.reports.telling import facts_of, parts_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from desk.reports.composing import Composed

APPROVE, CHANGE = "desk.approve_report", "desk.change_report"
DRAFT, ROWS = "draft", 30


class ReportsScreen(OfOneTheme, Screen):
    permission = "desk.view_report"
    header_icon = "doc-full-inverse"
    above: tuple[tuple[str, Any], ...] = (("reports:list", gettext_lazy("Reports")),)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {"may_change": self.request.user.has_perm(CHANGE), "may_approve": self.request.user.has_perm(APPROVE)}


class ListView(ReportsScreen):
    template_name = "desk/reports/list.html"
    page_title = gettext_lazy("Reports")
    above = ()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Report.objects.select_related("responsible", "theme").annotate(newest=Max("versions__number")).order_by("-ends", "-pk")
        return super().get_context_data(**kwargs) | {"reports": Paginator(rows, ROWS).get_page(self.request.GET.get("p"))}


class NewView(ReportsScreen):
    template_name = "desk/reports/new.html"
    page_title = gettext_lazy("New report")
    permission = "desk.add_report"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        theme = self.theme
        form = PeriodForm(theme=theme, initial=PeriodForm.usual(theme, timezone.localdate()) | {"responsible": request.user.pk}) if theme else None
        return self.answer(form=form)

    def post(self, request: HttpRequest) -> HttpResponse:
        if self.theme is None:
            raise Http404
        form = PeriodForm(request.POST, theme=self.theme)
        if not form.is_valid():
            return self.answer(status=422, form=form)
        said = form.cleaned_data
        report = begin_report(
            theme=self.theme,
            kind=said["kind"],
            period=Period(said["starts"], said["ends"]),
            languages=said["languages"],
            goals=list(said["goals"]),
            responsible=said["responsible"],
            by=staff_of(request),
        )
        messages.success(request, _("The report is begun. Its figures stand in it; write what they mean."))
        return redirect("reports:report", pk=report.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {"theme": self.theme, "themes": self.themes, "media": context["form"].media if context["form"] else ""}


class ReportScreen(ReportsScreen):
    """One report. `of` finds a version of it by its number, or the draft by its word."""

    @cached_property
    def report(self) -> Report:
        return get_object_or_404(Report.objects.select_related("theme", "responsible"), pk=self.kwargs["pk"])

    @cached_property
    def draft(self) -> Composed:
        return composing.of_report(self.report, timezone.localdate())

    def of(self, which: str) -> tuple[Composed, ReportVersion | None]:
        """Raises Http404."""
        if which == DRAFT:
            return self.draft, None
        version = get_object_or_404(self.report.versions, number=which if which.isdecimal() and len(which) < 5 else 0)
        return version.frozen, version

    def get_page_title(self) -> str:
        return self.report.name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"report": self.report, "languages": settings.LANGUAGES, "forms_of_files": list(TYPES)}


class ReportView(ReportScreen):
    """The draft: what it says, approving it, and its versions."""

    template_name = "desk/reports/report.html"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        note = request.POST.get("note", "").strip()
        if not request.user.has_perm(APPROVE):
            return self.answer(status=403, reasons=[Refusal(None, _("Reports are approved by coordinators."))], note=note)
        try:
            version = approve_report(report=self.report, note=note, by=staff_of(request), seen=request.POST.get("seen", ""))
        except NotApproved as told:
            return self.answer(status=422, reasons=told.reasons, note=note)
        messages.success(request, _("Version %(number)d is approved, with its figures as they are now.") % {"number": version.number})
        return redirect("reports:version", pk=pk, number=version.number)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "versions": list(self.report.versions.all()),
            "facts": facts_of(self.draft),
            "parts": shown(parts_of(self.draft), for_staff(self.draft, self.request.user)),
            "seen": composing.mark(self.report),
        }


class VersionView(ReportScreen):
    """An approved version, and the links by which others read it."""

    template_name = "desk/reports/version.html"

    @cached_property
    def version(self) -> ReportVersion:
        return get_object_or_404(self.report.versions, number=self.kwargs["number"])

    def post(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        form = LinkForm(request.POST)
        if not request.user.has_perm(CHANGE):
            return self.answer(status=403, form=form)
        if not form.is_valid():
            return self.answer(status=422, form=form)
        share_report(version=self.version, by=staff_of(request), **form.cleaned_data)
        messages.success(request, _("The link is made. Whoever has it reads the report until its last day."))
        return redirect("reports:version", pk=pk, number=number)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form = context.get("form") or LinkForm(initial={"language": active(), "ends_on": in_a_month()})
        today, composed = timezone.localdate(), self.version.frozen
        links = [{"link": link, "url": address_of(link), "is_open": link.is_open(today)} for link in self.version.links.select_related("made_by")]
        return context | {
            "version": self.version,
            "facts": [*facts_of(composed), state_of(self.version)],
            "parts": shown(parts_of(composed), for_staff(composed, self.request.user)),
            "links": links,
            "form": form,
            "media": form.media,
        }

    def get_page_title(self) -> str:
        return ": ".join([self.report.name, _("Version %(number)d") % {"number": self.kwargs["number"]}])


class RevokeView(ReportScreen):
    permission = CHANGE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int, link: int) -> HttpResponse:
        found = get_object_or_404(ReportLink.objects.select_related("version__report"), pk=link, version__report=self.report)
        if revoke_link(link=found, by=staff_of(request)):
            messages.success(request, _("The link is revoked: it opens nothing any more."))
        return redirect(reverse("reports:version", args=[pk, found.version.number]))


class FileView(ReportScreen):
    """The draft or a version as PDF, Word, spreadsheet or one page, in any of the three languages."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        language, form, which = (request.GET.get(name, usual) for name, usual in (("language", active()), ("format", "pdf"), ("version", DRAFT)))
        if language not in CODES or form not in TYPES:
            raise Http404
        with translation.override(language):
            composed, version = self.of(which)
            content = printed(composed, form, version)
        place = content_disposition_header(form != "pdf", f"{self.report.kind}-{self.report.ends}-{which}-{language}.{form}")
        return HttpResponse(content, content_type=TYPES[form], headers={"Content-Disposition": place or ""})
