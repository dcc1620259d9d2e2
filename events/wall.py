"""Clock times of a place: an event at nine stays at nine when summer time begins. The one hour a year that does not exist is refused, as is the one
that exists twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

DEFAULT_ZONE = "Europe/Helsinki"


def zone_choices() -> list[tuple[str, str]]:
    """The zones of Europe, ours first, each by its city."""
    names = sorted(name for name in _names() if name.startswith("Europe/") and name != DEFAULT_ZONE)
    return [(name, city_of(name)) for name in (DEFAULT_ZONE, *names)]


def city_of(zone: str) -> str:
    """ "Europe/Isle_of_Man" is "Isle of Man"."""
    return zone.rpartition("/")[2].replace("_", " ")


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones())


def moment(day: date, clock: time, zone: str) -> datetime:
    """The instant at which clocks of the zone show this. Raises a ValidationError where they never do, or do twice."""
    shown, place = datetime.combine(day, clock), ZoneInfo(zone)
    early, late = shown.replace(tzinfo=place, fold=0), shown.replace(tzinfo=place, fold=1)
    if early.utcoffset() == late.utcoffset():
        return early
    about = {"day": date_format(day, "DATE_FORMAT"), "clock": time_format(clock, "TIME_FORMAT"), "city": city_of(zone)}
    if early.astimezone(UTC).astimezone(place).replace(tzinfo=None) != shown:
        text = _("On %(day)s clocks in %(city)s are put forward, and %(clock)s does not exist. Choose another time.")
    else:
        text = _("On %(day)s clocks in %(city)s are put back, and %(clock)s exists twice. Choose another time.")
    raise ValidationError(text % about, code="clock")


def same_span(starts: datetime, ends: datetime, zone: str) -> tuple[time, time, timedelta]:
    """When it starts and ends by the clock, and how many days later it ends."""
    first, last = starts.astimezone(ZoneInfo(zone)), ends.astimezone(ZoneInfo(zone))
    return first.time(), last.time(), last.date() - first.date()
