"""The communicator's next things: what is planned and late, issues on their way out, and what their newest acts have reached."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Q, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component

from contacts.models import Outreach
from desk.calendar import timed
from desk.calendar.entries import items_of, told
from desk.homes.rows import MOST, Row, Section
from desk.lines import for_lines, lines
from newsletters.issue_list import add_stages, oldest_of_each
from newsletters.models import IssuePage
from themes.teams.pages import ground_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from desk.calendar.entry import Entry

WEEK, RECENT = timedelta(days=6), timedelta(days=60)


class CommunicatorPanel(Component):
    """A fixed number of queries."""

    order = 60
    template_name = "desk/homes/home.html"

    def __init__(self, user: Any) -> None:
        self.user = user

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        today = timezone.localdate()
        sections = [week(self.user, today), issues(self.user), newest(self.user, today)]
        return {"key": "communicator", "title": _("Your next steps in communications"), "sections": sections}


def week(user: Any, today: date) -> Section:
    """Acts planned for seven days or late, and publications that are timed within them: the user's own first, each by its day."""
    waiting = {key: one for key, one in timed.publications(user).items() if timezone.localdate(one.at) <= today + WEEK}
    acts = Outreach.objects.filter(Q(planned_on__lte=today + WEEK) | Q(item_key__in=waiting), done_at=None)
    own_first = Case(When(responsible=user.pk, then=Value(0)), default=Value(1))
    known = set(acts.filter(item_key__in=waiting).values_list("item_key", flat=True))
    found = list(told(acts.order_by(own_first, "planned_on", "pk")[:MOST], user, today, waiting))
    found += [timed.entry_of(one) for key, one in waiting.items() if key not in known]
    found.sort(key=lambda entry: (entry.responsible != user, entry.day or today, entry.title))
    return Section(
        "week",
        _("Planned for this week"),
        [_row(entry) for entry in found[:MOST]],
        empty=_("Nothing is planned for the week, and nothing is late. Plan what is done next in the calendar."),
        begin=_("Open the calendar"),
        begin_url=reverse("desk:calendar"),
    )


def _row(entry: Entry) -> Row:
    facts = (date_format(entry.day, "SHORT_DATE_FORMAT") if entry.day else "", entry.kind, "; ".join(goal.name for goal in entry.goals), entry.who)
    is_late = entry.state == Outreach.State.LATE.value
    act, act_url = (_("Write"), entry.write_url) if entry.write_url else ("", "")
    return Row(entry.title, entry.url, tuple(filter(None, facts)), is_late, act, act_url)


def issues(user: Any) -> Section:
    """Not sent yet, the last changed first."""
    since = timezone.now() - RECENT
    here = IssuePage.objects.filter(ground_of(user).pages(), pk__in=oldest_of_each(), mailing=None)
    found = list(here.filter(latest_revision_created_at__gte=since).order_by("-latest_revision_created_at", "-pk").prefetch_workflow_states()[:MOST])
    add_stages(found, user)
    rows = [
        Row(issue.title, reverse("wagtailadmin_pages:edit", args=[issue.pk]), (issue.stage.words,), act=issue.stage.label, act_url=issue.stage.url)
        for issue in found
    ]
    return Section(
        "issues",
        _("Newsletter issues to be sent"),
        rows,
        empty=_("No issue waits to be sent. Begin the next one from the list of issues."),
        begin=_("Newsletter issues"),
        begin_url=reverse("issues:index"),
    )


def newest(user: Any, today: date) -> Section:
    """What their own newest acts have reached, and for which goals."""
    own = Outreach.objects.filter(responsible=user.pk, done_at__gte=timezone.now() - RECENT)
    acts = list(for_lines(own.order_by("-done_at", "-pk"))[:MOST])
    return Section(
        "newest",
        _("What your newest have reached"),
        empty=_("When something of yours is published, whom it reaches and for which goal is told here."),
        lines=list(_led(acts, user, today)),
    )


def _led(acts: list[Outreach], user: Any, today: date) -> Iterator[Any]:
    """Who may not see the contacts goes from the line to the page, or to the first goal."""
    linked = user.has_perm("contacts.view_touch")
    pages = {} if linked else items_of(act.item_key for act in acts if act.item_key)
    for act, line in zip(acts, lines(acts, linked=linked, today=today), strict=True):
        page, goal = pages.get(act.item_key), next(iter(act.goals.all()), None)
        elsewhere = reverse("wagtailadmin_pages:edit", args=[page.page]) if page else reverse("desk:goal", args=[goal.pk]) if goal else ""
        yield replace(line, url=line.url or elsewhere)
