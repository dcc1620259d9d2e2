"""What readers can still take part in, kind by kind, whatever package it comes from: each registers a source in `AppConfig.ready`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    # What is asked for -> the `translation_key`s of the pages, in the order in which they are to be read. A fixed number of queries.
    Source = Callable[["Wanted"], list[UUID]]

EVENTS, CALLS = "events", "calls"


@dataclass(frozen=True)
class Wanted:
    """`sub_theme` is a key and `region` a national code; "" asks for all. Without `is_internal` only what the whole world may see."""

    theme_id: int
    sub_theme: str = ""
    region: str = ""
    is_internal: bool = False


_sources: dict[str, Source] = {}


def register(kind: str, source: Source) -> None:
    _sources[kind] = source


def keys(kind: str, wanted: Wanted) -> list[UUID]:
    """Of live pages, the soonest first. Raises KeyError for a kind that nobody registered."""
    return _sources[kind](wanted)
