"""What the worker does by the clock. Whoever starts the worker makes rows of django-q2's schedule of them."""

from __future__ import annotations

from typing import Any

# As in mail.schedules. "D" is daily, "W" weekly, "I" every so many minutes.
SCHEDULES: list[dict[str, Any]] = [
    {"name": "contacts.send_notices", "func": "contacts.privacy.notices.send_due", "schedule_type": "D", "repeats": -1},
    {"name": "contacts.forget", "func": "contacts.privacy.retention.run_all", "schedule_type": "D", "repeats": -1},
    {"name": "contacts.derive_ties", "func": "contacts.network.snapshots.renew", "schedule_type": "D", "repeats": -1},
    {"name": "contacts.derive_ties", "func": "contacts.ties.derive_all", "schedule_type": "D", "repeats": -1},
    {"name": "contacts.find_duplicates", "func": "contacts.duplicates.pairs.find_in_all", "schedule_type": "W", "repeats": -1},
    {"name": "contacts.forget_files", "func": "contacts.importing.actions.forget_files", "schedule_type": "D", "repeats": -1},
    {"name": "contacts.go_on", "func": "contacts.importing.actions.go_on_with_all", "schedule_type": "I", "minutes": 5, "repeats": -1},
]
