"""The form that editors have for an event: times are by the clock of the event's own zone, whatever zone the editor is in."""

from __future__ import annotations

from datetime import UTC
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from base.page_forms import DraftFirstForm
from events import dates
from events.wall import DEFAULT_ZONE, moment, zone_choices

if TYPE_CHECKING:
    from collections.abc import Callable

MOMENTS = ("starts_at", "ends_at")
# As much of a page as its dates need.
OF_DATES = (*MOMENTS, "time_zone", "dates", "mode", "place", "capacity", "online_capacity", "online_link")


class ClockField(forms.DateTimeField):
    """What a clock in `zone()` shows. A time that it never shows, or shows twice, is refused in words."""

    zone: Callable[[], str]

    def prepare_value(self, value: Any) -> Any:
        with timezone.override(ZoneInfo(self.zone())):
            return super().prepare_value(value)

    def to_python(self, value: Any) -> Any:
        with timezone.override(UTC):
            shown = super().to_python(value)
        return shown and moment(shown.date(), shown.time(), self.zone())


class EventPageForm(DraftFirstForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in MOMENTS:
            if name in self.fields:
                self.fields[name] = self._by_the_clock(self.fields[name])

    def _by_the_clock(self, field: Any) -> ClockField:
        values = {name: getattr(field, name) for name in ("label", "help_text", "required", "widget", "initial")}
        by_the_clock = ClockField(**values)
        by_the_clock.zone = self._zone
        return by_the_clock

    def _zone(self) -> str:
        """That which was chosen in this form, where it is one."""
        chosen = self.data.get(self.add_prefix("time_zone")) or self.instance.time_zone
        return chosen if chosen in dict(zone_choices()) else DEFAULT_ZONE

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        # A meeting has one date.
        is_known = all(cleaned.get(name) for name in (*MOMENTS, "time_zone")) and "dates" in cleaned
        if is_known and cleaned["ends_at"] > cleaned["starts_at"]:
            self._check_dates(cleaned)
        return cleaned

    def _check_dates(self, cleaned: dict[str, Any]) -> None:
        """Each date of a tour or a rule must be a time that there is."""
        try:
            dates.further_dates(SimpleNamespace(**{name: cleaned.get(name) for name in OF_DATES}))  # type: ignore[arg-type]
        except ValidationError as refusal:
            self.add_error("dates", refusal)
