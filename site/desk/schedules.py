"""Makes the worker's schedules of every package known to django-q2."""

from __future__ import annotations

from django_q.models import Schedule

from base.schedules import SCHEDULES as BASE
from events.schedules import SCHEDULES as EVENTS
from mail.schedules import SCHEDULES as MAIL
from pages.schedules import SCHEDULES as PAGES


def register_schedules() -> None:
    """Run again, it changes what a package has changed, and never when something is next due."""
    for row in (*BASE, *MAIL, *EVENTS, *PAGES):
        Schedule.objects.update_or_create(name=row["name"], defaults={name: value for name, value in row.items() if name != "name"})
