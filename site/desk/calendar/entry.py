"""One line of the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wagtail.admin.utils import get_user_display_name

from desk.calendar.asked import WITHOUT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Entry:
    """`why_fixed` says why it is not moved here; "" where it may be. `url` is where it is looked at, and moved if not here."""

    key: str
    title: str
    kind: str
    state: str
    state_label: str | _StrPromise
    day: date | None = None
    at: datetime | None = None
    goals: tuple[Any, ...] = ()
    audiences: tuple[str, ...] = ()
    channel: Any = None
    responsible: Any = None
    scope: str = ""
    scope_label: str = ""
    languages: tuple[str, ...] = ()
    url: str = ""
    why_fixed: str = ""
    move_url: str = ""
    write_url: str = ""
    serves: bool = True
    note: str = ""

    @property
    def is_unplanned(self) -> bool:
        return self.serves and not self.goals

    @property
    def who(self) -> str:
        return str(get_user_display_name(self.responsible)) if self.responsible else ""

    @property
    def seen(self) -> str:
        return self.day.isoformat() if self.day else ""

    def fits(self, chosen: Mapping[str, str]) -> bool:
        values = {
            "goal": {str(goal.pk) for goal in self.goals} or {WITHOUT},
            "channel": {str(self.channel.pk)} if self.channel else set(),
            "language": set(self.languages),
            "person": {str(self.responsible.pk)} if self.responsible else set(),
            "scope": {self.scope},
        }
        return all(value in values[name] for name, value in chosen.items())
