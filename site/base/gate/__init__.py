"""The publication gate: what a page must be before it is public. Packages register checks; `guard` holds every way in.

A check takes a `Subject` and yields findings. An error keeps the page from going out, a warning informs.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from base.bounds import everywhere

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.utils.functional import _StrPromise

    from base.gate.subject import Subject

    Check = Callable[[Subject], Iterator["Finding"]]


class Level(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """`code` is stable, `field` a field of the page or "" (the whole), `block` a block's id, `article` the rule that is cited.

    `url` is where it is mended, for what is not mended in the page itself.
    """

    level: Level
    code: str
    message: str | _StrPromise
    field: str = ""
    block: str = ""
    article: str = ""
    excerpt: str = ""
    url: str = ""

    @property
    def key(self) -> str:
        """The same finding in the same place: what an override accepts, and nothing else."""
        return hashlib.sha256(f"{self.code}|{self.field}|{self.block}|{self.excerpt}".encode()).hexdigest()[:24]

    @property
    def is_error(self) -> bool:
        return self.level is Level.ERROR

    @property
    def anchor(self) -> str:
        """The place in the page's edit form, as Wagtail names it."""
        if self.block:
            return f"#block-{self.block}-section"
        return f"#{self.field}-section" if self.field else ""

    def as_data(self) -> dict[str, Any]:
        return {
            "level": self.level.value,
            "code": self.code,
            "message": str(self.message),
            "field": self.field,
            "block": self.block,
            "article": self.article,
            "excerpt": self.excerpt,
        }


CHECKS: dict[str, Check] = {}


def register(name: str, check: Check) -> None:
    """`name` is `package.subject`; registered again, it replaces."""
    CHECKS[name] = check


def error(code: str, message: str | _StrPromise, **place: str) -> Finding:
    return Finding(Level.ERROR, code, message, **place)


def warning(code: str, message: str | _StrPromise, **place: str) -> Finding:
    return Finding(Level.WARNING, code, message, **place)


def findings(page: Any) -> list[Finding]:
    """All that the checks say of the page as it is in memory, errors first. Renders it once."""
    from base.gate.subject import Subject

    return examine(Subject(page))


def examine(subject: Subject) -> list[Finding]:
    """The same for a page as somebody has it at hand. Its readers know no bounds."""
    with everywhere():
        found = {finding.key: finding for check in CHECKS.values() for finding in check(subject)}
    return sorted(found.values(), key=lambda finding: not finding.is_error)
