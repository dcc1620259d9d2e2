"""On the admin's home: the decisions that somebody follows up, until they are done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.ui.components import Component

from base.staff import staff_of
from events import meetings
from events.models import Decision, MeetingPage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

MOST = 20


class OpenDecisions(Component):
    """Of the user, the most urgent first. Two queries."""

    order = 80
    template_name = "events/staff/open_decisions.html"

    def __init__(self, user: Any) -> None:
        self.decisions = list(Decision.objects.open().of_user(user)[:MOST])

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        keys = [decision.meeting_key for decision in self.decisions]
        pages = {page.translation_key: page for page in MeetingPage.objects.filter(translation_key__in=keys).order_by("-pk")}
        today = timezone.localdate()
        rows = [{"decision": one, "page": pages.get(one.meeting_key), "is_late": one.due is not None and one.due < today} for one in self.decisions]
        return {"rows": rows, "request": (parent_context or {}).get("request"), "csrf_token": (parent_context or {}).get("csrf_token")}


@require_POST
def end_decision(request: HttpRequest, pk: int) -> HttpResponse:
    decision = get_object_or_404(Decision, pk=pk)
    if not meetings.may_end(request.user, decision):
        return render(request, "events/staff/no_decision.html", status=403)
    if meetings.end_decision(decision=decision, by=staff_of(request)):
        messages.success(request, _("The decision is done."))
    return redirect("wagtailadmin_home")
