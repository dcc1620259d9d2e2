from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.widgets import Button
from wagtail.snippets.models import register_snippet

from base.menu import AllowedMenuItem
from contacts.pages import OutreachPage
from social import views
from social.models import Account, Post
from social.viewsets import SocialGroup

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.urls import URLPattern
    from wagtail.log_actions import LogActionRegistry

register_snippet(SocialGroup)


@hooks.register("register_admin_urls")
def add_urls() -> list[URLPattern]:
    return [
        path("social/queue/", views.queue, name="social_queue"),
        path("social/measured/", views.measured, name="social_measured"),
        path("social/posts/<key:pk>/", views.post, name="social_post"),
        path("social/deliveries/<key:pk>/", views.settle, name="social_settle"),
        path("social/accounts/<key:pk>/", views.health, name="social_health"),
        path("social/from/<key:pk>/", views.from_page, name="social_from_page"),
    ]


@hooks.register("register_reports_menu_item")
def add_queue() -> AllowedMenuItem:
    return AllowedMenuItem(gettext_lazy("Outbox of posts"), reverse("social_queue"), icon_name="comment", order=760, may="social.view_delivery")


@hooks.register("register_snippet_listing_buttons")
def add_row_buttons(snippet: Any, user: Any, next_url: str | None = None) -> Iterator[Button]:
    if isinstance(snippet, Account):
        yield Button(_("Check now"), reverse("social_health", args=[snippet.pk]), icon_name="check", priority=60)
    if isinstance(snippet, Post):
        yield Button(_("Look at it"), reverse("social_post", args=[snippet.pk]), icon_name="view", priority=5)


@hooks.register("register_page_header_buttons")
def add_post_button(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    if isinstance(page, OutreachPage) and getattr(page, "live", False) and user.has_perm("social.add_post"):
        yield Button(_("Post on social media"), reverse("social_from_page", args=[page.pk]), icon_name="comment", priority=65)


@hooks.register("register_log_actions")
def name_actions(actions: LogActionRegistry) -> None:
    actions.register_action("social.ask", gettext_lazy("Ask for approval of a post"), gettext_lazy("Approval of the post was asked for"))
    actions.register_action("social.approve", gettext_lazy("Approve a post"), gettext_lazy("The post was approved"))
    actions.register_action("social.take_back", gettext_lazy("Take a post back"), gettext_lazy("The post was taken back"))
    actions.register_action("social.say_sent", gettext_lazy("Say that a post is there"), gettext_lazy("A post in doubt was found on its network"))
    actions.register_action("social.send_again", gettext_lazy("Send a post again"), gettext_lazy("A post was sent again"))
    actions.register_action("social.leave", gettext_lazy("Leave a post unsent"), gettext_lazy("A post was left unsent"))
