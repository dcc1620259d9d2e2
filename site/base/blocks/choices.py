"""A choice among rows of the database."""

from __future__ import annotations

from typing import Any

from wagtail import blocks


class RowChoice(blocks.ChoiceBlock):
    """Holds a row's stable key as text; `choices` is a callable that reads the rows, which is done for the form alone."""

    def normalize_choice(self, value: Any) -> str:
        # Wagtail's looks among the choices, which would read the rows each time that a page is shown.
        return "" if value is None else str(value)
