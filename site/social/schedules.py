"""What the worker does by the clock; see `mail.schedules`."""

from __future__ import annotations

from typing import Any

SCHEDULES: list[dict[str, Any]] = [
    {"name": "social.sweep", "func": "social.engine.sweep", "schedule_type": "I", "minutes": 1, "repeats": -1},
    {"name": "social.ask_for_figures", "func": "social.engagement.ask_for_figures", "schedule_type": "I", "minutes": 60, "repeats": -1},
    {"name": "social.check_accounts", "func": "social.engagement.check_accounts", "schedule_type": "D", "repeats": -1},
]
