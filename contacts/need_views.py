"""A service need and its way, and the counts of all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.widgets.button import HeaderButton

from base.staff import staff_of
from contacts import details, needs
from contacts.contact_views import DetailView
from contacts.lists import ReadingIndexView
from contacts.models import Organisation, ServiceNeed
from contacts.screens import Screen

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class TurnForm(forms.Form):
    state = forms.ChoiceField(label=gettext_lazy("Next step"), widget=forms.RadioSelect)
    passed_to = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=gettext_lazy("Passed on to"),
        required=False,
        help_text=gettext_lazy("Where it is passed on: the body of the national level that takes it up."),
    )
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, need: ServiceNeed, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [(state.value, state.label) for state in needs.NEXT[need.state]]  # type: ignore[attr-defined]  # of a ChoiceField
        # Those that run or support the theme: the national level.
        bodies = Organisation.objects.filter(theme=need.theme_id, theme_parts__isnull=False).distinct().order_by("name_fi")
        self.fields["passed_to"].queryset = bodies  # type: ignore[attr-defined]  # of a ModelChoiceField


class ServiceNeedView(DetailView):
    template_name = "contacts/staff/need.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self._may_turn():
            raise PermissionDenied
        form = TurnForm(request.POST, need=self.object)
        if form.is_valid():
            said = form.cleaned_data
            try:
                state = ServiceNeed.State(said["state"])
                needs.turn(self.object, state, by=staff_of(request), passed_to=said["passed_to"], note=said["note"])
            except ValidationError as refused:
                form.add_error(None, refused)
            else:
                messages.success(request, _("The step is written down."))
                return redirect(request.path)
        answer: HttpResponse = self.render_to_response(self.get_context_data(form=form), status=422)
        return answer

    def _may_turn(self) -> bool:
        return staff_of(self.request).has_perm("contacts.change_serviceneed")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        need: ServiceNeed = self.object
        is_open = bool(needs.NEXT[need.state]) and self._may_turn()
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {
            "need": need,
            "turns": need.turns.select_related("by", "passed_to"),
            "organisation_url": details.url_of(need.organisation),
            "person_url": details.url_of(need.person) if self.request.user.has_perm("contacts.view_person") else "",
            "form": TurnForm(need=need) if is_open else None,
        } | context


class ServiceNeedIndexView(ReadingIndexView):
    @property
    def header_buttons(self) -> list[Any]:
        return [*super().header_buttons, HeaderButton(_("Counts"), url=reverse("contacts_need_counts"), icon_name="clipboard-list", priority=20)]


class NeedCountsView(Screen):
    """How many needs, by sub-theme and region, and how far they have come."""

    template_name = "contacts/staff/need_counts.html"
    page_title = gettext_lazy("Service needs by sub-theme and region")
    header_icon = "help"
    permission = "contacts.view_serviceneed"
    above = (("wagtailsnippets_contacts_serviceneed:list", gettext_lazy("Service needs")),)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        counts = needs.Counts()
        rows = [{"cell": cell, "numbers": [cell.numbers.get(state, 0) for state in counts.STATES]} for cell in counts.cells]
        totals = list(counts.totals.values())
        return super().get_context_data(**kwargs) | {"states": counts.STATES, "rows": rows, "totals": totals, "total": sum(totals)}
