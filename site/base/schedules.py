"""What the worker does by the clock. Whoever starts the worker makes rows of django-q2's schedule of them."""

from __future__ import annotations

from typing import Any

# As in mail.schedules. "D" is daily, "I" every so many minutes.
SCHEDULES: list[dict[str, Any]] = [
    {"name": "base.publish_due", "func": "base.scheduled.publish_due", "schedule_type": "I", "minutes": 1, "repeats": -1},
    {"name": "base.check_pages", "func": "base.gate.guard.check_live_pages", "schedule_type": "D", "repeats": -1},
    {"name": "base.empty_trash", "func": "base.trash.actions.empty", "schedule_type": "D", "repeats": -1},
    {"name": "base.forget_held", "func": "base.questions.files.forget_held", "schedule_type": "I", "minutes": 60, "repeats": -1},
]
