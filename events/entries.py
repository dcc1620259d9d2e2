"""What a theme's calendar holds: each date of an event and each moment of another page, with what it is narrowed by.

Read in a fixed number of queries and remembered between changes: 2,000 events are narrowed and counted in memory. Rows are read for what is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from base import agenda
from base.narrowing import Facet, Match
from base.remembered import remember
from base.spoken import spoken_choices
from events.models.facts import Mode
from themes.facets import keys_by_row, region_facet, sub_theme_facet, target_group_facet
from themes.models import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date, datetime
    from uuid import UUID

    from base.agenda import Moment
    from events.models.pages import EventsPage

FACETS = ("sub_theme", "region", "language", "target_group", "mode")
# Both ways of taking part are open at a hybrid event.
WAYS = {Mode.IN_PERSON: frozenset(["in_person"]), Mode.ONLINE: frozenset(["online"]), Mode.HYBRID: frozenset(["in_person", "online"])}
EVERYTHING = "*"
ALL, NOTHING = frozenset([EVERYTHING]), frozenset[str]()


@dataclass(frozen=True)
class Entry(Match):
    """`pk` is the event's number, 0 for a moment. `first` and `last` are its days where it takes place."""

    starts_at: datetime
    ends_at: datetime
    first: date
    last: date
    moment: Moment | None = None

    @property
    def order(self) -> tuple[datetime, int]:
        return self.starts_at, self.pk

    def fits(self, chosen: Mapping[str, str], *, but: str = "") -> bool:
        return fits(self.values, chosen, but=but)


def fits(values: Mapping[str, frozenset[str]], chosen: Mapping[str, str], *, but: str = "") -> bool:
    return all(value in values[name] or EVERYTHING in values[name] for name, value in chosen.items() if name != but)


def facets_of(theme_id: int) -> list[Facet]:
    """A facet's title is also what stands before its choice where it is said what was chosen."""
    modes = [(Mode.IN_PERSON.value, str(Mode.IN_PERSON.label)), (Mode.ONLINE.value, str(Mode.ONLINE.label))]
    return [
        sub_theme_facet(theme_id),
        region_facet(),
        Facet("language", _("Language of the event"), spoken_choices()),
        target_group_facet(theme_id, scope=Scope.EXTERNAL),
        Facet("mode", _("Way of taking part"), modes),
    ]


def entries_of(calendar: EventsPage, since: datetime) -> list[Entry]:
    """By time. Moments from `since` on; events of all times."""
    events = remember(("calendar entries", calendar.pk), lambda: list(_of_events(calendar)))
    moments = of_moments(agenda.moments(calendar.theme_id, calendar.locale.language_code, since), calendar.theme_id)
    return sorted([*events, *moments], key=lambda entry: entry.order)


def _of_events(calendar: EventsPage) -> Iterable[Entry]:
    held = values_of(calendar.pages_here().values_list("pk", "translation_key", "languages"))
    facts = calendar.public_events().values_list("pk", "item_key", "starts_at", "ends_at", "time_zone", "mode", "region__code")
    for number, key, starts_at, ends_at, zone, mode, region in facts:
        if key in held:
            place = ZoneInfo(zone)
            days = starts_at.astimezone(place).date(), ends_at.astimezone(place).date()
            yield Entry(number, held[key] | own_values(mode, region), starts_at, ends_at, *days)


def own_values(mode: str, region: str | None) -> dict[str, frozenset[str]]:
    """Of one date. A date of a tour is in its own region, any other in those of its page."""
    return {"mode": WAYS[Mode(mode)]} | ({"region": frozenset([region])} if region else {})


def values_of(pages: Iterable[tuple[int, UUID, list[str]]]) -> dict[UUID, dict[str, frozenset[str]]]:
    """By what the events of these pages are narrowed, but for what is a date's own. `pages` are (number, key, languages)."""
    from events.models.pages import EventPage

    pages = list(pages)
    numbers = [pk for pk, _key, _languages in pages]
    sub_themes = keys_by_row(EventPage.sub_themes.through, "eventpage_id", "subtheme__key", numbers)
    regions = keys_by_row(EventPage.regions.through, "eventpage_id", "region__code", numbers)
    groups = keys_by_row(EventPage.audiences.through, "eventpage_id", "targetgroup__key", numbers)
    return {
        key: {
            "sub_theme": sub_themes.get(pk, NOTHING),
            # What names no region or group is for all of them.
            "region": regions.get(pk, ALL),
            "target_group": groups.get(pk, ALL),
            "language": frozenset(languages),
        }
        for pk, key, languages in pages
    }


def of_moments(moments: Iterable[Moment], theme_id: int) -> Iterator[Entry]:
    """Another page's sub-themes may be those of another theme: then it is for all of ours. It is held in no language and no way."""
    own = sub_theme_facet(theme_id)
    known = {key for key, _label in own.labels}
    for moment in moments:
        day = timezone.localdate(moment.at)
        values = {
            "sub_theme": moment.sub_themes & known or ALL,
            "region": moment.regions or ALL,
            "target_group": ALL,
            "language": NOTHING,
            "mode": NOTHING,
        }
        yield Entry(0, values, moment.at, moment.at, day, day, moment)


def labelled(facets: Iterable[Facet], chosen: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """(facet's name, its title, words of the choice) of what was chosen; an unknown value stands as it was asked."""
    return [(facet.name, facet.title, dict(facet.labels).get(chosen[facet.name], chosen[facet.name])) for facet in facets if facet.name in chosen]


def is_known(facets: Iterable[Facet], chosen: Mapping[str, str]) -> bool:
    return all(chosen[facet.name] in dict(facet.labels) for facet in facets if facet.name in chosen)


def counted(entries: Iterable[Entry], chosen: Mapping[str, str], facet: Facet) -> dict[str, int]:
    """How many each choice of the facet would leave beside what is chosen in the others."""
    found: dict[str, Any] = dict.fromkeys((value for value, _label in facet.labels), 0)
    for entry in entries:
        if entry.fits(chosen, but=facet.name):
            held = entry.values[facet.name]
            for value in found if EVERYTHING in held else held & found.keys():
                found[value] += 1
    return found
