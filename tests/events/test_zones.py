"""Zones in RRULE form say the same as `zoneinfo`, read by another's code: icalendar and dateutil."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import icalendar
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from events.zones import Zones

ZONES = sorted(available_timezones() - {"localtime", "Factory"})


def written(moment: datetime, zone: str) -> icalendar.Calendar:
    """A calendar of one event at the moment, as bytes that were read again."""
    zones, entry = Zones(), icalendar.Event()
    zones.add(entry, "dtstart", moment, zone)
    calendar = icalendar.Calendar()
    for component in [*zones.components(), entry]:
        calendar.add_component(component)
    return icalendar.Calendar.from_ical(calendar.to_ical())


def read(calendar: icalendar.Calendar) -> datetime:
    """The moment by the calendar's own VTIMEZONE alone."""
    [zone], [entry] = calendar.walk("VTIMEZONE"), calendar.walk("VEVENT")
    assert entry["DTSTART"].params["TZID"] == zone["TZID"]
    clock: datetime = entry["DTSTART"].dt.replace(tzinfo=None)
    own: datetime = clock.replace(tzinfo=zone.to_tz(lookup_tzid=False)).astimezone(UTC)
    return own


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(ZONES), st.datetimes(datetime(2024, 1, 1), datetime(2036, 1, 1)))
@example("UTC", datetime(2026, 6, 1))
def test_every_zone_of_the_world_gives_the_moment_back(zone: str, bare: datetime) -> None:
    moment = bare.replace(tzinfo=UTC, microsecond=0)
    local = moment.astimezone(ZoneInfo(zone))
    # The hour that comes twice cannot be told by a clock (RFC 5545, 3.3.5 takes the first).
    if local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset():
        return
    assert read(written(moment, zone)) == moment


@pytest.mark.parametrize(
    ("zone", "rules"),
    [
        ("Europe/Helsinki", {"FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10"}),
        ("America/New_York", {"FREQ=YEARLY;BYDAY=2SU;BYMONTH=3", "FREQ=YEARLY;BYDAY=1SU;BYMONTH=11"}),
        ("America/Nuuk", {"FREQ=YEARLY;BYDAY=SA;BYMONTHDAY=24,25,26,27,28,29,30;BYMONTH=3", "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10"}),
        ("Asia/Tokyo", set()),
    ],
)
def test_rules_are_those_of_the_zone(zone: str, rules: set[str]) -> None:
    [component] = written(datetime(2026, 6, 1, tzinfo=UTC), zone).walk("VTIMEZONE")
    assert component["TZID"] == zone
    found = {part["RRULE"].to_ical().decode() for part in component.subcomponents if "RRULE" in part}
    assert {frozenset(rule.split(";")) for rule in found} == {frozenset(rule.split(";")) for rule in rules}
    assert not any("RDATE" in part for part in component.subcomponents)


def test_where_no_rule_holds_the_offset_of_the_moment_stands_alone() -> None:
    # Casablanca is an hour behind itself in Ramadan, which no yearly rule tells.
    ramadan, later = datetime(2026, 3, 1, 12, tzinfo=UTC), datetime(2026, 6, 1, 12, tzinfo=UTC)
    [zone] = written(ramadan, "Africa/Casablanca").walk("VTIMEZONE")
    assert zone["TZID"] == "UTC+00:00"
    assert read(written(ramadan, "Africa/Casablanca")) == ramadan
    assert written(later, "Africa/Casablanca").walk("VTIMEZONE")[0]["TZID"] == "Africa/Casablanca"


def test_the_turn_of_the_clock_itself() -> None:
    before = datetime(2027, 3, 28, 0, 59, tzinfo=UTC)
    assert [read(written(moment, "Europe/Helsinki")) for moment in (before, before + timedelta(minutes=1))] == [before, before + timedelta(minutes=1)]
