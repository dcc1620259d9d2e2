from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.widgets import Button
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from base.staff_lists import ReadOnlyPolicy
from mail import staff
from mail.models import Bounce, Suppression
from mail.viewsets import ReturnsGroup, SuppressionPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.urls import URLPattern
    from wagtail.log_actions import LogActionRegistry

register_permission_policy(Bounce, ReadOnlyPolicy(Bounce))
register_permission_policy(Suppression, SuppressionPolicy(Suppression))
register_snippet(ReturnsGroup)


@hooks.register("register_admin_urls")
def add_urls() -> list[URLPattern]:
    return [path("mail/suppressions/<int:pk>/lift/", staff.lift, name="mail_lift_suppression")]


@hooks.register("register_snippet_listing_buttons")
def add_lift_button(snippet: Any, user: Any, next_url: str | None = None) -> Iterator[Button]:
    if isinstance(snippet, Suppression) and staff.may_lift(snippet, user):
        yield Button(gettext("Take off the list"), staff.lift_url(snippet), icon_name="lock-open", priority=60)


@hooks.register("register_log_actions")
def name_actions(actions: LogActionRegistry) -> None:
    actions.register_action("mail.retry_failed", _("Retry failed copies"), _("Failed copies of the mailing were queued again"))
    actions.register_action("mail.pause", _("Pause a mailing"), _("The mailing was paused"))
    actions.register_action("mail.resume", _("Resume a mailing"), _("The mailing goes on"))
    actions.register_action("mail.withdraw", _("Take a mailing back"), _("The mailing was taken back before anything of it had left"))
    actions.register_action("mail.cancel", _("Cancel a mailing"), _("Copies of the mailing that had not left were cancelled"))
    actions.register_action("mail.resolve_doubt", _("Settle a copy in doubt"), _("A copy in doubt was settled by hand"))
    actions.register_action("mail.lift_suppression", _("Take off the suppression list"), _("An address may get mail again"))
