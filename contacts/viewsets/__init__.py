"""The register and the ledger of outreach, for the staff."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from contacts.viewsets.networks import NetworkViewSet, TieViewSet
from contacts.viewsets.organisations import OrganisationViewSet
from contacts.viewsets.outreach import OutreachViewSet, ProjectPartyViewSet, ThemeBodyViewSet
from contacts.viewsets.people import PersonViewSet, TagViewSet
from contacts.viewsets.purposes import PurposeViewSet
from contacts.viewsets.segments import SegmentViewSet
from contacts.viewsets.work import ServiceNeedViewSet, WorkAreaViewSet


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
