"""What a reader of the calendar asks for by its address: a view, a time, and what it is narrowed by. Anything that an address can hold is taken."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext as _

from base.narrowing import address, chosen_in
from events import words
from events.entries import FACETS

if TYPE_CHECKING:
    from collections.abc import Mapping

LIST, WEEK, MONTH = "list", "week", "month"
VIEWS = (LIST, WEEK, MONTH)
WEEK_DAYS = 7
# A calendar of events does not go further, and no robot walks on for ever.
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True)
class Asked:
    """`day` is None where none was named: today, and as time goes on another."""

    view: str
    day: date | None
    is_past: bool
    chosen: Mapping[str, str]

    @property
    def shown_day(self) -> date:
        return self.day or timezone.localdate()

    @property
    def first(self) -> date:
        """Of the week or the month that is shown; weeks begin on Monday."""
        day = self.shown_day
        return day.replace(day=1) if self.view == MONTH else day - timedelta(days=day.weekday())

    @property
    def after(self) -> date:
        """The first day that is not in it any more."""
        return (self.first + timedelta(days=31)).replace(day=1) if self.view == MONTH else self.first + timedelta(days=WEEK_DAYS)

    @property
    def title(self) -> str:
        if self.view == MONTH:
            return words.month_text(self.first)
        week = {"number": self.first.isocalendar().week, "days": words.days_text(self.first, self.after - timedelta(days=1))}
        return _("Week %(number)d, %(days)s") % week

    def url(self, **changes: Any) -> str:
        """The same page with something else asked for: `view`, `day`, `is_past`, `chosen`, and `page` for a list."""
        page = changes.pop("page", "")
        asked = replace(self, **changes)
        return address(asked.query() | ({"page": str(page)} if page else {}))

    def query(self) -> dict[str, str]:
        """The shortest that says it, in one order: the page cache keeps the usual ones."""
        found = {} if self.view == LIST else {"view": self.view}
        if self.day and self.view != LIST:
            found["date"] = self.day.isoformat()
        if self.is_past and self.view == LIST:
            found["when"] = "past"
        return found | dict(self.chosen)

    def without(self, name: str) -> str:
        return self.url(chosen={key: value for key, value in self.chosen.items() if key != name})

    def narrowed(self, name: str, value: str) -> str:
        return self.url(chosen={facet: chosen for facet in FACETS if (chosen := value if facet == name else self.chosen.get(facet, ""))})

    def feed_query(self, **further: str) -> str:
        """What a feed of the same is asked with, "?" and all."""
        values = {name: value for name, value in {**further, **self.chosen}.items() if value}
        return f"?{urlencode(values)}" if values else ""


def asked_in(query: Mapping[str, str]) -> Asked:
    view = query.get("view", LIST)
    return Asked(view if view in VIEWS else LIST, day_in(query.get("date", "")), query.get("when") == "past", chosen_in(query, FACETS))


def day_in(text: str) -> date | None:
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year < LAST_YEAR else None
