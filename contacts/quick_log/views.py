"""The screen, the panel on the home screen, and what comes after: what was written down, and taking it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.ui.components import Component
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from base.staff import staff_of
from contacts import outreach, search
from contacts.coverage.audience import members_of
from contacts.models import Network, Outreach, Person
from contacts.quick_log.forms import LogForm, presets, presets_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from django.http import HttpRequest, HttpResponse, QueryDict
    from django.http.response import HttpResponseBase

FOUND = 8
IDS = "log_%s"


class LogScreen(WagtailAdminTemplateMixin):
    header_icon = "comment"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_log(request.user):
            raise PermissionDenied
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # the view's, behind this in the order
        return answer

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = {"url": reverse("wagtailsnippets_contacts_outreach:list"), "label": _("Outreach")}
        return [*self.breadcrumbs_items, above, {"url": "", "label": self.get_page_title()}]


class LogView(LogScreen, TemplateView):
    """An address may say who it was (`?people=17&people=4`, `?network=3`), for what (`?goals=5`), and which planned one it is (`?planned=8`)."""

    template_name = "contacts/staff/log.html"
    page_title = gettext_lazy("Log a meeting or a call")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = LogForm(request.POST, auto_id=IDS)
        if "find" in request.POST and request.POST.get("who", "").strip():
            looking = LogForm(initial=typed_in(request.POST), auto_id=IDS)
            return self.render_to_response(self.get_context_data(form=looking, **people_of(request.POST)))
        if form.is_valid():
            act = form.log(list(form.cleaned_data["people"]), by=staff_of(request))
            return redirect("contacts_logged", act.pk)
        return self.render_to_response(self.get_context_data(form=form, **people_of(request.POST)), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if "form" in kwargs:
            return context
        asked = self.request.GET
        planned = Outreach.objects.to_be_held().filter(pk__in=numbers(asked.getlist("planned"))[:1]).first()
        given = presets_of(planned) if planned else presets(staff_of(self.request), numbers(asked.getlist("goals")))
        return context | {"form": LogForm(initial=given, auto_id=IDS), "chosen": whom(asked), "found": []}


class FoundView(LogScreen, View):
    """The people who begin as typed, for the script; those chosen already are left out."""

    def get(self, request: HttpRequest) -> HttpResponse:
        found = found_for(request.GET.get("who", ""), numbers(request.GET.getlist("people")))
        return render(request, "contacts/staff/log_found.html", {"found": found})


class LoggedView(LogScreen, TemplateView):
    """What stands now. From here it can be taken back."""

    template_name = "contacts/staff/logged.html"
    page_title = gettext_lazy("Logged")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        act = logged(kwargs["pk"])
        people = Person.objects.filter(touches__outreach=act).distinct().order_by(*Person.by_name)
        return super().get_context_data(**kwargs) | {"act": act, "people": people, "goals": act.goals.all()}


class UndoView(LogScreen, View):
    """Leads back to the form with all that was typed in it."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        act = logged(pk)
        if act.responsible_id != staff_of(request).pk and not request.user.has_perm("contacts.delete_outreach"):
            raise PermissionDenied
        given = {
            "what": act.title, "kind": act.kind, "on": timezone.localdate(act.done_at) if act.done_at else None,
            "goals": list(act.goals.values_list("pk", flat=True)),
        }  # fmt: skip
        people = list(Person.objects.filter(touches__outreach=act).distinct().order_by(*Person.by_name))
        outreach.undo_log(act, by=staff_of(request))
        messages.success(request, _("It is taken back. Nothing of it counts any more; below stands what you had written."))
        screen = LogView()
        screen.setup(request)
        shown = screen.get_context_data(form=LogForm(initial=given, auto_id=IDS), chosen=people, found=[])
        return screen.render_to_response(shown)


class LogPanel(Component):
    """On the admin's home."""

    order = 80
    template_name = "contacts/staff/log_panel.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        context = parent_context or {}
        form = LogForm(initial=presets(staff_of(context["request"])), auto_id=IDS)
        return {"form": form, "chosen": [], "found": [], "csrf_token": context["csrf_token"]}


def may_log(user: Any) -> bool:
    return bool(user.has_perm("contacts.add_touch") and user.has_perm("contacts.view_person"))


def logged(pk: int) -> Outreach:
    """Only what was logged by hand: an act of a page or an event has more to it."""
    return get_object_or_404(Outreach.objects.logged().select_related("responsible"), pk=pk)


def numbers(texts: Iterable[str]) -> list[int]:
    return [int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) < 10]


def typed_in(sent: QueryDict) -> dict[str, Any]:
    return {name: sent.getlist(name) if name == "goals" else sent.get(name, "") for name in ("who", "what", "kind", "on", "goals", "planned")}


def whom(asked: QueryDict) -> list[Person]:
    """Of an address."""
    wanted = numbers(asked.getlist("people"))
    rows = Person.objects.filter(pk__in=wanted)
    for network in Network.objects.filter(pk__in=numbers(asked.getlist("network"))[:1]):
        rows = Person.objects.filter(members_of([network.pk]))
    return list(rows.order_by(*Person.by_name))


def people_of(sent: QueryDict) -> dict[str, Any]:
    """Those ticked, and those found by what is typed."""
    ticked = numbers(sent.getlist("people"))
    return {"chosen": list(Person.objects.filter(pk__in=ticked).order_by(*Person.by_name)), "found": found_for(sent.get("who", ""), ticked)}


def found_for(typed: str, but: Collection[int]) -> list[search.Found]:
    found = search.find_people(typed.replace("\0", "")[:200], size=FOUND + len(but))
    return [one for one in found if one.contact.pk not in but][:FOUND]
