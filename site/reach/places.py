"""Which pages can be counted: known to each process by heart, so that a beacon asks the database nothing."""

from __future__ import annotations

from typing import NamedTuple

from wagtail.models import Page, get_page_models

from base.remembered import remember


class Place(NamedTuple):
    """A live page: its theme, its language, and the page below the front page that it belongs to (itself, where it is one)."""

    theme: int
    language: str
    section: int


def place_of(number: int) -> Place | None:
    return places().get(number)


def places() -> dict[int, Place]:
    found: dict[int, Place] = remember("reach places", _read)
    return found


def _read() -> dict[int, Place]:
    """Two queries, after each change of pages."""
    fronts = _fronts()
    rows = list(Page.objects.live().filter(depth__gte=2).order_by("path").values_list("pk", "path", "locale__language_code"))
    by_path = {path: number for number, path, _code in rows}
    found = {}
    for number, path, code in rows:
        # The nearest front page above it, or itself.
        above = next((path[:end] for end in range(len(path), 0, -Page.steplen) if path[:end] in fronts), None)
        if above is not None:
            section = by_path.get(path[: len(above) + Page.steplen], number)
            found[number] = Place(fronts[above], code, section)
    return found


def _fronts() -> dict[str, int]:
    """The theme of each front page, by its path."""
    model = next(model for model in get_page_models() if getattr(model, "is_front", False))
    return dict(model._default_manager.values_list("path", "theme_id"))
