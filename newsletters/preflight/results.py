"""What a look before sending has to say."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Level(StrEnum):
    BLOCKS = "blocks"
    WARNS = "warns"
    UNCHECKED = "unchecked"
    PASSED = "passed"

    @property
    def label(self) -> Any:
        return LABELS[self]


LABELS = {Level.BLOCKS: _("Blocks"), Level.WARNS: _("Warns"), Level.UNCHECKED: _("Not checked"), Level.PASSED: _("Passed")}
ORDER = list(Level)


@dataclass(frozen=True)
class Result:
    """`url` is where it is mended."""

    level: Level
    subject: str | _StrPromise
    reason: str | _StrPromise
    url: str = ""


def in_order(results: list[Result]) -> list[Result]:
    return sorted(results, key=lambda result: ORDER.index(result.level))
