"""The organiser's next things: events to come with their seats, what waits for an answer, and what an event that is over still lacks."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Count, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.ui.components import Component

from base.languages import active
from contacts.models import Outreach
from desk.homes.rows import MOST, Row, Section
from desk.progress import results
from desk.views import bars_by_goal
from events.models import Event, EventPage, Mode, Registration, pages_in
from events.organising.lists import date_text
from themes.models import Goal
from themes.teams.pages import ground_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

State = Registration.State
AFTER, SOON = timedelta(days=30), timedelta(days=7)
MOST_DATES = 200
ASKING = (State.WAITING, State.APPLIED)
UNCONFIRMED = (State.HELD, State.OFFERED)
COMING = (State.CONFIRMED, State.ATTENDED)
# By (way, state) of one date: (people, registrations).
Counts = dict[tuple[str, str], tuple[int, int]]


class OrganiserPanel(Component):
    """A fixed number of queries."""

    order = 61
    template_name = "desk/homes/home.html"

    def __init__(self, user: Any) -> None:
        self.user = user

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        found = Dates(self.user)
        sections = [to_do(found), coming(found), served(found, self.user)]
        return {"key": "organiser", "title": _("Your next steps with events"), "sections": sections}


class Dates:
    """Those that are to come and those lately over, each with its page and its registrations in numbers. Four queries and the pages' own."""

    def __init__(self, user: Any) -> None:
        self.now = timezone.now()
        rows = Event.objects.with_seats().filter(ends_at__gte=self.now - AFTER, is_cancelled=False).annotate(written=Count("letters", distinct=True))
        events = list(rows.order_by("starts_at", "pk")[:MOST_DATES])
        ground = ground_of(user)
        self.pages = {key: page for key, page in pages_in(active(), events).items() if ground.has(page.path)}
        self.events = [event for event in events if event.item_key in self.pages]
        self.counts: dict[int, Counts] = defaultdict(dict)
        # Who has not confirmed the address stands in no line yet.
        asking = Registration.objects.filter(event__in=[event.pk for event in self.events]).exclude(state__in=ASKING, verified_at=None)
        numbers = asking.order_by().values_list("event", "mode", "state").annotate(rows=Count("pk"), people=Sum("size"))
        for event, mode, state, number, people in numbers:
            self.counts[event][mode, state] = (people, number)

    @cached_property
    def with_materials(self) -> set[int]:
        """Of events that are over, the pages that have some."""
        keys = {event.item_key for event in self.over}
        pages = EventPage.objects.filter(pk__in=[page.pk for key, page in self.pages.items() if key in keys])
        return {pk for pk, materials in pages.values_list("pk", "materials") if materials}

    @property
    def to_come(self) -> list[Any]:
        return [event for event in self.events if not event.is_over]

    @property
    def over(self) -> list[Any]:
        return [event for event in self.events if event.is_over]

    def number(self, event: Event, states: Iterable[str], mode: str = "", *, people: bool = False) -> int:
        wanted = set(states)
        found = [pair for (way, state), pair in self.counts[event.pk].items() if state in wanted and mode in ("", way)]
        return sum(pair[0 if people else 1] for pair in found)

    def title(self, event: Event) -> str:
        return str(self.pages[event.item_key].title)

    def url(self, event: Event, name: str = "events_desk", **asked: Any) -> str:
        address = reverse(name, args=[self.pages[event.item_key].pk])
        return f"{address}?{urlencode(asked | {'event': event.pk})}" if asked else address


def coming(found: Dates) -> Section:
    rows = [Row(found.title(event), found.url(event), (date_text(event), *_seats(found, event))) for event in found.to_come[:MOST]]
    return Section(
        "coming",
        _("Coming events"),
        rows,
        empty=_("No event is coming. Write the page of the next one: when it is published, its registrations are counted here."),
        begin=_("Open the calendar"),
        begin_url=reverse("desk:calendar"),
    )


def _seats(found: Dates, event: Event) -> Iterator[str]:
    """Of each way to take part, in people; who is not there is not told."""
    for pool in event.seats:
        confirmed = found.number(event, COMING, pool.key, people=True)
        words = {"way": Mode(pool.key).label, "confirmed": confirmed, "capacity": pool.capacity}
        parts = [_("%(way)s: %(confirmed)d confirmed, %(capacity)d seats") % words]
        if number := found.number(event, UNCONFIRMED, pool.key, people=True):
            parts.append(ngettext("%(number)d unconfirmed", "%(number)d unconfirmed", number) % {"number": number})
        if number := found.number(event, [State.WAITING], pool.key, people=True):
            parts.append(ngettext("%(number)d in the queue", "%(number)d in the queue", number) % {"number": number})
        yield ", ".join(parts)


def to_do(found: Dates) -> Section:
    """Answers that somebody waits for first, then what an event that is over lacks, then what is near."""
    rows = [
        *(row for event in found.to_come for row in _answers(found, event)),
        *(row for event in reversed(found.over) for row in _afterwards(found, event)),
        *(row for event in found.to_come for row in _before(found, event)),
    ]
    return Section(
        "to-do", _("To do at your events"), rows[: 2 * MOST], empty=_("Nothing waits for you: nobody for an answer, and no event that is over.")
    )


def _answers(found: Dates, event: Event) -> Iterator[Row]:
    if number := found.number(event, [State.APPLIED]):
        told = ngettext("%(number)d application to answer", "%(number)d applications to answer", number) % {"number": number}
        yield _task(found, event, told, found.url(event, state=State.APPLIED.value))
    if number := found.number(event, [State.WAITING]):
        told = ngettext("%(number)d registration on the waiting list", "%(number)d registrations on the waiting list", number) % {"number": number}
        yield _task(found, event, told, found.url(event, state=State.WAITING.value))


def _afterwards(found: Dates, event: Event) -> Iterator[Row]:
    confirmed, came = found.number(event, [State.CONFIRMED]), found.number(event, [State.ATTENDED])
    if confirmed and not came:
        told = ngettext("Say who came: %(number)d had confirmed", "Say who came: %(number)d had confirmed", confirmed) % {"number": confirmed}
        yield _task(found, event, told, found.url(event, "events_desk_attendance"))
    page = found.pages[event.item_key]
    if (confirmed or came) and page.pk not in found.with_materials:
        yield _task(found, event, _("Add the materials or the recording"), reverse("wagtailadmin_pages:edit", args=[page.pk]))


def _before(found: Dates, event: Event) -> Iterator[Row]:
    """A message of the organiser's own; reminders go by themselves."""
    number = found.number(event, COMING)
    if number and not event.written and event.starts_at <= found.now + SOON and not event.has_begun:  # type: ignore[attr-defined]
        told = ngettext("Write to the %(number)d who comes", "Write to the %(number)d who come", number) % {"number": number}
        yield _task(found, event, told, found.url(event, "events_desk_letters"))


def _task(found: Dates, event: Event, told: str, url: str) -> Row:
    return Row(told, url, (found.title(event), date_text(event)))


def served(found: Dates, user: Any) -> Section:
    """The goals of these events and how they go. Who may see goals goes on to them."""
    keys = {event.item_key for event in found.events}
    goals = list(Goal.objects.filter(pk__in=Outreach.objects.filter(item_key__in=keys).values("goals")).order_by("scope", "pk")[:MOST])
    bars = bars_by_goal(results(goals, timezone.localdate())) if goals else {}
    linked = user.has_perm("themes.view_goal")
    rows = [(Row(goal.name, reverse("desk:goal", args=[goal.pk]) if linked else ""), bars.get(goal.pk, [])) for goal in goals]
    return Section(
        "goals",
        _("Goals that your events serve"),
        empty=_("An event's page names the goals that it serves; how they go is told here."),
        bars=rows,
    )
