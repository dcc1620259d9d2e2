"""What stands in the calendar, whatever table it comes from, in a number of queries that does not grow with it.

An act and its page are one entry: while the page waits for its publication, it stands on that day. A publication or a sending that somebody has timed
stands there too, and the days of events, which are moved in their own places.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page
from wagtail.permissions import policy_registry

from base.trash.actions import outside
from contacts.models import Outreach
from desk.calendar import timed
from desk.calendar.entry import Entry
from desk.calendar.moments import from_day, till_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime
    from uuid import UUID

MOST_BESIDE = 30


@dataclass(frozen=True)
class Item:
    """The pages of an act: the one to edit, and in which languages there are any."""

    page: int
    languages: tuple[str, ...]


def entries_of(days: list[date], user: Any, waiting: Mapping[UUID, timed.Publication]) -> list[Entry]:
    """Of these days, by time; what has no time comes first."""
    today, first, last = timezone.localdate(), days[0], days[-1]
    meetings = timed.meetings(first, last)
    rows = Outreach.objects.filter(
        Q(item_key__in=meetings)
        | Q(done_at__gte=from_day(first), done_at__lt=till_day(last))
        | Q(done_at=None, planned_on__range=(first, last))
        | Q(done_at=None, item_key__in=waiting)
    )
    found = list(told(rows, user, today, waiting, meetings))
    own = set(rows.filter(item_key__in=waiting, done_at=None).values_list("item_key", flat=True)) if waiting else set()
    found += [timed.entry_of(one) for key, one in waiting.items() if key not in own]
    found += [*timed.sendings(first, last, user), *timed.dates(first, last)]
    here = [entry for entry in found if entry.day and first <= entry.day <= last]
    return sorted(here, key=lambda entry: (entry.day, entry.at is not None, entry.at, entry.title))


def beside(first: date, user: Any, waiting: Mapping[UUID, timed.Publication]) -> tuple[list[Entry], list[Entry]]:
    """What is late from before the month, and ideas without a day: the first of each."""
    today = timezone.localdate()
    open_acts = Outreach.objects.filter(done_at=None).exclude(pk__in=Outreach.objects.filter(item_key__in=waiting).values("pk"))
    late = open_acts.filter(planned_on__lt=min(first, today)).order_by("-planned_on", "pk")
    ideas = open_acts.filter(planned_on=None).order_by("-pk")
    return list(told(late[:MOST_BESIDE], user, today, {})), list(told(ideas[:MOST_BESIDE], user, today, {}))


def told(
    rows: Any, user: Any, today: date, waiting: Mapping[UUID, timed.Publication], meetings: Mapping[UUID, datetime] | None = None
) -> Iterable[Entry]:
    """`meetings` are as `timed.meetings` has them."""
    acts = list(rows.select_related("channel", "responsible").prefetch_related("goals", "audiences"))
    items = items_of(act.item_key for act in acts if act.item_key)
    may = {right: user.has_perm(f"contacts.{right}") for right in ("change_outreach", "view_touch", "add_touch")}
    may["add_page"] = policy_registry.get_by_type(Page).user_has_permission(user, "add")
    for act in acts:
        entry = _entry(act, items.get(act.item_key), waiting.get(act.item_key), may, today)
        begins = meetings.get(act.item_key) if meetings and act.item_key and act.done_at else None
        yield _meeting(entry, begins) if begins else entry


def items_of(keys: Iterable[UUID]) -> dict[UUID | None, Item]:
    rows = outside(Page.objects.filter(translation_key__in=set(keys))).order_by("pk")
    found: dict[UUID | None, Item] = {}
    for key, pk, language in rows.values_list("translation_key", "pk", "locale__language_code"):
        item = found.get(key)
        found[key] = replace(item, languages=(*item.languages, language)) if item else Item(pk, (language,))
    return found


def _entry(act: Outreach, item: Item | None, waiting: timed.Publication | None, may: Mapping[str, bool], today: date) -> Entry:
    state, at = act.state(today), act.done_at
    if waiting and not act.done_at:
        state, at = Outreach.State.PLANNED, waiting.at
    why = why_fixed(act, waiting)
    return Entry(
        key=f"outreach-{act.pk}",
        title=act.title,
        kind=str(act.get_kind_display()),
        state=state.value,
        state_label=_("Scheduled") if waiting and not act.done_at else state.label,
        day=timezone.localdate(at) if at else act.planned_on,
        at=waiting.at if waiting and not act.done_at else None,
        goals=tuple(act.goals.all()),
        audiences=tuple(str(group) for group in act.audiences.all()),
        channel=act.channel,
        responsible=act.responsible,
        scope=act.scope,
        scope_label=str(act.get_scope_display()),
        languages=item.languages if item else (),
        url=_url(act, item, may),
        why_fixed=why,
        move_url=reverse("desk:calendar_move", args=[act.pk]) if may["change_outreach"] and not why else "",
        write_url=reverse("desk:calendar_write", args=[act.pk]) if act.done_at is None and item is None and _may_write(act, may) else "",
    )


def _meeting(entry: Entry, begins: datetime) -> Entry:
    """On its own day, whenever its page was published."""
    label = _("To be held") if begins > timezone.now() else _("Held")
    state = Outreach.State.PLANNED if begins > timezone.now() else Outreach.State.DONE
    why = _("The meeting is published: its day is changed in its editor.")
    return replace(entry, state=state.value, state_label=label, day=timezone.localdate(begins), at=begins, why_fixed=why)


def _may_write(act: Outreach, may: Mapping[str, bool]) -> bool:
    """Whether the kind has an editor; the editor itself asks for the rights to the place."""
    is_held = act.kind in (Outreach.Kind.MEETING, Outreach.Kind.CALL)
    return (is_held and may["add_touch"]) or (may["add_page"] and act.kind in timed.written_kinds())


def _url(act: Outreach, item: Item | None, may: Mapping[str, bool]) -> str:
    if act.done_at and may["view_touch"]:
        return reverse("desk:outreach", args=[act.pk])
    if item:
        return reverse("wagtailadmin_pages:edit", args=[item.page])
    return reverse("wagtailsnippets_contacts_outreach:edit", args=[act.pk]) if may["change_outreach"] and not act.done_at else ""


def why_fixed(act: Outreach, waiting: timed.Publication | None) -> str:
    """In words why the act is not moved in the calendar; "" where it may be."""
    if act.done_at and act.kind == Outreach.Kind.EVENT and act.item_key:
        return _("The event is published: its day is changed in its editor, and those who registered hear of it.")
    if act.done_at and act.item_key:
        return _("It is published: what has been done stays on its day.")
    if act.done_at:
        return _("It has been done: what has been done stays on its day.")
    if act.kind == Outreach.Kind.POST and act.item_key:
        return _("The post is approved: it leaves at the time that was set in it.")
    if waiting:
        return _("Its publication is timed: the time is changed in its editor.")
    return ""
