"""The plan's draft and its versions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from wagtail.admin import messages

from base.documents import TYPE, document, word_document
from base.languages import CODES, active
from base.staff import staff_of
from contacts.screens import Screen
from desk.plans.telling import facts_of, parts_of
from themes.models import Plan, PlanVersion
from themes.plans import snapshot
from themes.plans.actions import NotApproved, approve_plan, mark
from themes.plans.comparing import differences
from themes.plans.reading import said
from themes.plans.rules import Refusal
from themes.plans.standing import standings

if TYPE_CHECKING:
    from django.http import HttpRequest

    from themes.plans.reading import Frozen

APPROVE = "themes.approve_plan"
DRAFT = "draft"
FORMS: dict[str, tuple[Callable[..., bytes], str]] = {"pdf": (document, "application/pdf"), "docx": (word_document, TYPE)}


class PlanScreen(Screen):
    """One plan. `of` finds a version of it by its number, or the draft by its word."""

    permission = "themes.view_plan"
    header_icon = "calendar-alt"
    above = (("wagtailsnippets_themes_plan:list", gettext_lazy("Communication plans")),)

    @cached_property
    def plan(self) -> Plan:
        return get_object_or_404(Plan.objects.select_related("theme"), pk=self.kwargs["pk"])

    @cached_property
    def versions(self) -> list[PlanVersion]:
        """The newest first, each with all that it froze."""
        return list(self.plan.versions.all())

    @cached_property
    def draft(self) -> Frozen:
        return snapshot.of_plan(self.plan)

    def of(self, which: str) -> tuple[str, Frozen]:
        """Its name and what it says. Raises Http404."""
        if which == DRAFT:
            return _("Draft"), self.draft
        found = next((version for version in self.versions if str(version.number) == which), None)
        if found is None:
            raise Http404
        return str(found), found.frozen

    def get_page_title(self) -> str:
        return self.plan.name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"plan": self.plan, "languages": settings.LANGUAGES}


class PlanView(PlanScreen):
    """The draft: what it says, what differs from what was approved, and approving it."""

    template_name = "desk/plans/plan.html"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not request.user.has_perm(APPROVE):
            return self.answer(status=403, reasons=[Refusal(None, _("Plans are approved by coordinators."))])
        try:
            version = approve_plan(plan=self.plan, note=request.POST.get("note", "").strip(), by=staff_of(request), seen=request.POST.get("seen", ""))
        except NotApproved as told:
            return self.answer(status=422, reasons=told.reasons, note=request.POST.get("note", ""))
        messages.success(request, _("Version %(number)d is approved. Editing goes on in the draft.") % {"number": version.number})
        return redirect("desk:plan", pk=self.plan.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        results = [result for goal in self.draft["goals"] for result in goal["results"]]
        last = self.versions[0] if self.versions else None
        return super().get_context_data(**kwargs) | {
            "versions": self.versions,
            "parts": parts_of(self.draft, standings(results, self.versions)),
            "sections": differences(last.frozen, self.draft) if last else [],
            "last": last,
            "may_approve": self.request.user.has_perm(APPROVE),
            "may_edit": self.request.user.has_perm("themes.change_goal"),
            "seen": mark(self.draft),
        }


class VersionView(PlanScreen):
    template_name = "desk/plans/version.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        version = get_object_or_404(self.plan.versions, number=self.kwargs["number"])
        context = super().get_context_data(**kwargs)
        return context | {"version": version, "parts": parts_of(version.frozen), "facts": facts_of(version.frozen)}

    def get_page_title(self) -> str:
        return ": ".join([self.plan.name, _("Version %(number)d") % {"number": self.kwargs["number"]}])


class CompareView(PlanScreen):
    """Two side by side; without a choice the newest version and the draft."""

    template_name = "desk/plans/compare.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        newest = str(self.versions[0].number) if self.versions else DRAFT
        old, new = (self.request.GET.get(name) or usual for name, usual in (("old", newest), ("new", DRAFT)))
        (old_name, before), (new_name, after) = self.of(old), self.of(new)
        choices = [*((str(version.number), str(version)) for version in self.versions), (DRAFT, _("Draft"))]
        return super().get_context_data(**kwargs) | {
            "sections": differences(before, after),
            "old_name": old_name,
            "new_name": new_name,
            "selects": [("old", pgettext("version", "Older"), old), ("new", pgettext("version", "Newer"), new)],
            "choices": choices,
        }

    def get_page_title(self) -> str:
        return ": ".join([self.plan.name, _("what differs")])


class PrintView(PlanScreen):
    """The draft or a version, in any of the three languages: PDF, or Word for whoever goes on writing."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        language, form = request.GET.get("language", active()), request.GET.get("format", "pdf")
        if language not in CODES or form not in FORMS:
            raise Http404
        which, (make, content_type) = request.GET.get("version", DRAFT), FORMS[form]
        with translation.override(language):
            content = self.printed(make, self.of(which)[1])
        # A browser shows PDF; the other is for a program of its own.
        place = content_disposition_header(form != "pdf", f"{self.plan.key}-{which}-{language}.{form}")
        return HttpResponse(content, content_type=content_type, headers={"Content-Disposition": place or ""})

    def printed(self, make: Callable[..., bytes], frozen: Frozen) -> bytes:
        version = next((version for version in self.versions if version.frozen is frozen), None)
        state = _("Draft, not approved") if version is None else approved(version)
        results = [result for goal in frozen["goals"] for result in goal["results"]]
        belongs = standings(results, self.versions) if version is None else None
        return make(title=said(frozen["plan"]["name"]), facts=[*facts_of(frozen), state], parts=parts_of(frozen, belongs))


def approved(version: PlanVersion) -> str:
    words = {"number": version.number, "day": date_format(timezone.localtime(version.approved_at), "SHORT_DATE_FORMAT"), "name": version.approver}
    return _("Version %(number)d, approved %(day)s by %(name)s") % words
