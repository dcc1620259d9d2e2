"""What was published last: how often it was looked at, whom of the register it reached, and for which goals."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Sum
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.ui.components import Component

from base.bounds import everywhere
from contacts.models import Outreach, Tally, Touch
from desk.calendar.entries import items_of

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST = 5
DAYS = timedelta(days=60)
KINDS = (Outreach.Kind.STORY, Outreach.Kind.RESULT, Outreach.Kind.PRACTICE, Outreach.Kind.PUBLICATION, Outreach.Kind.FUNDING_CALL)


class NewestPanel(Component):
    """A fixed number of queries."""

    order = 82
    template_name = "desk/homes/newest.html"

    def __init__(self, user: Any) -> None:
        self.user = user
        found = Outreach.objects.filter(kind__in=KINDS, done_at__gte=timezone.now() - DAYS, item_key__isnull=False)
        self.acts = list(found.prefetch_related("goals").order_by("-done_at", "-pk")[:MOST])

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        keys, items = [act.pk for act in self.acts], items_of(act.item_key for act in self.acts if act.item_key)
        with everywhere():
            views = Tally.objects.filter(outreach__in=keys, kind=Tally.Kind.VIEW).order_by().values_list("outreach").annotate(number=Sum("count"))
            people = Touch.objects.filter(outreach__in=keys).order_by().values_list("outreach").annotate(number=Count("person", distinct=True))
            looked, reached = dict(views), dict(people)
        return {
            "rows": [
                self._row(act, items.get(act.item_key)) | {"views": looked.get(act.pk, 0), "people": reached.get(act.pk, 0)} for act in self.acts
            ]
        }

    def _row(self, act: Outreach, item: Any) -> dict[str, Any]:
        edit = reverse("wagtailadmin_pages:edit", args=[item.page]) if item else ""
        url = reverse("desk:outreach", args=[act.pk]) if self.user.has_perm("contacts.view_touch") else edit
        return {"act": act, "goals": list(act.goals.all()), "url": url}
