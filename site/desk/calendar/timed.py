"""What stands in the calendar by a time that is set elsewhere: publications and sendings that somebody has timed, and the dates of events."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page, Revision, get_page_models

from base.languages import active
from base.models import User
from base.pages import Digestible
from contacts.models import Outreach
from contacts.pages import OutreachPage
from desk.calendar.entry import Entry
from desk.calendar.moments import from_day, till_day
from events.models import Event, MeetingPage, Registration, pages_in
from newsletters.models import Dispatch, IssuePage
from newsletters.staff import send_url
from themes.models import Goal, Scope
from themes.teams.pages import ground_of

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID


@dataclass(frozen=True)
class Publication:
    """Of a page in one language, or in several at about the same time: the first of them. `goals` are those of the text that is to be published."""

    page: int
    title: str
    kind: str
    at: datetime
    languages: tuple[str, ...]
    goals: tuple[Goal, ...]
    owner: User | None
    serves: bool


@cache
def written_kinds() -> frozenset[str]:
    """The kinds of outreach that are pages."""
    return frozenset(model.outreach_kind.value for model in written_models())


def written_models() -> list[type[Any]]:
    """Those of one act each: not the page of a whole newsletter."""
    return [model for model in get_page_models() if issubclass(model, OutreachPage) and issubclass(model, Digestible)]


def publications(user: Any) -> dict[UUID, Publication]:
    """By the page's key: all that wait for their time. Four queries."""
    waiting = {int(row.object_id): row for row in Revision.page_revisions.filter(approved_go_live_at__gt=timezone.now())}
    if not waiting:
        return {}
    pages = list(Page.objects.filter(ground_of(user).pages(), pk__in=waiting).select_related("locale", "owner", "content_type").order_by("pk"))
    goals = Goal.objects.in_bulk({key for page in pages for key in waiting[page.pk].content.get("goals") or ()})
    found: dict[UUID, Publication] = {}
    for page in pages:
        one, known = _publication(page, waiting[page.pk], goals), found.get(page.translation_key)
        found[page.translation_key] = replace(known, languages=(*known.languages, *one.languages)) if known else one
    return found


def _publication(page: Page, row: Revision, goals: dict[int, Goal]) -> Publication:
    model = page.specific_class
    served = tuple(goals[key] for key in row.content.get("goals") or () if key in goals)
    serves = model is not None and issubclass(model, OutreachPage)
    kind = str(page.content_type.name)
    return Publication(
        page.pk, row.content.get("title") or page.title, kind, row.approved_go_live_at, (page.locale.language_code,), served, page.owner, serves
    )


def entry_of(one: Publication) -> Entry:
    return Entry(
        key=f"page-{one.page}",
        title=one.title,
        kind=one.kind[:1].upper() + one.kind[1:],
        state=Outreach.State.PLANNED.value,
        state_label=_("Scheduled"),
        day=timezone.localdate(one.at),
        at=one.at,
        goals=one.goals,
        responsible=one.owner,
        scope=Scope.EXTERNAL.value,
        languages=one.languages,
        url=reverse("wagtailadmin_pages:edit", args=[one.page]),
        why_fixed=_("Its publication is timed: the time is changed in its editor."),
        serves=one.serves,
    )


def sendings(first: date, last: date, user: Any) -> list[Entry]:
    """Issues that are to be sent at a time. Three queries."""
    here = Dispatch.objects.filter(issue__in=IssuePage.objects.filter(ground_of(user).pages()).values("pk"), issue__mailing=None)
    rows = list(here.filter(due_at__gte=from_day(first), due_at__lt=till_day(last)).select_related("issue__locale", "asked_by"))
    acts = _acts_of({row.issue.translation_key for row in rows})
    return [_sending(row, acts.get(row.issue.translation_key)) for row in rows]


def _sending(row: Dispatch, act: Outreach | None) -> Entry:
    assert row.due_at is not None  # noqa: S101 — asked for by the query
    return Entry(
        key=f"issue-{row.issue_id}",
        title=row.issue.title,
        kind=_("Sending of an issue"),
        state=Outreach.State.PLANNED.value,
        state_label=_("To be sent"),
        day=timezone.localdate(row.due_at),
        at=row.due_at,
        responsible=row.asked_by,
        languages=(row.issue.locale.language_code,),
        url=send_url(row.issue),
        why_fixed=_("The issue is on its way: its time is changed where it is sent."),
        **_of_act(act),
    )


def dates(first: date, last: date) -> list[Entry]:
    """The days on which events are held. Five queries."""
    confirmed = Count("registrations", filter=Q(registrations__state__in=(Registration.State.CONFIRMED, Registration.State.ATTENDED)))
    rows = list(Event.objects.filter(starts_at__gte=from_day(first), starts_at__lt=till_day(last)).annotate(confirmed=confirmed))
    pages, acts = pages_in(active(), rows), _acts_of({row.item_key for row in rows})
    return [_date(row, pages[row.item_key], acts.get(row.item_key)) for row in rows if row.item_key in pages]


def _date(row: Any, page: Any, act: Outreach | None) -> Entry:
    is_over, scope = row.ends_at <= timezone.now(), Scope(row.scope)
    state = "cancelled" if row.is_cancelled else Outreach.State.DONE.value if is_over else Outreach.State.PLANNED.value
    label = _("Cancelled") if row.is_cancelled else _("Held") if is_over else _("To be held")
    why = _("Who registered has this day in their calendar: it is changed in the event's editor, and they hear of it.")
    told = ngettext("%(number)d has registered", "%(number)d have registered", row.confirmed) % {"number": row.confirmed}
    return Entry(
        key=f"event-{row.pk}",
        title=page.title,
        kind=_("Event day"),
        state=state,
        state_label=label,
        day=timezone.localdate(row.starts_at),
        at=row.starts_at,
        languages=(page.locale.language_code,),
        url=reverse("wagtailadmin_pages:edit", args=[page.pk]),
        why_fixed=why if row.confirmed else _("The event is published: its day is changed in its editor."),
        note=told if row.confirmed else "",
        **(_of_act(act) | {"scope": scope.value, "scope_label": str(scope.label)}),
    )


def meetings(first: date, last: date) -> dict[UUID, datetime]:
    """When each meeting begins that has a page, by the page's key: those of these days, and those that were published on them. One query.

    An act knows when its page was published; a meeting stands on its own day.
    """
    published = Outreach.objects.filter(kind=Outreach.Kind.MEETING, done_at__gte=from_day(first), done_at__lt=till_day(last)).values("item_key")
    held = Q(starts_at__gte=from_day(first), starts_at__lt=till_day(last))
    rows = MeetingPage.objects.filter(held | Q(translation_key__in=published), live=True).order_by("-pk")
    return dict(rows.values_list("translation_key", "starts_at"))


def held_at(act: Outreach) -> datetime | None:
    """Of an act that is the published page of a meeting."""
    if act.kind != Outreach.Kind.MEETING or not act.item_key:
        return None
    return MeetingPage.objects.filter(translation_key=act.item_key, live=True).order_by("pk").values_list("starts_at", flat=True).first()


def _acts_of(keys: set[UUID]) -> dict[UUID | None, Outreach]:
    if not keys:
        return {}
    rows = Outreach.objects.filter(item_key__in=keys).select_related("channel", "responsible").prefetch_related("goals", "audiences")
    return {act.item_key: act for act in rows}


def _of_act(act: Outreach | None) -> dict[str, Any]:
    if act is None:
        return {"scope": Scope.EXTERNAL.value}
    return {
        "goals": tuple(act.goals.all()),
        "audiences": tuple(str(group) for group in act.audiences.all()),
        "channel": act.channel,
        "scope": act.scope,
        "scope_label": str(act.get_scope_display()),
    }
