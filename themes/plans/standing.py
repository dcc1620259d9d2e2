"""Which approved version an expected result belongs to. Derived from the versions, never typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from themes.models import PlanVersion

PROMISED = ("measure", "baseline", "low", "target", "high", "due")


def standings(results: Iterable[dict[str, Any]], versions: Iterable[PlanVersion]) -> dict[int, str]:
    """In words, by the number of the result. `results` are frozen ones of the draft, `versions` begin with the newest."""
    by_version = [(version.number, _promised(version.frozen)) for version in versions]
    return {result["id"]: _standing(result, by_version) for result in results}


def _promised(frozen: dict[str, Any]) -> dict[int, Any]:
    return {result["id"]: _values(result) for goal in frozen["goals"] for result in goal["results"]}


def _values(result: dict[str, Any]) -> list[Any]:
    return [result[name] for name in PROMISED]


def _standing(result: dict[str, Any], by_version: list[tuple[int, dict[int, Any]]]) -> str:
    if not by_version or result["id"] not in by_version[0][1]:
        return _("In no approved version yet")
    number, promised = by_version[0]
    if promised[result["id"]] != _values(result):
        return _("Changed since version %(number)d") % {"number": number}
    same = [number for number, promised in by_version if promised.get(result["id"]) == _values(result)]
    return _("As approved in version %(number)d") % {"number": min(_unbroken(same, by_version))}


def _unbroken(same: list[int], by_version: list[tuple[int, dict[int, Any]]]) -> list[int]:
    """From the newest backwards, as long as it was the same."""
    found = []
    for number, _promised_then in by_version:
        if number not in same:
            break
        found.append(number)
    return found
