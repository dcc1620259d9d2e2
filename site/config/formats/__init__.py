"""Dates are typed as Finland writes them, 14.12.2026 9.00, in whatever language one works; as 2026-12-14 09:00 too, which Django adds."""

from __future__ import annotations

DATE = "%d.%m.%Y"
TIME = "%H.%M"
DATETIME = f"{DATE} {TIME}"
DATE_INPUT_FORMATS = [DATE]
# With a colon too, as many type it.
DATETIME_INPUT_FORMATS = [DATETIME, f"{DATE} %H:%M"]
TIME_INPUT_FORMATS = [TIME, "%H:%M"]
