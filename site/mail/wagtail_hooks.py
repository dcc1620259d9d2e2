from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

if TYPE_CHECKING:
    from wagtail.log_actions import LogActionRegistry


@hooks.register("register_log_actions")
def name_actions(actions: LogActionRegistry) -> None:
    actions.register_action("mail.retry_failed", _("Retry failed copies"), _("Failed copies of the mailing were queued again"))
    actions.register_action("mail.resolve_doubt", _("Settle a copy in doubt"), _("A copy in doubt was settled by hand"))
