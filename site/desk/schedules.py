"""Makes the worker's schedules of every package known to django-q2."""

from __future__ import annotations

from typing import Any

from django_q.models import Schedule

from base.schedules import SCHEDULES as BASE
from contacts.schedules import SCHEDULES as CONTACTS
from events.schedules import SCHEDULES as EVENTS
from mail.schedules import SCHEDULES as MAIL
from newsletters.schedules import SCHEDULES as NEWSLETTERS
from pages.schedules import SCHEDULES as PAGES
from reach.schedules import SCHEDULES as REACH
from social.schedules import SCHEDULES as SOCIAL
from themes.schedules import SCHEDULES as THEMES

DESK: list[dict[str, Any]] = [
    {"name": "desk.begin_due_reports", "func": "desk.reports.actions.begin_due", "schedule_type": "D", "repeats": -1},
    {"name": "desk.tell_of_ending_pictures", "func": "desk.picture_notices.tell_of_ends", "schedule_type": "D", "repeats": -1},
]


def register_schedules() -> None:
    """Run again, it changes what a package has changed, and never when something is next due."""
    for row in (*BASE, *MAIL, *CONTACTS, *EVENTS, *NEWSLETTERS, *PAGES, *REACH, *SOCIAL, *THEMES, *DESK):
        Schedule.objects.update_or_create(name=row["name"], defaults={name: value for name, value in row.items() if name != "name"})
