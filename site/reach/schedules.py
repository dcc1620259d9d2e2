"""What the worker does by the clock. Whoever starts the worker makes rows of django-q2's schedule of them."""

from __future__ import annotations

from typing import Any

# As in mail.schedules. "I" is every so many minutes.
SCHEDULES: list[dict[str, Any]] = [
    {"name": "reach.roll_up", "func": "reach.rolling.roll_up", "schedule_type": "I", "minutes": 1, "repeats": -1},
]
