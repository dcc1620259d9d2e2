"""Building a segment: conditions are added and taken away by buttons, and who is in it is counted meanwhile."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from base.staff import staff_of
from contacts.models.segments import Segment
from contacts.segments import forms, rules
from contacts.segments.actions import keep_segment
from contacts.segments.fields import KINDS

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

LISTS = {
    Segment.Of.PEOPLE.value: "wagtailsnippets_contacts_person:list",
    Segment.Of.ORGANISATIONS.value: "wagtailsnippets_contacts_organisation:list",
}


class BuildView(WagtailAdminTemplateMixin, TemplateView):
    """A new one (`?of=organisations`), or one that is changed."""

    template_name = "contacts/staff/segments/build.html"
    header_icon = "tasks"
    segment: Segment

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm("contacts.change_segment" if "pk" in kwargs else "contacts.add_segment"):
            raise PermissionDenied
        asked = request.GET.get("of", "")
        of = asked if asked in LISTS else Segment.Of.PEOPLE.value
        self.segment = get_object_or_404(Segment, pk=kwargs["pk"]) if "pk" in kwargs else Segment(of=of, rules=deepcopy(forms.EMPTY))
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return self.segment.name if self.segment.pk else _("New segment")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = {"url": reverse("wagtailsnippets_contacts_segment:list"), "label": _("Segments")}
        return [*self.breadcrumbs_items, above, {"url": "", "label": self.get_page_title()}]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        segment, typed = self.segment, forms.read(request.POST, self.segment.of)
        form = forms.SegmentForm(request.POST, instance=segment)
        if button := request.POST.get("act"):
            forms.press(typed, button, request.POST, segment.of)
            form = forms.SegmentForm(instance=segment, initial={name: request.POST.get(name) for name in ("name", "theme")})
            return self._again(form, typed, {})
        lacking = forms.troubles(typed, segment.of)
        asks = bool(forms.whole(typed)["groups"])
        if not asks:
            form.add_error(None, _("Add one condition at least: a segment without any is everybody."))
        if form.is_valid() and not lacking:
            return self._keep(form, typed)
        return self._again(form, typed, lacking, status=422)

    def _keep(self, form: Any, typed: dict[str, Any]) -> HttpResponse:
        segment = keep_segment(form.save(commit=False), forms.whole(typed), by=staff_of(self.request))
        messages.success(self.request, _("The segment “%(name)s” is kept. It follows the register by itself.") % {"name": segment})
        return redirect(list_url(segment))

    def _again(self, form: Any, typed: dict[str, Any], lacking: dict[tuple[int, int], str], status: int = 200) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form, rules=typed, lacking=lacking), status=status)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        segment = self.segment
        typed = kwargs.get("rules") or deepcopy(segment.rules)
        return super().get_context_data(**kwargs) | {
            "segment": segment,
            "form": kwargs.get("form") or forms.SegmentForm(instance=segment),
            "join": typed.get("join"),
            "groups": forms.shown(typed, segment.of, kwargs.get("lacking", {})),
            "kinds": [(kind.key, kind.label) for kind in KINDS[segment.of].values()],
            "count_url": f"{reverse('contacts_segment_count')}?of={segment.of}",
            **counted(segment.of, forms.complete(typed, segment.of)),
        }


class CountView(View):
    """The sentence and the number, of what stands in the form, for the script. POST: nothing of it stays in an address."""

    def post(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm("contacts.add_segment"):
            raise PermissionDenied
        of = request.GET.get("of", "")
        of = of if of in LISTS else Segment.Of.PEOPLE.value
        return render(request, "contacts/staff/segments/counted.html", counted(of, forms.complete(forms.read(request.POST, of), of)))


def counted(of: str, asked: dict[str, Any]) -> dict[str, Any]:
    return {"sentence": rules.in_words(of, asked), "number": rules.matching(of, asked).count()}


def list_url(segment: Segment) -> str:
    """Where those who are in it are listed."""
    return f"{reverse(LISTS[segment.of])}?segment={segment.pk}"
