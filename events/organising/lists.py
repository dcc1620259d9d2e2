"""The list at an event's desk: its rows, what it can be narrowed by, and the same for exports and for acts on a selection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import django_filters
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from base.questions import questions_of
from events.models import Answer, Event, Registration
from events.models.pools import SESSION
from events.timetable import chosen_sessions

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from events.models import EventPage

SEARCHED = ("person__first_name", "person__last_name", "person__email", "organisation", "guests__last_name", "guests__email")


def dates_of(page: EventPage) -> list[Event]:
    return list(Event.objects.filter(item_key=page.translation_key).order_by("starts_at", "pk"))


def registrations_for(page: EventPage) -> QuerySet[Registration]:
    """Of all dates, with what a row shows: two queries more, however many rows."""
    rows = Registration.objects.filter(event__item_key=page.translation_key).select_related("person__region", "person__target_group", "event")
    return rows.prefetch_related("guests", "answers")


def date_text(event: Event) -> str:
    return date_format(timezone.localtime(event.starts_at), "SHORT_DATETIME_FORMAT")


def answer_choices(page: EventPage) -> list[tuple[str, list[tuple[str, str]]]]:
    """The choices of its questions, each under its question. The value names both."""
    asked = [question for question in questions_of(page.questions) if question.options]
    return [(question.label, [(f"{question.key}:{option.key}", option.text) for option in question.options]) for question in asked]


def session_choices(page: EventPage) -> list[tuple[str, str]]:
    """Sessions that one registers for, by their pools."""
    names = session_names(page)
    pools = Event.objects.filter(item_key=page.translation_key, pools__key__startswith=SESSION).values_list("pools__key", flat=True)
    keys = dict.fromkeys(key for key in pools if key.startswith(SESSION))
    return [(key, names.get(key.removeprefix(SESSION), key.removeprefix(SESSION)[:8])) for key in keys]


def session_names(page: EventPage) -> dict[str, str]:
    """Titles of the programme's sessions that one registers for, by their keys."""
    return {session.key: session.title for session in chosen_sessions(page)}


def filters_for(page: EventPage) -> type[WagtailFilterSet]:
    """Only what the event has: dates where there are several, ways to take part of a hybrid one, its sessions and its questions' answers."""
    state = django_filters.MultipleChoiceFilter(label=_("State"), choices=Registration.State.choices)
    found: dict[str, Any] = {"state": state}
    if len(dates := dates_of(page)) > 1:
        found["event"] = django_filters.ChoiceFilter(label=_("Date"), choices=[(date.pk, date_text(date)) for date in dates])
    ways = {way for date in dates for way in date.ways}
    if len(ways) > 1:
        choices = [(way.value, way.label) for way in sorted(ways)]
        found["mode"] = django_filters.ChoiceFilter(label=_("Way to take part"), choices=choices)
    if Registration.objects.filter(event__in=dates).exclude(reply="").exists():
        found["reply"] = django_filters.ChoiceFilter(label=_("Answer from the calendar"), choices=Registration.Reply.choices)
    if sessions := session_choices(page):
        found["session"] = django_filters.ChoiceFilter(label=_("Session"), choices=sessions, method=in_session)
    if answers := answer_choices(page):
        found["answer"] = django_filters.ChoiceFilter(label=_("Answer"), choices=answers, method=with_answer)

    class Meta:
        model = Registration
        fields: ClassVar = [name for name in ("event", "mode", "state", "reply") if name in found]

    return type("DeskFilters", (WagtailFilterSet,), {**found, "Meta": Meta})


def in_session(rows: QuerySet[Registration], name: str, value: str) -> QuerySet[Registration]:
    """Looked at row by row: SQLite cannot ask what a JSON list holds."""
    return rows.filter(pk__in=[row.pk for row in rows.only("further_pools") if value in row.further_pools])


def with_answer(rows: QuerySet[Registration], name: str, value: str) -> QuerySet[Registration]:
    question, option = value.split(":")
    return rows.filter(pk__in=Answer.objects.choosing(question, option).values("registration"))


def searched(rows: QuerySet[Registration], words: str) -> QuerySet[Registration]:
    for word in words.split():
        found = Q()
        for name in SEARCHED:
            found |= Q(**{f"{name}__icontains": word})
        rows = rows.filter(pk__in=Registration.objects.filter(found).values("pk"))
    return rows


def chosen_by(page: EventPage, query: str) -> QuerySet[Registration]:
    """All rows that the list shows with this query of its address."""
    data = QueryDict(query)
    filters = filters_for(page)(data=data, queryset=registrations_for(page))
    rows = filters.qs if filters.is_valid() else registrations_for(page)
    return searched(rows, data.get("q", ""))
