"""What a home is made of: sections of rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from base.roles import Role
from themes.teams import groups_of

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST = 6


@dataclass(frozen=True)
class Row:
    """`url` is where it is looked at or done; `act_url` is the next step, where that is elsewhere, and `act` says what it is."""

    title: str
    url: str = ""
    facts: tuple[str, ...] = ()
    is_late: bool = False
    act: str = ""
    act_url: str = ""


@dataclass(frozen=True)
class Section:
    """`empty` says what would be here and how to begin, `begin_url` leads there."""

    key: str
    title: str
    rows: Sequence[Row] = ()
    empty: str = ""
    begin: str = ""
    begin_url: str = ""
    lines: Sequence[Any] = field(default=())
    bars: Sequence[tuple[Row, Sequence[Any]]] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.rows or self.lines or self.bars)


def roles_of(user: Any) -> set[Role]:
    """Where they work now. An administrator who does the work as well is given its role."""
    names = set(groups_of(user).values_list("name", flat=True))
    return {role for role in Role if role.value in names}
