"""What one chooses when one registers: which date, which way to take part, which sessions that have seats of their own."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events import words
from events.models.facts import WAYS
from events.models.pools import SESSION

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from events.models import Event, EventPage
    from events.timetable import Session


def pool_of(session_key: str) -> str:
    """The pool (`events.models.Pool`) of a session's seats."""
    return f"{SESSION}{session_key}"


def date_field(page: EventPage, dates: Sequence[Event]) -> forms.Field | None:
    if len(dates) < 2:
        return None
    choices = [(str(event.pk), words.choice_text(event, page)) for event in dates]
    return forms.ChoiceField(label=_("Which date?"), choices=choices, widget=forms.RadioSelect)


def mode_field(dates: Sequence[Event]) -> forms.Field | None:
    """Where any of the dates is held in more than one way, or they differ."""
    ways = [way for way in WAYS if any(way in event.ways for event in dates)]
    if len(ways) < 2:
        return None
    left = {pool.key: pool.left for pool in dates[0].seats} if len(dates) == 1 else {}
    choices = [(way.value, words.way_text(way, left.get(way))) for way in ways]
    return forms.ChoiceField(label=_("How do you take part?"), choices=choices, widget=forms.RadioSelect)


def sessions_field(sessions: Sequence[Session], dates: Sequence[Event]) -> forms.Field | None:
    """With the seats that are left, where the date is known."""
    if not sessions:
        return None
    pools = {pool.key: pool.left for pool in dates[0].pools.all()} if len(dates) == 1 else {}
    with_day = len({one.day for one in sessions}) > 1
    choices = [(one.key, words.session_text(one, pools.get(pool_of(one.key)), with_day=with_day)) for one in sessions]
    return forms.MultipleChoiceField(
        label=_("Which sessions?"),
        choices=choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("These have seats of their own. You need no place in the others."),
    )


def clash(sessions: Sequence[Session], chosen: Collection[str]) -> tuple[Session, Session] | None:
    """Two of the chosen at the same time."""
    wanted = [one for one in sessions if one.key in chosen]
    for first, second in combinations(wanted, 2):
        if first.day == second.day and first.starts < second.ends and second.starts < first.ends:
            return first, second
    return None


def clash_text(sessions: Sequence[Session], chosen: Collection[str]) -> str:
    """ "" where all of them can be followed."""
    found = clash(sessions, chosen)
    told = gettext("“%(first)s” and “%(second)s” are at the same time: choose one of them.")
    return told % {"first": found[0].title, "second": found[1].title} if found else ""
