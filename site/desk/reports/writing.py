"""The screen on which a report is written: its facts and its sections, all in one form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.log_actions import log

from base.staff import staff_of
from desk.reports import composing
from desk.reports.figures import by_reference, figures_of
from desk.reports.forms import ReportForm, SectionForm
from desk.reports.periods import Period
from desk.reports.records import Report, Section
from desk.reports.referring import references
from desk.reports.screens import ReportScreen
from themes.plans.reading import said

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from desk.reports.figures import Figure

TEXTS = [f"{name}_{code}" for code in ("fi", "sv", "en") for name in ("heading", "text")]


class WriteView(ReportScreen):
    """Whoever saves second is told that somebody else has changed the report, beside each text what stands there now, and loses nothing."""

    template_name = "desk/reports/write.html"
    permission = "desk.change_report"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.answer(seen=composing.mark(self.report), **self.forms(None, self.report))

    @transaction.atomic
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        locked = Report.objects.select_for_update().select_related("theme").get(pk=self.report.pk)
        now, seen, found = composing.mark(locked), request.POST.get("seen", ""), self.forms(request.POST, locked)
        is_overtaken = seen != now
        every = [found["form"], *found["sections"]]
        is_valid = not [form for form in every if not form.is_valid()]
        if is_overtaken or not is_valid:
            return self.answer(status=422, seen=now, is_overtaken=is_overtaken, is_refused=not is_valid, **found)
        self.keep(found["form"], found["sections"])
        messages.success(request, _("The report is saved."))
        return redirect("reports:report", pk=pk)

    def forms(self, data: Any, report: Report) -> dict[str, Any]:
        languages = report.languages
        if data is not None:
            languages = [code for code in ("fi", "sv", "en") if code in data.getlist("languages")] or languages
        about: dict[str, Any] = {"figures": self.figures_to_be(data, report), "languages": languages}
        rows = [*report.sections.all(), Section(report=report, place=report.sections.count() + 1)]
        return {
            "form": ReportForm(data, instance=report, theme=report.theme),
            "sections": [SectionForm(data, instance=row, prefix=f"section-{row.pk or 'new'}", **about) for row in rows],
            # As they stood before what was typed was put on them.
            "stands": {row.pk: {name: getattr(row, name) for name in TEXTS} for row in rows if row.pk},
        }

    def figures_to_be(self, data: Any, report: Report) -> dict[str, Figure]:
        """Those of the goals that are ticked in the same form."""
        if data is None:
            return self.figures
        chosen = {int(pk) for pk in data.getlist("goals") if pk.isdecimal()}
        field: Any = ReportForm(theme=report.theme).fields["goals"]
        goals = [goal for goal in field.queryset.select_related("plan") if goal.pk in chosen]
        return by_reference(figures_of(goals, Period(report.starts, report.ends), timezone.localdate()))

    @cached_property
    def figures(self) -> dict[str, Figure]:
        period = Period(self.report.starts, self.report.ends)
        return by_reference(figures_of(composing.goals_of(self.report), period, timezone.localdate()))

    def keep(self, form: Any, sections: list[Any]) -> None:
        form.save()
        for section in sections:
            if section.is_wanted:
                section.save()
        own = self.report.sections.filter(key="")
        own.filter(pk__in=[pk for pk in self.request.POST.getlist("remove") if pk.isdecimal()]).delete()
        log(instance=self.report, action="wagtail.edit", user=staff_of(self.request))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        figures = list(self.figures.values())
        context["media"] = sum((form.media for form in context["sections"]), context["form"].media)
        context["choices"] = [{"name": said(row["words"]), "goal": said(row["goal_words"]), "codes": references(row)} for row in figures]
        context["parts"] = [self.part(form, context) for form in context["sections"]]
        return context

    def part(self, form: SectionForm, context: dict[str, Any]) -> dict[str, Any]:
        """What stands there now, where somebody else has written since."""
        stands = context["stands"].get(form.instance.pk, {}) if context.get("is_overtaken") else {}
        other = [(name, text) for name, text in stands.items() if name in form.fields and form[name].value() != text]
        is_own = bool(form.instance.pk and not form.instance.key)
        return {"form": form, "others": [(form.fields[name].label, text) for name, text in other], "is_own": is_own}
