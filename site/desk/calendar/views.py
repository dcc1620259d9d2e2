"""The calendar's screens: the month, moving, planning."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from base.staff import staff_of
from contacts.models import Outreach
from contacts.screens import Screen
from desk.calendar import actions, timed
from desk.calendar.asked import Asked, asked_in, month_of
from desk.calendar.entries import beside, entries_of
from desk.calendar.forms import MoveForm, PlanForm
from desk.calendar.narrowing import choices, sentence

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest

    from desk.calendar.entry import Entry

VIEW, ADD, CHANGE = "contacts.view_outreach", "contacts.add_outreach", "contacts.change_outreach"


class CalendarScreen(Screen):
    permission = VIEW
    header_icon = "calendar-alt"
    above: tuple[tuple[str, Any], ...] = (("desk:calendar", gettext_lazy("Calendar")),)


class CalendarView(CalendarScreen):
    template_name = "desk/calendar/calendar.html"
    page_title = gettext_lazy("Calendar")
    above = ()

    @cached_property
    def asked(self) -> Asked:
        return asked_in(self.request.GET.dict(), timezone.localdate())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked, user = self.asked, self.request.user
        waiting = timed.publications(user)
        every = entries_of(asked.days, user, waiting)
        late, ideas = ([entry for entry in rows if entry.fits(asked.chosen)] for rows in beside(asked.first, user, waiting))
        entries = [entry for entry in every if entry.fits(asked.chosen)]
        facets = choices(asked)
        within = [entry for entry in entries if entry.day and asked.first <= entry.day < asked.after]
        return (
            super().get_context_data(**kwargs)
            | {
                "asked": asked,
                "days": days_of(asked, entries),
                "weekdays": [date_format(day, "D") for day in asked.days[:7]],
                "late": late,
                "ideas": ideas,
                "facets": facets,
                "sentence": sentence(asked, len(within), facets),
                "clear_url": asked.url(chosen={}),
                "is_empty": not within,
                "may_add": user.has_perm(ADD),
                "may_move": user.has_perm(CHANGE),
            }
            | ways_on(asked)
        )


def ways_on(asked: Asked) -> dict[str, Any]:
    before = month_of(asked.first - timedelta(days=1))
    views = [("month", _("Month")), ("list", _("List"))]
    return {
        "month_title": date_format(asked.first, "YEAR_MONTH_FORMAT"),
        "previous": {"url": asked.with_month(before), "label": date_format(before, "YEAR_MONTH_FORMAT")},
        "next": {"url": asked.with_month(asked.after), "label": date_format(asked.after, "YEAR_MONTH_FORMAT")},
        "today_url": asked.with_month(timezone.localdate()),
        "views": [{"label": label, "url": asked.url(view=view), "is_current": view == asked.view} for view, label in views],
    }


def days_of(asked: Asked, entries: list[Entry]) -> list[dict[str, Any]]:
    today = timezone.localdate()
    by_day: dict[date | None, list[Entry]] = {}
    for entry in entries:
        by_day.setdefault(entry.day, []).append(entry)
    return [
        {
            "date": day,
            "entries": by_day.get(day, []),
            "is_within": asked.first <= day < asked.after,
            "is_today": day == today,
            "is_past": day < today,
        }
        for day in asked.days
    ]


class ActView(CalendarScreen):
    """Back to an act: its month, with it in sight."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        act = get_object_or_404(Outreach, pk=kwargs["pk"])
        return HttpResponseRedirect(address_of(act))


def address_of(act: Outreach) -> str:
    at = timed.held_at(act) or act.done_at
    day = timezone.localdate(at) if at else act.planned_on
    asked = Asked(month_of(day or timezone.localdate()))
    return f"{reverse('desk:calendar')}{asked.url()}#outreach-{act.pk}"


class MoveView(CalendarScreen):
    """A form, which the calendar's script sends by itself: it asks for JSON and gets the reason, or the new day, in words."""

    template_name = "desk/calendar/move.html"
    permission = CHANGE
    page_title = gettext_lazy("Move")

    @cached_property
    def act(self) -> Outreach:
        return get_object_or_404(Outreach, pk=self.kwargs["pk"])

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = MoveForm(request.POST)
        if not form.is_valid():
            return self.refuse(form, str(form.errors["to"][0]) if "to" in form.errors else "")
        try:
            act = actions.move_outreach(act=self.act, to=form.cleaned_data["to"], seen=form.cleaned_data["seen"], by=staff_of(request))
        except actions.NotMoved as refused:
            now = refused.now if isinstance(refused, actions.MovedMeanwhile) else form.cleaned_data["seen"]
            again = MoveForm({"to": request.POST["to"], "seen": now.isoformat() if now else ""})
            again.add_error("to", refused)
            return self.refuse(again, refused.messages[0], now)
        said = _("“%(title)s” is now on %(day)s.") % {"title": act.title, "day": actions.day_of(act.planned_on)}
        if wants_json(request):
            state = act.state(timezone.localdate())
            facts = {"day": form.cleaned_data["to"].isoformat(), "state": state.value, "state_label": str(state.label), "url": address_of(act)}
            return JsonResponse({"said": said, **facts})
        messages.success(request, said)
        return redirect(address_of(act))

    def refuse(self, form: MoveForm, why: str, now: date | None = None) -> HttpResponse:
        if wants_json(self.request):
            return JsonResponse({"said": why, "seen": now.isoformat() if now else ""}, status=422)
        return self.answer(status=422, form=form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        day = self.act.planned_on
        form = kwargs.get("form") or MoveForm(initial={"to": day, "seen": day})
        why = actions.why_not_moved(self.act)
        return super().get_context_data(**kwargs) | {"act": self.act, "form": form, "back_url": address_of(self.act), "why": why}


class PlanView(CalendarScreen):
    """A new act, on the day of the address if it names one."""

    template_name = "desk/calendar/plan.html"
    permission = ADD
    page_title = gettext_lazy("Plan an outreach")

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PlanForm(request.POST)
        if not form.is_valid():
            return self.answer(status=422, form=form)
        act = form.plan(by=staff_of(request))
        messages.success(request, _("“%(title)s” is planned.") % {"title": act.title})
        return redirect(address_of(act))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        given = {"planned_on": self.request.GET.get("day", ""), "responsible": staff_of(self.request).pk, "goals": self.request.GET.getlist("goal")}
        return super().get_context_data(**kwargs) | {"form": kwargs.get("form") or PlanForm(initial=given)}


def wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"
