"""The check beside the goal's form: on the page when it comes, also without scripts, and asked for anew while somebody types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from wagtail.admin.panels import Panel

from themes.plans.smart import reading
from themes.plans.smart.rules import check

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from themes.plans.smart.rules import Draft


def words(draft: Draft) -> dict[str, Any]:
    advices = check(draft)
    lacking = sum(not advice.is_met for advice in advices)
    told = ngettext("%(number)d part of the goal still lacks something.", "%(number)d parts of the goal still lack something.", lacking)
    return {"advices": advices, "lacking": lacking, "told": told % {"number": lacking}}


class SmartPanel(Panel):
    class BoundPanel(Panel.BoundPanel):
        template_name = "themes/plans/smart_panel.html"

        def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            draft = reading.of_form(self.form.data) if self.form.is_bound else reading.of_goal(self.instance)
            return context | words(draft) | {"check_url": reverse("themes_check_goal")}


@require_POST
def check_goal(request: HttpRequest) -> HttpResponse:
    """The advice on a form that is being typed. Nothing is saved."""
    if not (request.user.has_perm("themes.change_goal") or request.user.has_perm("themes.add_goal")):
        raise PermissionDenied
    return render(request, "themes/plans/smart.html", words(reading.of_form(request.POST)))
