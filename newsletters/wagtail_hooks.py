from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.widgets import Button
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from base.staff_lists import ReadOnlyPolicy
from newsletters import composing, result_views, staff, trying
from newsletters.importing import views as importing
from newsletters.issue_list import IssueListing
from newsletters.models import IssuePage, SubscriberImport, Subscription
from newsletters.viewsets import ImportPolicy, NewsletterViewSet, SubscriberImportViewSet, SubscriptionViewSet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.urls import URLPattern
    from wagtail.admin.action_menu import ActionMenuItem
    from wagtail.log_actions import LogActionRegistry

register_permission_policy(Subscription, ReadOnlyPolicy(Subscription))
register_snippet(NewsletterViewSet)
register_snippet(SubscriptionViewSet)
register_permission_policy(SubscriberImport, ImportPolicy(SubscriberImport))
register_snippet(SubscriberImportViewSet)


@hooks.register("register_admin_urls")
def add_urls() -> list[URLPattern]:
    return [
        path("newsletters/issues/<key:pk>/send/", staff.send_issue, name="newsletters_send_issue"),
        path("newsletters/issues/<key:pk>/act/", staff.act_on_issue, name="newsletters_act_on_issue"),
        path("newsletters/issues/<key:pk>/results/", result_views.IssueResults.as_view(), name="newsletters_results"),
        path("newsletters/issues/<key:pk>/check/", trying.check, name="newsletters_check"),
        path("newsletters/issues/<key:pk>/test/", trying.test, name="newsletters_test"),
        path("newsletters/issues/<key:pk>/as-reader/", trying.as_reader, name="newsletters_as_reader"),
        path("newsletters/subscribers/import/", importing.start, name="newsletters_import_start"),
        path("newsletters/subscribers/import/<key:pk>/", importing.step, name="newsletters_import"),
        path("newsletters/subscribers/import/<key:pk>/left-out.csv", importing.left_out, name="newsletters_import_left_out"),
        path("newsletters/issues/<key:pk>/fill/", composing.fill_in, name="newsletters_fill_in"),
    ]


@hooks.register("register_admin_viewset")
def issue_editor() -> composing.IssueViewSet:
    return composing.IssueViewSet()


@hooks.register("register_admin_viewset")
def issue_listing() -> IssueListing:
    return IssueListing("issues", url_prefix="newsletters/issues")


@hooks.register("register_page_action_menu_item")
def add_send_action() -> ActionMenuItem:
    return staff.SendMenuItem(order=90)


@hooks.register("register_page_header_buttons")
def add_send_button(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    if isinstance(page, IssuePage) and page.live and staff.may_send(page, user):
        yield Button(_("See what was sent") if page.mailing_id else _("Send"), staff.send_url(page), icon_name="mail", priority=5)
    if isinstance(page, IssuePage) and page.mailing_id and result_views.may_view(page, user):
        yield Button(_("Results"), result_views.results_url(page), icon_name="list-ul", priority=6)


@hooks.register("register_log_actions")
def name_actions(actions: LogActionRegistry) -> None:
    actions.register_action("newsletters.fill_in", gettext_lazy("Fill in"), gettext_lazy("What is new on the site was put into the issue"))
    actions.register_action("newsletters.send_test", gettext_lazy("Send a test"), gettext_lazy("A test of the issue was sent"))
    actions.register_action("newsletters.preview_as", gettext_lazy("As a subscriber"), gettext_lazy("A subscriber's letter was looked at"))
    actions.register_action("newsletters.ask", gettext_lazy("Ask for approval"), gettext_lazy("Sending was asked for"))
    actions.register_action("newsletters.approve", gettext_lazy("Approve the sending"), gettext_lazy("The sending was approved"))
    actions.register_action("newsletters.take_back", gettext_lazy("Take the request back"), gettext_lazy("The request or the time was taken back"))
    actions.register_action("newsletters.schedule", gettext_lazy("Set a time"), gettext_lazy("A time was set for the sending"))
    actions.register_action("newsletters.undo", gettext_lazy("Undo the sending"), gettext_lazy("The sending was undone"))
    actions.register_action("newsletters.send_issue", gettext_lazy("Send issue"), gettext_lazy("The issue was sent to its subscribers"))
    actions.register_action("newsletters.cancel_import", gettext_lazy("Cancel the import"), gettext_lazy("An import of subscribers was cancelled"))
