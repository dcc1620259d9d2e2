from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.search import SearchArea
from wagtail.admin.widgets import Button
from wagtail.snippets.models import register_snippet

from base.menu import AllowedMenuItem
from contacts import bulk, bulk_exports, people, staff
from contacts.coverage.views import CoverageView, ReachedView
from contacts.importing import views as importing
from contacts.models import Person, Purpose, Segment
from contacts.need_views import NeedCountsView
from contacts.network.views import EgoView, NetworkView
from contacts.pair_views import MergesView, PairsView, PairView, UndoView
from contacts.privacy.audit_views import AuditView
from contacts.privacy.retention_views import RetentionView
from contacts.privacy.staff_views import NoticesView, send_link, void_links
from contacts.quick_log import views as quick_log
from contacts.search_views import AnswersView, SearchView
from contacts.segments.views import BuildView, CountView
from contacts.viewsets import ContactsGroup

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern
    from wagtail.admin.ui.components import Component

register_snippet(ContactsGroup)

for action in (*bulk.ALL, *bulk_exports.ALL):
    hooks.register("register_bulk_action", action)


@hooks.register("before_delete_snippet")
def erase_people(request: HttpRequest, instances: Sequence[Any]) -> HttpResponse | None:
    """Who deletes a person, one or many, erases them everywhere: seats are freed, and no copy of a mail keeps the address."""
    if request.method != "POST" or not request.user.has_perm("contacts.delete_person"):
        return None
    if not instances or not all(isinstance(instance, Person) for instance in instances):
        return None
    number = 0
    for person in instances:
        try:
            people.erase_person(person)
        except people.GoneError:
            told = _("“%(name)s” is not in the register any more: somebody has merged or erased them. Look at the list again.")
            messages.error(request, told % {"name": person})
        else:
            number += 1
    if number:
        messages.success(request, ngettext("%(number)d person erased.", "%(number)d people erased.", number) % {"number": number})
    return redirect("wagtailsnippets_contacts_person:list")


@hooks.register("before_delete_snippet")
def keep_purposes(request: HttpRequest, instances: Sequence[Any]) -> HttpResponse | None:
    """A purpose that people are held for stays; it is taken out of use."""
    held = [purpose for purpose in instances if isinstance(purpose, Purpose) and purpose.held_for.exists()]
    if not held:
        return None
    names = ", ".join(str(purpose) for purpose in held)
    messages.error(request, _("People are held for this: %(names)s. Take it out of use instead.") % {"names": names})
    return redirect("wagtailsnippets_contacts_purpose:list")


@hooks.register("register_admin_urls")
def add_urls() -> list[URLPattern]:
    return [
        path("contacts/<int:pk>/showing/", staff.choose_showing, name="contacts_showing"),
        path("contacts/search/", SearchView.as_view(), name="contacts_search"),
        path("contacts/search/answers/", AnswersView.as_view(), name="contacts_search_answers"),
        path("contacts/coverage/<key:pk>/", CoverageView.as_view(), name="contacts_coverage"),
        path("contacts/coverage/<key:pk>/reached/", ReachedView.as_view(), name="contacts_coverage_reached"),
        path("contacts/log/", quick_log.LogView.as_view(), name="contacts_log"),
        path("contacts/log/people/", quick_log.FoundView.as_view(), name="contacts_log_found"),
        path("contacts/log/<key:pk>/", quick_log.LoggedView.as_view(), name="contacts_logged"),
        path("contacts/log/<key:pk>/undo/", quick_log.UndoView.as_view(), name="contacts_log_undo"),
        path("contacts/segments/new/", BuildView.as_view(), name="contacts_segment_new"),
        path("contacts/segments/count/", CountView.as_view(), name="contacts_segment_count"),
        path("contacts/segments/<key:pk>/", BuildView.as_view(), name="contacts_segment"),
        path("contacts/notices/", NoticesView.as_view(), name="contacts_notices"),
        path("contacts/audit/", AuditView.as_view(), name="contacts_audit"),
        path("contacts/retention/", RetentionView.as_view(), name="contacts_retention"),
        path("contacts/<int:pk>/void-links/", void_links, name="contacts_void_links"),
        path("contacts/<int:pk>/own-data-link/", send_link, name="contacts_send_link"),
        path("contacts/network/", NetworkView.as_view(), name="contacts_network"),
        path("contacts/network/<slug:kind>/<int:pk>/", EgoView.as_view(), name="contacts_network_of"),
        path("contacts/pairs/", PairsView.as_view(), name="contacts_pairs"),
        path("contacts/pairs/<int:pk>/", PairView.as_view(), name="contacts_pair"),
        path("contacts/merges/", MergesView.as_view(), name="contacts_merges"),
        path("contacts/merges/<int:pk>/undo/", UndoView.as_view(), name="contacts_undo_merge"),
        path("contacts/imports/", importing.ImportsView.as_view(), name="contacts_imports"),
        path("contacts/imports/new/", importing.StartView.as_view(), name="contacts_import_start"),
        path("contacts/imports/<key:pk>/", importing.ImportView.as_view(), name="contacts_import"),
        path("contacts/imports/<key:pk>/undo/", importing.UndoView.as_view(), name="contacts_import_undo"),
        path("contacts/imports/<key:pk>/left-out.csv", importing.LeftOutView.as_view(), name="contacts_import_left_out"),
        path("contacts/needs/", NeedCountsView.as_view(), name="contacts_need_counts"),
    ]


class ContactsSearchArea(SearchArea):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("contacts.view_person")


@hooks.register("register_admin_search_area")
def add_search_area() -> SearchArea:
    return ContactsSearchArea(_("Contacts"), reverse("contacts_search"), name="contacts", icon_name="user", order=250)


@hooks.register("register_admin_menu_item")
def add_pairs_menu_item() -> MenuItem:
    return AllowedMenuItem(
        _("Possible duplicates"), reverse("contacts_pairs"), name="possible-duplicates", icon_name="copy", order=161, may="contacts.change_pair"
    )


@hooks.register("register_admin_menu_item")
def add_menu_item() -> MenuItem:
    return AllowedMenuItem(
        _("Find a contact"), reverse("contacts_search"), name="find-contact", icon_name="search", order=159, may="contacts.view_person"
    )


@hooks.register("register_reports_menu_item")
def add_notices_item() -> MenuItem:
    return AllowedMenuItem(
        _("To be told of their data"), reverse("contacts_notices"), name="notices", icon_name="lock", order=720, may="contacts.change_person"
    )


@hooks.register("register_reports_menu_item")
def add_retention_item() -> MenuItem:
    return AllowedMenuItem(
        _("Forgotten next"), reverse("contacts_retention"), name="retention", icon_name="time", order=721, may="contacts.change_person"
    )


@hooks.register("register_reports_menu_item")
def add_audit_item() -> MenuItem:
    return AllowedMenuItem(
        _("Log of contacts"), reverse("contacts_audit"), name="contacts-audit", icon_name="history", order=722, may="contacts.change_person"
    )


@hooks.register("register_log_actions")
def name_actions(registered: Any) -> None:
    registered.register_action("contacts.notice", _("Tell of held data"), _("Told that we hold their data"))
    registered.register_action("contacts.link", _("Send the link to own data"), _("The link to their own data was sent"))
    registered.register_action("contacts.links_void", _("Make links to own data void"), _("The links to their own data were made void"))
    registered.register_action("contacts.corrected", _("Correct own data"), _("The person corrected their own data"))
    registered.register_action("contacts.exported", _("Give out personal data"), _("Personal data was given out"))
    registered.register_action("contacts.merged", _("Merge contacts"), _("Two contacts became one"))
    registered.register_action("contacts.merge_undone", _("Undo a merge of contacts"), _("A merge of contacts was undone"))
    registered.register_action("contacts.imported", _("Bring contacts"), _("Contacts were brought from a file"))
    registered.register_action("contacts.import_undone", _("Take an import back"), _("An import of contacts was taken back"))
    registered.register_action("contacts.erased", _("Erase a person"), _("A person was erased"))
    registered.register_action("contacts.forgotten", _("Forget a person"), _("A person was forgotten: nothing had happened for as long as is set"))
    registered.register_action("contacts.purpose_ended", _("End a purpose"), _("A purpose ended for a person"))
    registered.register_action("contacts.kept", _("Keep a person"), _("The person is kept beyond the time that is set"))
    registered.register_action("contacts.not_kept", _("Keep a person no longer"), _("The person is kept no longer"))


@hooks.register("register_admin_menu_item")
def add_network_item() -> MenuItem:
    return AllowedMenuItem(_("Who connects"), reverse("contacts_network"), name="network", icon_name="group", order=161, may="contacts.view_tie")


@hooks.register("register_snippet_listing_buttons")
def add_showing_button(snippet: Any, user: Any, next_url: str | None = None) -> Iterator[Button]:
    if isinstance(snippet, Person) and user.has_perm("contacts.change_person"):
        yield Button(_("Showing on the site"), staff.showing_url(snippet), icon_name="view", priority=60)


@hooks.register("register_admin_menu_item")
def add_log_menu_item() -> MenuItem:
    return AllowedMenuItem(
        _("Log a meeting or a call"), reverse("contacts_log"), name="log-meeting", icon_name="comment", order=158, may=quick_log.may_log
    )


@hooks.register("construct_homepage_panels")
def offer_to_log(request: HttpRequest, panels: list[Component]) -> None:
    if quick_log.may_log(request.user):
        panels.append(quick_log.LogPanel())


@hooks.register("before_create_snippet")
def build_new_segments(request: HttpRequest, model: type[Any]) -> HttpResponse | None:
    return redirect("contacts_segment_new") if model is Segment else None


@hooks.register("before_edit_snippet")
def build_segments(request: HttpRequest, instance: Any) -> HttpResponse | None:
    return redirect("contacts_segment", instance.pk) if isinstance(instance, Segment) else None
