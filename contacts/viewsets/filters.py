"""By what the lists of people, organisations and outreach are narrowed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import django_filters
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from contacts.coverage.audience import meant, members_of, placed_in, placed_nowhere, touches_for
from contacts.models import ContactImport, Network, Organisation, Outreach, Person
from contacts.models.segments import Segment
from contacts.segments.rules import numbers_of
from themes.models import Goal, Region, TargetGroup

if TYPE_CHECKING:
    from django.db.models import QuerySet

UNKNOWN = "null"


def segments(of: Segment.Of) -> django_filters.ModelChoiceFilter:
    rows = Segment.objects.filter(of=of).order_by("name")
    return django_filters.ModelChoiceFilter(label=_("Segment"), queryset=rows, method="in_segment")


class InSegment:
    def in_segment(self, rows: QuerySet[Any], name: str, value: Segment) -> QuerySet[Any]:
        return rows.filter(pk__in=numbers_of(value))


class PersonFilterSet(InSegment, WagtailFilterSet):
    """A person without a region or a target group has those of their organisation."""

    segment = segments(Segment.Of.PEOPLE)
    region = django_filters.ModelChoiceFilter(label=_("Region"), queryset=Region.objects.all(), null_label=_("No region known"), method="by_place")
    target_group = django_filters.ModelChoiceFilter(
        label=_("Target group"), queryset=TargetGroup.objects.all(), null_label=_("No target group known"), method="by_place"
    )
    network = django_filters.ModelChoiceFilter(label=_("Network"), queryset=Network.objects.all(), method="in_network")
    not_reached = django_filters.ModelChoiceFilter(label=_("Not reached for the goal"), queryset=Goal.objects.all(), method="by_goal")
    reached = django_filters.ModelChoiceFilter(label=_("Reached for the goal"), queryset=Goal.objects.all(), method="by_goal")

    brought_by = django_filters.ModelChoiceFilter(
        label=_("Import"), queryset=ContactImport.objects.exclude(ended_at=None).only("file_name", "began_at")
    )

    class Meta:
        model = Person
        fields: ClassVar = ["segment", "region", "target_group", "network", "tags", "language", "not_reached", "reached", "brought_by"]

    def by_place(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return rows.filter(placed_nowhere(name) if value == UNKNOWN else placed_in(name, [value.pk]))

    def in_network(self, rows: QuerySet[Any], name: str, value: Network) -> QuerySet[Any]:
        return rows.filter(members_of([value.pk]))

    def by_goal(self, rows: QuerySet[Any], name: str, value: Goal) -> QuerySet[Any]:
        """Of whom the goal means."""
        touched = Exists(touches_for(value).filter(person=OuterRef("pk")))
        return rows.filter(meant(value), touched if name == "reached" else ~touched)


class NetworkFilterSet(WagtailFilterSet):
    class Meta:
        model = Network
        fields: ClassVar = ["kind", "region", "project"]


class OrganisationFilterSet(InSegment, WagtailFilterSet):
    segment = segments(Segment.Of.ORGANISATIONS)

    class Meta:
        model = Organisation
        fields: ClassVar = ["segment", "sector", "size", "region", "target_group", "tags"]


class OutreachFilterSet(WagtailFilterSet):
    plan = django_filters.ChoiceFilter(
        label=_("Plan"), choices=[("without", _("Unplanned: serves no goal")), ("with", _("Serves a goal"))], method="by_plan"
    )
    state = django_filters.ChoiceFilter(label=_("State"), choices=Outreach.State.choices, method="by_state")

    class Meta:
        model = Outreach
        fields: ClassVar = ["plan", "state", "kind", "scope", "channel", "goals", "audiences", "regions", "responsible"]

    def by_plan(self, rows: Any, name: str, value: str) -> QuerySet[Outreach]:
        found: QuerySet[Outreach] = rows.unplanned() if value == "without" else rows.exclude(goals=None)
        return found

    def by_state(self, rows: Any, name: str, value: str) -> QuerySet[Outreach]:
        found: QuerySet[Outreach] = rows.in_state(value, timezone.localdate())
        return found
