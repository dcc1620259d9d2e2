"""An organiser's events: those to come with their seats and what waits for a decision, and those that are over without attendance."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.ui.components import Component

from base.languages import active
from contacts.models import Outreach
from events.models import Event, Registration, pages_in
from events.organising.figures import seat_rows
from events.organising.lists import date_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from events.models import EventPage

MOST = 5
# How long after an event its attendance is asked for.
DAYS = timedelta(days=30)
State = Registration.State


class EventsPanel(Component):
    """A fixed number of queries. Whoever may act on registrations has it."""

    order = 71
    template_name = "desk/homes/events.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        coming, over = list(self._coming()), list(self._over())
        pages = pages_in(active(), [*coming, *over])
        waiting, goals = self._waiting(coming), self._goals(coming)
        return {
            "rows": [self._row(date, page, waiting[date.pk], goals[date.item_key]) for date in coming if (page := pages.get(date.item_key))],
            "over": [
                {"title": page.title, "day": date_text(date), "url": reverse("events_desk_attendance", args=[page.pk])}
                for date in over
                if (page := pages.get(date.item_key))
            ],
        }

    def _coming(self) -> Any:
        return Event.objects.upcoming().filter(is_cancelled=False).with_seats().order_by("starts_at", "pk")[:MOST]

    def _over(self) -> Any:
        now, of_date = timezone.now(), Registration.objects.filter(event=OuterRef("pk"))
        ended = Event.objects.filter(is_cancelled=False, ends_at__lt=now, ends_at__gte=now - DAYS)
        expected, came = Exists(of_date.filter(state=State.CONFIRMED)), Exists(of_date.filter(state=State.ATTENDED))
        return ended.filter(expected).exclude(came).order_by("ends_at", "pk")[:MOST]

    def _waiting(self, dates: list[Event]) -> dict[int, dict[str, int]]:
        """By date and state, how many have proved their address and wait for the organiser or for a seat."""
        rows = Registration.objects.filter(event__in=dates, state__in=(State.APPLIED, State.WAITING), verified_at__isnull=False)
        found: dict[int, dict[str, int]] = defaultdict(dict)
        for date, state, number in rows.order_by().values_list("event", "state").annotate(number=Count("pk")):
            found[date][state] = number
        return found

    def _goals(self, dates: list[Event]) -> dict[UUID, list[Any]]:
        acts = Outreach.objects.filter(item_key__in=[date.item_key for date in dates]).prefetch_related("goals")
        found: dict[UUID, list[Any]] = defaultdict(list)
        for act in acts:
            if act.item_key:
                found[act.item_key] += act.goals.all()
        return found

    def _row(self, date: Event, page: EventPage, waiting: Mapping[str, int], goals: list[Any]) -> dict[str, Any]:
        desk = reverse("events_desk", args=[page.pk])
        return {
            "title": page.title, "day": date_text(date), "url": desk, "seats": seat_rows([date]), "goals": goals,
            "applied": waiting.get(State.APPLIED, 0), "applied_url": f"{desk}?event={date.pk}&state={State.APPLIED}",
            "waiting": waiting.get(State.WAITING, 0), "waiting_url": f"{desk}?event={date.pk}&state={State.WAITING}",
        }  # fmt: skip
