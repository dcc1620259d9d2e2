"""The staff's screens of the network: who connects, communities, and the map of one contact with its table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.core.paginator import Paginator
from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contacts.details import url_of
from contacts.models import NetworkPosition, NetworkSnapshot, Organisation, Person
from contacts.network import ego
from contacts.screens import Screen
from themes.models import Theme

if TYPE_CHECKING:
    from django.http import HttpRequest

ROWS = 50
NIGHTS = 12
COMMUNITIES = 20
# By what the list is sorted. Who is least constrained reaches most.
ORDERS: dict[str, tuple[Any, ...]] = {
    "betweenness": ("-betweenness", "-degree", "pk"),
    "degree": ("-degree", "-betweenness", "pk"),
    "constraint": (F("constraint").asc(nulls_last=True), "pk"),
    "core": ("-core", "-betweenness", "pk"),
}
LABELS = {"betweenness": _("Betweenness"), "degree": _("Tied to"), "constraint": _("Constraint"), "core": _("Core")}


def ego_url(contact: Person | Organisation) -> str:
    return reverse("contacts_network_of", args=[contact._meta.model_name, contact.pk])


class NetworkScreen(Screen):
    header_icon = "group"
    permission = "contacts.view_tie"


class NetworkView(NetworkScreen):
    """Of one theme: communities are numbered within it. Who sees several chooses (`?theme=`)."""

    template_name = "contacts/staff/whole_network.html"
    page_title = _("Who connects")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        by = self.request.GET.get("by", "")
        by = by if by in ORDERS else "betweenness"
        community = self.request.GET.get("community", "")
        counted = list(Theme.objects.filter(network_snapshots__isnull=False).distinct().order_by("pk"))
        asked = self.request.GET.get("theme", "")
        theme = next((row for row in counted if str(row.pk) == asked), counted[0] if counted else None)
        rows = NetworkPosition.objects.current().filter(theme=theme).select_related("person", "organisation").order_by(*ORDERS[by])
        if community.isascii() and community.isdigit():
            rows = rows.filter(community=min(int(community), 2**31 - 1))
        else:
            community = ""
        page = Paginator(rows, ROWS).get_page(self.request.GET.get("p"))
        nights = list(NetworkSnapshot.objects.filter(theme=theme).order_by("-day")[:NIGHTS])
        within = f"?theme={theme.pk}&" if theme and len(counted) > 1 else "?"
        narrowed = f"&community={community}" if community else ""
        return super().get_context_data(**kwargs) | {
            "places": [_row(row) for row in page], "page": page, "by": by, "community": community, "within": within,
            "orders": [{"key": key, "label": LABELS[key], "url": f"{within}by={key}{narrowed}", "is_chosen": key == by} for key in ORDERS],
            "themes": [{"theme": row, "is_chosen": row == theme} for row in counted] if len(counted) > 1 else [],
            "nights": nights, "night": nights[0] if nights else None, "groups": communities(theme) if theme else [],
        }  # fmt: skip


def _row(row: NetworkPosition) -> dict[str, Any]:
    return {"position": row, "contact": row.contact, "url": ego_url(row.contact), "tone": ego.tone(row)}


def communities(theme: Theme) -> list[dict[str, Any]]:
    """The largest, each named after the member who connects most. Two queries."""
    current = NetworkPosition.objects.current().filter(theme=theme)
    sizes = list(current.values("community").annotate(size=Count("pk")).order_by("-size", "community")[:COMMUNITIES])
    order = Window(RowNumber(), partition_by=F("community"), order_by=["-betweenness", "-degree", "pk"])
    leading = current.filter(community__in=[row["community"] for row in sizes]).annotate(rank=order).filter(rank=1)
    first = {row.community: row for row in leading.select_related("person", "organisation")}
    return [row | {"around": first[row["community"]].contact, "tone": ego.tone(first[row["community"]])} for row in sizes]


class EgoView(NetworkScreen):
    """Of a person or an organisation. The table says all that the map shows, and leads."""

    template_name = "contacts/staff/ego.html"
    MODELS: ClassVar[dict[str, Any]] = {"person": Person, "organisation": Organisation}
    contact: Person | Organisation

    def get_page_title(self) -> str:
        return _("Network of %(contact)s") % {"contact": self.contact}

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = {"url": reverse("contacts_network"), "label": NetworkView.page_title}
        return [*self.breadcrumbs_items, above, {"url": "", "label": self.get_page_title()}]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        model = self.MODELS.get(kwargs["kind"])
        if model is None:
            raise Http404
        self.contact = get_object_or_404(model, pk=kwargs["pk"])
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = ego.ego_of(self.contact)
        urls = {key: ego_url(neighbour.contact) for key, neighbour in found.neighbours.items()}
        near = [{"neighbour": neighbour, "url": urls[key], "tone": ego.tone(neighbour.position)} for key, neighbour in found.neighbours.items()]
        return super().get_context_data(**kwargs) | {
            "ego": found, "near": near, "contact_url": url_of(self.contact), "drawn": ego.map_of(found, urls) if near else None,
        }  # fmt: skip
