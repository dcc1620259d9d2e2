"""The way of a service need: heard at a workplace, confirmed in the region, passed on to the national level, answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from contacts.models import NeedTurn, ServiceNeed
from themes.models import Region, SubTheme

if TYPE_CHECKING:
    from base.models import User
    from contacts.models import Organisation
    from themes.models import Theme

State = ServiceNeed.State
NEXT: dict[str, tuple[State, ...]] = {
    State.HEARD: (State.CONFIRMED, State.PASSED_ON, State.DROPPED),
    State.CONFIRMED: (State.PASSED_ON, State.DROPPED),
    State.PASSED_ON: (State.ANSWERED,),
    State.ANSWERED: (),
    State.DROPPED: (),
}


@transaction.atomic
def hear(need: ServiceNeed, *, by: User | None) -> ServiceNeed:
    """Writes down a need that was not known."""
    need.heard_by, need.state = by, State.HEARD
    need.save()
    NeedTurn.objects.create(need=need, state=State.HEARD, by=by)
    return need


@transaction.atomic
def turn(need: ServiceNeed, state: State, *, by: User | None, passed_to: Organisation | None = None, note: str = "") -> ServiceNeed:
    """Takes it a step further. Raises ValidationError for a step that is not open: not any more, when somebody else was faster."""
    row: ServiceNeed = ServiceNeed.objects.select_for_update().get(pk=need.pk)
    if state not in NEXT[row.state]:
        raise ValidationError(_("This is “%(state)s” already: the step is not open any more.") % {"state": row.get_state_display()})
    if state == State.PASSED_ON and passed_to is None:
        raise ValidationError({"passed_to": _("Name the organisation that it was passed on to.")})
    row.state = state
    row.save(update_fields=["state"])
    NeedTurn.objects.create(need=row, state=state, by=by, passed_to=passed_to, note=note)
    return row


class Cell(NamedTuple):
    """Needs of one sub-theme in one region (None: of the whole country), by how far they have come."""

    sub_theme: SubTheme
    region: Region | None
    numbers: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.numbers.values())


class Counts:
    """How many needs there are, by sub-theme, region and state. Three queries, whatever their number."""

    STATES: ClassVar = list(State)

    def __init__(self, theme: Theme | None = None) -> None:
        rows = ServiceNeed.objects.filter(theme=theme) if theme else ServiceNeed.objects.all()
        sub_themes = {row.pk: row for row in SubTheme.objects.order_by("name_fi")}
        regions = {row.pk: row for row in Region.objects.all()}
        found: dict[tuple[int, int | None], dict[str, int]] = {}
        for sub_theme, region, state, number in rows.order_by().values_list("sub_theme", "region", "state").annotate(number=Count("pk")):
            found.setdefault((sub_theme, region), {})[state] = number
        order = {pk: place for place, pk in enumerate(sub_themes)}
        places = sorted(found, key=lambda place: (order[place[0]], place[1] or 0))
        self.cells = [Cell(sub_themes[place[0]], regions.get(place[1] or 0), found[place]) for place in places]
        self.totals = {state: sum(cell.numbers.get(state, 0) for cell in self.cells) for state in State}
