"""What the worker does by the clock. Whoever starts the worker makes rows of django-q2's schedule of them."""

from __future__ import annotations

from typing import Any

# As in mail.schedules. "D" is daily, "I" every so many minutes.
SCHEDULES: list[dict[str, Any]] = [
    {"name": "newsletters.forget_files", "func": "newsletters.importing.actions.forget_files", "schedule_type": "D", "repeats": -1},
    {"name": "newsletters.go_on", "func": "newsletters.importing.actions.go_on_with_all", "schedule_type": "I", "minutes": 5, "repeats": -1},
]
