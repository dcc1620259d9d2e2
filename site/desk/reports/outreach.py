"""What was done for a report's goals in its period, whom it reached, and what comes next."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Sum
from django.utils import timezone

from base.languages import CODES
from contacts.models import Outreach, Tally, Touch
from pages.search.models import Entry
from themes.plans.snapshot import in_languages

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from django.db.models import QuerySet

    from desk.reports.periods import Period
    from themes.models import Goal


def done_in(goals: Collection[Goal], period: Period, today: date) -> QuerySet[Outreach]:
    begins, ends = moment(period.starts), moment(min(period.ends, today) + timedelta(days=1))
    rows = Outreach.objects.filter(goals__in=[goal.pk for goal in goals], done_at__gte=begins, done_at__lt=ends)
    return rows.distinct().order_by("done_at", "pk")


def acts_in(goals: Sequence[Goal], period: Period, today: date) -> list[dict[str, Any]]:
    """The oldest first, each with how many different contacts and how many counts without a name it has reached by the period's end."""
    rows = list(done_in(goals, period, today).select_related("channel").prefetch_related("audiences", "goals"))
    keys, ends = [row.pk for row in rows], moment(min(period.ends, today) + timedelta(days=1))
    touched = Touch.objects.filter(outreach__in=keys, at__lt=ends).order_by().values_list("outreach")
    people = dict(touched.annotate(number=Count("person", distinct=True)))
    tallied = Tally.objects.filter(outreach__in=keys, day__lt=ends.date()).order_by().values_list("outreach")
    counted = dict(tallied.annotate(number=Sum("count")))
    chosen = {goal.pk for goal in goals}
    return [_act(row, chosen) | {"people": people.get(row.pk, 0), "counted": counted.get(row.pk, 0)} for row in rows]


def coming(goals: Sequence[Goal], after: date, ahead: timedelta) -> list[dict[str, Any]]:
    """Planned and not done: what is late too."""
    rows = Outreach.objects.filter(goals__in=[goal.pk for goal in goals], done_at=None, planned_on__lte=after + ahead)
    rows = rows.distinct().order_by("planned_on", "pk").select_related("channel", "responsible").prefetch_related("audiences", "goals")
    chosen = {goal.pk for goal in goals}
    more = [{"responsible": name_of(row.responsible), "is_late": bool(row.planned_on and row.planned_on <= after)} for row in rows]
    return [_act(row, chosen) | told for row, told in zip(rows, more, strict=True)]


def groups_of(goals: Sequence[Goal], period: Period, today: date) -> dict[str, list[dict[str, Any]]]:
    """How many acts of the period there were by sub-theme and by region. One of two counts in both; `words` None: of none."""
    acts = done_in(goals, period, today).order_by()
    by_act = _sub_themes(acts)
    regions: dict[int, list[dict[str, str]]] = defaultdict(list)
    rows = list(acts.prefetch_related("regions"))
    for row in rows:
        regions[row.pk] += [_words(region) for region in row.regions.all()]
    reached = dict(Touch.objects.filter(outreach__in=rows).order_by().values_list("outreach").annotate(number=Count("person", distinct=True)))
    numbers = {row.pk: reached.get(row.pk, 0) for row in rows}
    return {"sub_themes": _grouped(numbers, by_act), "regions": _grouped(numbers, regions)}


def _sub_themes(acts: QuerySet[Outreach]) -> dict[int, list[dict[str, str]]]:
    """What the pages of the acts say that they are about."""
    links = Entry.sub_themes.through.objects.filter(entry__page__translation_key__in=acts.exclude(item_key=None).values("item_key"))
    keys = dict(acts.exclude(item_key=None).values_list("item_key", "pk"))
    found: dict[int, dict[int, dict[str, str]]] = defaultdict(dict)
    for link in links.select_related("subtheme", "entry__page"):
        found[keys[link.entry.page.translation_key]][link.subtheme_id] = _words(link.subtheme)
    return {act: list(rows.values()) for act, rows in found.items()}


def _grouped(numbers: dict[int, int], places: dict[int, list[dict[str, str]]]) -> list[dict[str, Any]]:
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for act, number in numbers.items():
        here: Sequence[dict[str, str] | None] = places.get(act) or [None]
        for words in here:
            row = found.setdefault(tuple(words.values()) if words else (), {"words": words, "acts": 0, "people": 0})
            row["acts"] += 1
            row["people"] += number
    return sorted(found.values(), key=lambda row: (row["words"] is None, -row["acts"], (row["words"] or {"fi": ""})["fi"]))


def _act(row: Outreach, chosen: set[int]) -> dict[str, Any]:
    day = timezone.localdate(row.done_at) if row.done_at else row.planned_on
    return {
        "id": row.pk,
        "day": day.isoformat() if day else None,
        "title": row.title,
        "kind": in_languages(lambda: str(row.get_kind_display())),
        "channel": _words(row.channel) if row.channel else None,
        "audiences": [_words(audience) for audience in row.audiences.all()],
        "goals": sorted(goal.pk for goal in row.goals.all() if goal.pk in chosen),
    }


def name_of(user: Any) -> str:
    return (user.get_full_name() or user.get_username()) if user else ""


def _words(row: Any) -> dict[str, str]:
    return {code: getattr(row, f"name_{code}") for code in CODES}


def moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
