"""What is planned for the coming week, and what is late: one's own first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Case, Value, When
from django.utils import timezone
from wagtail.admin.ui.components import Component

from contacts.models import Outreach
from desk.calendar.entries import told
from desk.calendar.views import ADD
from desk.overview.figures import SOON

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST = 8


class WeekPanel(Component):
    """A fixed number of queries."""

    order = 70
    template_name = "desk/homes/week.html"

    def __init__(self, user: Any) -> None:
        self.user = user

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        today = timezone.localdate()
        due = Outreach.objects.filter(done_at=None, planned_on__lte=today + SOON)
        own_first = due.order_by(Case(When(responsible=self.user.pk, then=Value(0)), default=Value(1)), "planned_on", "pk")
        rows = [{"entry": entry, "is_own": entry.responsible == self.user} for entry in told(own_first[:MOST], self.user, today, {})]
        return {"rows": rows, "more": max(due.count() - len(rows), 0), "may_plan": self.user.has_perm(ADD)}
