"""Where a day of the calendar begins and ends, as moments."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone


def from_day(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def till_day(day: date) -> datetime:
    """The end of the day, which is not in it."""
    return from_day(day + timedelta(days=1))
