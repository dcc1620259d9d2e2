"""What the worker does by the clock. Whoever starts the worker makes rows of django-q2's schedule of them."""

from __future__ import annotations

from typing import Any

# As in mail.schedules. "D" is daily.
SCHEDULES: list[dict[str, Any]] = [
    {"name": "themes.roll_up", "func": "themes.history.rolling.roll_up", "schedule_type": "D", "repeats": -1},
]
