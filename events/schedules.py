"""What the worker does by the clock. Whoever starts the worker makes rows of django-q2's schedule of them."""

from __future__ import annotations

from typing import Any

# As in mail.schedules. "D" is daily.
SCHEDULES: list[dict[str, Any]] = [
    {"name": "events.release_expired_holds", "func": "events.lapsing.release_expired_holds", "schedule_type": "I", "minutes": 1, "repeats": -1},
    {"name": "events.offer_everywhere", "func": "events.waiting.offer_everywhere", "schedule_type": "I", "minutes": 1, "repeats": -1},
    {"name": "events.send_due", "func": "events.reminders.send_due", "schedule_type": "I", "minutes": 1, "repeats": -1},
    {"name": "events.delete_due", "func": "events.retention.delete_due", "schedule_type": "D", "repeats": -1},
]
