"""The register and the ledger of outreach, for the staff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from contacts.viewsets.networks import NetworkViewSet, TieViewSet
from contacts.viewsets.organisations import OrganisationViewSet
from contacts.viewsets.outreach import OutreachViewSet, ProjectPartyViewSet, ThemeBodyViewSet
from contacts.viewsets.people import PersonViewSet, TagViewSet
from contacts.viewsets.purposes import PurposeViewSet
from contacts.viewsets.segments import SegmentViewSet
from contacts.viewsets.work import ServiceNeedViewSet, WorkAreaViewSet

if TYPE_CHECKING:
    from django.http import HttpRequest

MAY_BRING = "contacts.add_person"


class BringMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(MAY_BRING))


class ContactsGroup(SnippetViewSetGroup):
    menu_label = _("Contacts")
    menu_icon = "group"
    menu_name = "contacts"
    menu_order = 160
    items = (
        PersonViewSet,
        OrganisationViewSet,
        NetworkViewSet,
        SegmentViewSet,
        WorkAreaViewSet,
        ServiceNeedViewSet,
        TieViewSet,
        TagViewSet,
        ProjectPartyViewSet,
        ThemeBodyViewSet,
        PurposeViewSet,
        OutreachViewSet,
    )

    def get_submenu_items(self) -> list[MenuItem]:
        """Files are brought where the people are: after their lists."""
        items: list[MenuItem] = super().get_submenu_items()
        place = 1 + max((item.order for item in items), default=0)
        return [*items, BringMenuItem(_("Bring contacts"), reverse("contacts_imports"), name="bring-contacts", icon_name="download", order=place)]
