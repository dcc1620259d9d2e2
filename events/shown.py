"""What the calendar's page shows of what was asked for: a list, a week or a month, and the ways on from there. No script is needed for any of it."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from base.narrowing import sheet_of
from base.pages import site_address
from events import words
from events.asked import LIST, MONTH, WEEK, Asked, asked_in
from events.entries import Entry, counted, entries_of, facets_of, labelled
from themes.places import is_section

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from django.http import HttpRequest

    from events.models.pages import EventsPage

ROWS_A_PAGE = 20
# In a cell of the month; the rest is a link to the week.
ROWS_A_CELL = 4
# A long event stands on each of its days, within reason.
MOST_DAYS = 31
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def shown(calendar: EventsPage, request: HttpRequest) -> dict[str, Any]:
    asked, now = asked_in(request.GET.dict()), timezone.now()
    entries = entries_of(calendar, now if asked.view == LIST else LONG_AGO)
    facets = facets_of(calendar.theme_id)
    within = _within(entries, asked, now)
    fitting = [entry for entry in within if entry.fits(asked.chosen)]
    sight = _list(calendar, request, asked, fitting) if asked.view == LIST else _period(calendar, request, asked, fitting, entries)
    return sight | {
        "asked": asked,
        "views": _views(asked),
        "facets": [facet for facet in (_facet(asked, within, facet) for facet in facets) if facet["choices"]],
        "chosen": [{"title": title, "label": label, "url": asked.without(name)} for name, title, label in labelled(facets, asked.chosen)],
        "number": len(fitting),
        "number_text": ngettext("%(number)d event", "%(number)d events", len(fitting)) % {"number": len(fitting)},
        "show_all_url": asked.url(chosen={}),
        "is_narrowed": bool(asked.chosen),
        "feeds": feeds(calendar, asked),
    }


def feeds(calendar: EventsPage, asked: Asked) -> dict[str, str]:
    """Where calendars and readers of feeds follow what is shown, whatever the view."""
    theme = calendar.theme.key if is_section(calendar.site_home) else ""
    with translation.override(calendar.locale.language_code):
        ics, atom = (reverse(f"events:{name}") + asked.feed_query(theme=theme) for name in ("feed", "atom"))
    address = site_address(calendar) + ics
    return {"ics": ics, "atom": atom, "ics_address": address, "webcal": f"webcal://{address.partition('://')[2]}"}


def _within(entries: Iterable[Entry], asked: Asked, now: datetime) -> list[Entry]:
    if asked.view != LIST:
        return [entry for entry in entries if entry.first < asked.after and entry.last >= asked.first]
    if asked.is_past:
        return [entry for entry in entries if entry.ends_at < now and not entry.moment]
    return [entry for entry in entries if entry.ends_at >= now]


def _views(asked: Asked) -> list[dict[str, Any]]:
    labels = ((LIST, _("List")), (WEEK, _("Week")), (MONTH, _("Month")))
    return [{"label": label, "url": asked.url(view=view, is_past=False), "is_current": view == asked.view} for view, label in labels]


def _facet(asked: Asked, within: list[Entry], facet: Any) -> dict[str, Any]:
    """As `base/facets.html` has it."""
    found, chosen = counted(within, asked.chosen, facet), asked.chosen.get(facet.name)
    choices = [
        {
            "label": label,
            "count": found[value],
            "is_chosen": value == chosen,
            "url": asked.without(facet.name) if value == chosen else asked.narrowed(facet.name, value),
        }
        for value, label in facet.labels
        if found[value] or value == chosen
    ]
    shown_facet: dict[str, Any] = facet.shown(choices)
    return shown_facet


# ---- the list
def _list(calendar: EventsPage, request: HttpRequest, asked: Asked, fitting: list[Entry]) -> dict[str, Any]:
    sheet = sheet_of(fitting[::-1] if asked.is_past else fitting, request.GET.get("page"), ROWS_A_PAGE)
    rows = zip((words.month_text(entry.first) for entry in sheet), calendar.rows_of(sheet, request), strict=True)
    return {
        "months": [{"title": title, "rows": [row for _title, row in group]} for title, group in groupby(rows, lambda pair: pair[0])],
        "pager": {
            "previous_url": asked.url(page=sheet.previous_page_number()) if sheet.has_previous() else "",
            "next_url": asked.url(page=sheet.next_page_number()) if sheet.has_next() else "",
            "status": f"{sheet.start_index()}–{sheet.end_index()} / {sheet.paginator.count}",
        },
        "past_url": asked.url(is_past=True),
        "coming_url": asked.url(is_past=False),
    }


# ---- a week or a month
def _period(calendar: EventsPage, request: HttpRequest, asked: Asked, fitting: list[Entry], entries: Sequence[Entry]) -> dict[str, Any]:
    rows = calendar.rows_of(fitting, request)
    by_day = _by_day(zip(fitting, rows, strict=True), asked)
    start, end = (asked.first, asked.after) if asked.view == WEEK else _whole_weeks(asked)
    days = [_day(asked, start + timedelta(days=count), by_day) for count in range((end - start).days)]
    return _ways_on(asked, entries) | {
        "period_title": asked.title,
        "weekdays": [{"short": date_format(day["date"], "D"), "long": date_format(day["date"], "l")} for day in days[:7]],
        "days": days,
        "weeks": [days[count : count + 7] for count in range(0, len(days), 7)],
        "days_with_rows": [day for day in days if day["rows"] and day["is_within"]],
    }


def _whole_weeks(asked: Asked) -> tuple[date, date]:
    start, last = asked.first - timedelta(days=asked.first.weekday()), asked.after - timedelta(days=1)
    return start, last + timedelta(days=7 - last.weekday())


def _by_day(pairs: Iterable[tuple[Entry, dict[str, Any]]], asked: Asked) -> dict[date, list[dict[str, Any]]]:
    found: dict[date, list[dict[str, Any]]] = defaultdict(list)
    for entry, row in pairs:
        day, end = max(entry.first, asked.first), min(entry.last, asked.after - timedelta(days=1), entry.first + timedelta(days=MOST_DAYS))
        while day <= end:
            found[day].append(row | {"goes_on": day > entry.first})
            day += timedelta(days=1)
    return found


def _day(asked: Asked, day: date, by_day: dict[date, list[dict[str, Any]]]) -> dict[str, Any]:
    rows = by_day.get(day, [])
    # One more than fits is shown rather than counted.
    shown_rows = rows if len(rows) <= ROWS_A_CELL + 1 else rows[:ROWS_A_CELL]
    left = len(rows) - len(shown_rows)
    return {
        "date": day,
        "number": day.day,
        "title": words.day_text(day).capitalize(),
        "anchor": f"day-{day.isoformat()}",
        "rows": rows,
        "shown_rows": shown_rows,
        "more": ngettext("%(number)d more", "%(number)d more", left) % {"number": left} if left else "",
        "number_text": ngettext("%(number)d event", "%(number)d events", len(rows)) % {"number": len(rows)},
        "week_url": f"{asked.url(view=WEEK, day=day)}#day-{day.isoformat()}",
        "is_today": day == timezone.localdate(),
        "is_within": asked.first <= day < asked.after,
    }


def _ways_on(asked: Asked, entries: Sequence[Entry]) -> dict[str, Any]:
    """Earlier and later as long as there is anything at all; the next that fits, for a period in which nothing does."""
    days = [entry.first for entry in entries]
    lasts = [entry.last for entry in entries]
    fitting = [entry for entry in entries if entry.fits(asked.chosen)]
    later = next((entry for entry in fitting if entry.first >= asked.after), None)
    earlier = next((entry for entry in reversed(fitting) if entry.last < asked.first), None)
    before = asked.first - timedelta(days=1)
    return {
        "earlier": {"url": asked.url(day=_named(asked, before)), "title": _period_title(asked, before)} if days and min(days) < asked.first else None,
        "later": {"url": asked.url(day=asked.after), "title": _period_title(asked, asked.after)} if lasts and max(lasts) >= asked.after else None,
        "today_url": asked.url(day=None) if not asked.first <= timezone.localdate() < asked.after else "",
        "today_text": _("This month") if asked.view == MONTH else _("This week"),
        "next_found": {"url": asked.url(day=later.first), "day": date_format(later.first, "DATE_FORMAT")} if later else None,
        "last_found": {"url": asked.url(day=earlier.last), "day": date_format(earlier.last, "DATE_FORMAT")} if earlier else None,
    }


def _named(asked: Asked, day: date) -> date:
    return day.replace(day=1) if asked.view == MONTH else day - timedelta(days=day.weekday())


def _period_title(asked: Asked, day: date) -> str:
    if asked.view == MONTH:
        return words.month_text(day)
    return _("Week %(number)d") % {"number": day.isocalendar().week}
