"""The organisations that rows name: those of the register, and those that are to be made, with their units below them.

They are numbers here, of new ones below zero. A row is in its lowest unit; a unit is known by its name below what it is a part of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db.models import F

from contacts.folding import fold, words_of
from contacts.models import Organisation

if TYPE_CHECKING:
    from contacts.importing.rows import Row
    from themes.models import Theme

NAMES = ("name_fi", "name_sv", "name_en")


class NewBody(NamedTuple):
    """Named by a row that comes. `parent` may be new too, and then stands before it."""

    number: int
    name: str
    parent: int
    row: Row


class Bodies:
    def __init__(self, theme: Theme) -> None:
        # By name and business ID; units by what they are a part of and their name.
        self.known: dict[str, int] = {}
        self.units: dict[tuple[int, str], int] = {}
        self.parents: dict[int, int] = {}
        # The words that the people of each are found by.
        self.words: dict[int, str] = {}
        # Named by rows, and by no row that comes yet; and those that are to be made.
        self.unclaimed: dict[int, tuple[str, int]] = {}
        self.claimed: list[NewBody] = []
        self.new = self.made = 0
        rows = Organisation.objects.filter(theme=theme).order_by(F("parent").asc(nulls_first=True), "pk")
        for pk, parent, brought_by, business_id, *names in rows.values_list("pk", "parent", "brought_by", "business_id", *NAMES).iterator():
            self.words[pk] = words_of(*names)
            folded = [name for name in map(fold, names) if name]
            if parent:
                self.parents[pk] = parent
                self.units |= {(parent, name): pk for name in folded if (parent, name) not in self.units}
            # A unit that a file has brought is named with its parent: there is a Finance in many an organisation.
            if not (parent and brought_by):
                for name in filter(None, [business_id, *folded]):
                    self.known.setdefault(name, pk)

    def of(self, row: Row) -> int:
        """0 where the row names none."""
        name = fold(row.organisation)
        found = self.known.get(row.business_id) or self.known.get(name) or 0
        if not found and name:
            found = self.known[name] = self._add(row.organisation, 0)
        if found and row.business_id:
            self.known.setdefault(row.business_id, found)
        for unit in row.units if found else ():
            below = (found, fold(unit))
            if below not in self.units:
                self.units[below] = self._add(unit, found)
            found = self.units[below]
        return found

    def _add(self, name: str, parent: int) -> int:
        self.new += 1
        number = -self.new
        self.unclaimed[number] = (name, parent)
        self.words[number] = words_of(name)
        if parent:
            self.parents[number] = parent
        return number

    def uppermost(self, body: int) -> int:
        seen = {body}
        while (above := self.parents.get(body, 0)) and above not in seen:
            seen.add(body := above)
        return body

    def claim(self, body: int, row: Row) -> None:
        """The row comes: its organisation and units are to be made, where they are new."""
        if body in self.unclaimed:
            name, parent = self.unclaimed.pop(body)
            self.claim(parent, row)
            self.claimed.append(NewBody(body, name, parent, row))
            self.made += 1

    def take(self) -> list[NewBody]:
        """Those that were claimed since it was asked last, what is above before what is below."""
        taken, self.claimed = self.claimed, []
        return taken
