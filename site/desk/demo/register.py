"""The demo's register: networks and their members, who does what, service needs, tags, notes, and the ties that follow from it all."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from contacts import needs, notes, outreach, people, purposes, ties
from contacts.duplicates import pairs
from contacts.merging import actions as merging
from contacts.models import ContactPoint, Membership, Network, Organisation, Pair, Person, Segment, ServiceNeed, Tag, WorkArea
from contacts.network import snapshots
from contacts.segments.actions import keep_segment
from desk.demo.content import read, words
from desk.demo.plan import by_code, by_key
from themes.models import Goal, Project, SubTheme, Theme

if TYPE_CHECKING:
    from collections.abc import Callable

# Before the first need was heard.
BEGINNING = 100
OFFICE = "tem"
SLIPS: tuple[Callable[[str], str], ...] = (str.upper, lambda name: name[:1], lambda name: f"{name}{name[-1]}", str.lower)


def register_acts(theme: Theme) -> list[tuple[float, Callable[[], Any]]]:
    """(days before today, what to do then)."""
    plan: list[tuple[float, Callable[[], Any]]] = [
        (BEGINNING, lambda: make_networks(theme)),
        (20, lambda: bring_twice(theme)),
        (19, lambda: merge_one(theme)),
        (0.3, lambda: plan_ahead(theme)),
        (0.2, lambda: ties.derive(theme)),
        (0.1, lambda: snapshots.take(theme)),
    ]
    for row in read("register")["needs"]:
        plan += need_acts(theme, row)
    return plan


def plan_ahead(theme: Theme) -> None:
    """Outreach that is planned, or late; networks that goals mean; segments."""
    content, goals = read("register"), by_key(Goal, theme)
    for row in content["planned"]:
        day = timezone.localdate() + timedelta(days=row["days"]) if "days" in row else None
        outreach.plan(theme=theme, kind=row["kind"], title=row["title"], goals=[goals[key] for key in row["goals"]], planned_on=day)
    for row in content["logged"]:
        guests = [person for key in row["organisations"] for person in members(theme, key)]
        outreach.log_meeting(theme=theme, kind=row["kind"], title=row["title"], goals=[], people=guests)
    for row in content["segments"]:
        conditions = [_condition(theme, condition) for condition in row["conditions"]]
        rules = {"join": "all", "groups": [{"join": "all", "not": False, "conditions": conditions}]}
        keep_segment(Segment(theme=theme, of=row["of"], name=row["name"]), rules, by=None)


def _condition(theme: Theme, row: dict[str, Any]) -> dict[str, Any]:
    """Rows of the plan stand in the file by their keys."""
    found = dict(row)
    if "goal" in row:
        found["goal"] = str(by_key(Goal, theme)[row["goal"]].pk)
    if "regions" in row:
        found["values"] = [str(by_code()[code].pk) for code in found.pop("regions")]
    return found


def make_networks(theme: Theme) -> None:
    content, organisations, regions = read("register"), by_key(Organisation, theme), by_code()
    projects, sub_themes = by_key(Project, theme), by_key(SubTheme, theme)
    for row in content["units"]:
        parent = organisations[row["of"]]
        facts = {"sector": parent.sector, "region": parent.region, "target_group": parent.target_group}
        Organisation.objects.create(theme=theme, key=row["key"], parent=parent, **facts, **words("name", row["name"]))
    for row in content["networks"]:
        make_network(theme, row, project=projects.get(row.get("project", "")), region=regions.get(row.get("region", "")))
    for row in content["work"]:
        place = {"organisation": organisations[row["organisation"]], "sub_theme": sub_themes[row["sub_theme"]]}
        said = {"service": row.get("service", ""), "meter": row.get("meter", "")}
        WorkArea.objects.create(region=regions.get(row.get("region", "")), **place, **said)
    tags = [Tag.objects.create(theme=theme, name=row["name"]) for row in content["tags"]]
    for number, person in enumerate(Person.objects.filter(theme=theme, roles__isnull=False).order_by("pk")[:8]):
        person.tags.add(tags[number % 2])
        notes.add_note(person, "Kiinnostunut vertaisverkostosta; palataan asiaan syksyllä.", by=None)


def bring_twice(theme: Theme) -> None:
    """People of the register as an event's list has them: with slips, without marks, from other addresses."""
    known = Person.objects.filter(theme=theme, roles__isnull=False).exclude(email="").order_by("pk").distinct()[: len(SLIPS)]
    for person, slip in zip(known, SLIPS, strict=False):
        why: dict[str, Any] = {
            "source": "Seminaarin osallistujaluettelo",
            "purpose": purposes.usual(theme, purposes.COOPERATION),
        }
        name: dict[str, Any] = {"first_name": slip(person.first_name), "last_name": person.last_name, "city": person.city}
        again = people.person_at(theme=theme, email=f"osallistuja{person.pk}@example.org", **why, **name)
        ContactPoint.objects.create(person=again, medium=ContactPoint.Medium.EMAIL, value=person.email)
    pairs.find_in(theme.pk)


def merge_one(theme: Theme) -> None:
    pair = Pair.objects.filter(theme=theme).waiting().exclude(person=None).first()
    if pair:
        merging.merge(winner=pair.person, loser=pair.other_person, by=None)


def make_network(theme: Theme, row: dict[str, Any], **place: Any) -> None:
    network = Network.objects.create(theme=theme, kind=row["kind"], **place, **words("name", row["name"]))
    since = timezone.localdate() - timedelta(days=30)
    for key in row["organisations"]:
        Membership.objects.create(network=network, organisation=by_key(Organisation, theme)[key], starts=since)
    for key in row.get("people", ()):
        for part, person in zip(Membership.Part, members(theme, key), strict=False):
            Membership.objects.create(network=network, person=person, part=part, starts=since)


def members(theme: Theme, organisation: str) -> list[Person]:
    return list(Person.objects.filter(theme=theme, roles__organisation__key=organisation).order_by("pk").distinct()[:2])


def need_acts(theme: Theme, row: dict[str, Any]) -> list[tuple[float, Callable[[], Any]]]:
    made: list[ServiceNeed] = []

    def hear() -> None:
        place = {"sub_theme": by_key(SubTheme, theme)[row["sub_theme"]], "region": by_code().get(row.get("region", ""))}
        told = {"need": row["need"], "details": row.get("details", ""), "organisation": by_key(Organisation, theme)[row["organisation"]]}
        made.append(needs.hear(ServiceNeed(theme=theme, **place, **told), by=None))

    def turn(state: ServiceNeed.State) -> None:
        office = by_key(Organisation, theme)[OFFICE] if state == ServiceNeed.State.PASSED_ON else None
        needs.turn(made[0], state, by=None, passed_to=office)

    def later(state: str) -> Callable[[], None]:
        return lambda: turn(ServiceNeed.State(state))

    return [(row["days"], hear), *((row["days"] - 7 * number, later(state)) for number, state in enumerate(row["steps"], 1))]
