"""Moments that the calendar shows beside events, whatever package they come from: each registers a source in `AppConfig.ready`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from uuid import UUID

    from django.utils.functional import _StrPromise

    # (number of the theme, language, since when) -> in a fixed number of queries.
    Source = Callable[[int, str, datetime], Iterable["Moment"]]


@dataclass(frozen=True)
class Moment:
    """`uid` is the same in each language and for ever, also when the moment is put off; `page` tells of it, in the language or else in another.

    `sub_themes` are keys and `regions` national codes; without any it concerns all of them.
    """

    uid: UUID
    at: datetime
    what: str | _StrPromise
    page: Any
    changed: datetime
    sub_themes: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()


_sources: dict[str, Source] = {}
_files: list[Callable[[Any], str]] = []


def register(name: str, source: Source) -> None:
    _sources[name] = source


def moments(theme_id: int, language: str, since: datetime) -> list[Moment]:
    """In their order."""
    found = [moment for source in _sources.values() for moment in source(theme_id, language, since)]
    return sorted(found, key=lambda moment: (moment.at, moment.uid))


def register_files(address: Callable[[Any], str]) -> None:
    """Gives the address of a calendar file with a page's moments."""
    _files[:] = [address]


def file_url(page: Any) -> str:
    return _files[0](page) if _files else ""
