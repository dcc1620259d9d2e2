from __future__ import annotations

from config.formats import DATE_INPUT_FORMATS, DATETIME_INPUT_FORMATS, TIME_INPUT_FORMATS

__all__ = ["DATETIME_INPUT_FORMATS", "DATE_INPUT_FORMATS", "TIME_INPUT_FORMATS"]

# As Swedish is written in Finland; Django has Sweden's.
SHORT_DATE_FORMAT, TIME_FORMAT = "j.n.Y", "G.i"
DATETIME_FORMAT, SHORT_DATETIME_FORMAT = r"j F Y \k\l. G.i", "j.n.Y G.i"
