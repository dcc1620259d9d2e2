"""What a segment of people, and one of organisations, may ask about."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from base.spoken import spoken_choices
from contacts.coverage.audience import members_of, placed_in
from contacts.folding import fold
from contacts.models import HeldFor, Membership, Network, Organisation, Person, ProjectParty, Purpose, Role, ServiceNeed, Tag, WorkArea
from contacts.models.segments import Segment
from contacts.segments.kinds import Choice, Flag, OfGoal, Text, Touched
from themes.models import Project, Region, SubTheme, TargetGroup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from contacts.segments.kinds import Kind


def rows_of(model: Any, *order: str) -> Callable[[], Iterable[tuple[Any, Any]]]:
    return lambda: [(row.pk, row) for row in model.objects.order_by(*order, "pk")]


def seats(**where: Any) -> Q:
    """People with a role of today there."""
    return Q(pk__in=Role.objects.current().filter(**where).values("person"))


def held(**where: Any) -> Q:
    """People who are held for such a purpose, or by such a source."""
    return Q(pk__in=HeldFor.objects.filter(**where).values("person"))


def containing(text: str, *, path: str = "sought") -> Q:
    """By the beginnings of words, as contacts are found."""
    wanted = Q()
    for word in fold(text).split():
        wanted &= Q(**{f"{path}__contains": f" {word}"})
    return wanted


def bodies_with(text: str) -> Any:
    return Organisation.objects.filter(containing(text)).values("pk")


def members(networks: Any) -> Q:
    return Q(pk__in=Membership.objects.current().filter(network__in=networks).exclude(organisation=None).values("organisation"))


def parties(projects: Any) -> Any:
    return ProjectParty.objects.filter(project__in=projects).exclude(organisation=None).values("organisation")


def working_on(sub_themes: Any) -> Any:
    return WorkArea.objects.current().filter(sub_theme__in=sub_themes).values("organisation")


def touched_bodies(touches: Any) -> Any:
    return Role.objects.current().filter(person__in=touches.values("person")).values("organisation")


def tagged(model: Any, name: str) -> Callable[[list[str]], Q]:
    return lambda values: Q(pk__in=model.tags.through.objects.filter(tag__in=values).values(name))


def speaks(codes: list[str]) -> Q:
    """The list is kept as JSON; a code in quotes stands in no other word of it."""
    wanted = Q()
    for code in codes:
        wanted |= Q(languages__icontains=f'"{code}"')
    return wanted


PEOPLE: tuple[Kind, ...] = (
    Choice("region", _("region"), rows_of(Region, "code"), partial(placed_in, "region")),
    Choice("target_group", _("target group"), rows_of(TargetGroup), partial(placed_in, "target_group")),
    Choice("tag", _("tag"), rows_of(Tag, "name"), tagged(Person, "person")),
    Choice("network", _("network"), rows_of(Network, "name_fi"), members_of),
    Choice(
        "part", _("part in a network"), lambda: Membership.Part.choices,
        lambda values: Q(pk__in=Membership.objects.current().filter(part__in=values).exclude(person=None).values("person")),
    ),
    Choice("sector", _("organisation's sector"), lambda: Organisation.Sector.choices, lambda values: seats(organisation__sector__in=values)),
    Choice("size", _("organisation's size"), lambda: Organisation.Size.choices, lambda values: seats(organisation__size__in=values)),
    Text("organisation", _("organisation"), lambda text: seats(organisation__in=bodies_with(text))),
    Text("title", _("job title"), lambda text: seats(title__icontains=text)),
    Choice("project", _("project of the organisation"), rows_of(Project, "name_fi"), lambda values: seats(organisation__in=parties(values))),
    Choice("sub_theme", _("sub-theme the organisation works on"), rows_of(SubTheme), lambda values: seats(organisation__in=working_on(values))),
    Text("city", _("municipality"), lambda text: Q(city__icontains=text)),
    Choice("language", _("language of our messages"), lambda: Person._meta.get_field("language").choices or (), lambda codes: Q(language__in=codes)),
    Choice("spoken", _("language spoken"), spoken_choices, speaks),
    Choice("purpose", _("purpose"), rows_of(Purpose, "name_fi"), lambda values: held(purpose__in=values)),
    Choice("basis", _("legal basis"), lambda: Purpose.LegalBasis.choices, lambda values: held(purpose__legal_basis__in=values)),
    Text("source", _("where the data came from"), lambda text: held(source__icontains=text)),
    Flag("email", _("has an e-mail address"), _("has no e-mail address"), lambda: ~Q(email="")),
    Flag("role", _("has a role in an organisation today"), _("has no role in an organisation today"), seats),
    Touched("touched", _("touches"), lambda rows: rows.values("person")),
    OfGoal("missed", _("of a goal's audience, not reached"), is_reached=False),
    OfGoal("reached", _("of a goal's audience, reached"), is_reached=True),
)  # fmt: skip
ORGANISATIONS: tuple[Kind, ...] = (
    Choice("region", _("region"), rows_of(Region, "code"), lambda values: Q(region__in=values)),
    Choice("target_group", _("target group"), rows_of(TargetGroup), lambda values: Q(target_group__in=values)),
    Choice("tag", _("tag"), rows_of(Tag, "name"), tagged(Organisation, "organisation")),
    Choice("network", _("network"), rows_of(Network, "name_fi"), members),
    Choice("sector", _("sector"), lambda: Organisation.Sector.choices, lambda values: Q(sector__in=values)),
    Choice("size", _("size"), lambda: Organisation.Size.choices, lambda values: Q(size__in=values)),
    Text("name", _("name"), containing),
    Text("parent", _("part of"), lambda text: Q(parent__in=bodies_with(text))),
    Text("city", _("municipality"), lambda text: Q(city__icontains=text)),
    Choice("project", _("project"), rows_of(Project, "name_fi"), lambda values: Q(pk__in=parties(values))),
    Choice("sub_theme", _("sub-theme it works on"), rows_of(SubTheme), lambda values: Q(pk__in=working_on(values))),
    Choice(
        "need", _("sub-theme of a service need"), rows_of(SubTheme),
        lambda values: Q(pk__in=ServiceNeed.objects.filter(Q(sub_theme__in=values)).exclude(organisation=None).values("organisation")),
    ),
    Flag(
        "people", _("has people in the register"), _("has no people in the register"),
        lambda: Q(pk__in=Role.objects.current().values("organisation")),
    ),
    Touched("touched", _("touches of its people"), touched_bodies),
)  # fmt: skip
KINDS: dict[str, dict[str, Kind]] = {
    Segment.Of.PEOPLE: {kind.key: kind for kind in PEOPLE},
    Segment.Of.ORGANISATIONS: {kind.key: kind for kind in ORGANISATIONS},
}
