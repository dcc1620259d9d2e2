"""What the worker does by the clock. Whoever starts the worker makes rows of django-q2's schedule of them."""

from __future__ import annotations

from typing import Any

# The keyword arguments of django_q.models.Schedule; `name` is unique. "I" is its type for every so many minutes.
SCHEDULES: list[dict[str, Any]] = [
    {"name": "mail.sweep", "func": "mail.engine.sweep", "schedule_type": "I", "minutes": 1, "repeats": -1},
    {"name": "mail.renew_sums", "func": "mail.summing.renew", "schedule_type": "I", "minutes": 1, "repeats": -1},
    {"name": "mail.read_mailbox", "func": "mail.inbound.mailbox.read_mailbox", "schedule_type": "I", "minutes": 5, "repeats": -1},
    {"name": "mail.forget_unmatched", "func": "mail.inbound.applying.forget_unmatched", "schedule_type": "D", "repeats": -1},
]
