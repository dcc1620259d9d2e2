from __future__ import annotations

from config.formats import DATE_INPUT_FORMATS, DATETIME_INPUT_FORMATS, TIME_INPUT_FORMATS

__all__ = ["DATETIME_INPUT_FORMATS", "DATE_INPUT_FORMATS", "TIME_INPUT_FORMATS"]

# As the Union's institutions write English; Django has America's.
DATE_FORMAT, SHORT_DATE_FORMAT, TIME_FORMAT = "j F Y", "j M Y", "H:i"
DATETIME_FORMAT, SHORT_DATETIME_FORMAT = "j F Y, H:i", "j M Y, H:i"
