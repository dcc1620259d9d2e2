from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MailConfig(AppConfig):
    name = "mail"
    verbose_name = _("Mail")

    def ready(self) -> None:
        from mail import backend, personal, streams
        from mail.inbound import webhooks

        personal.register_holdings()
        webhooks.connect()
        # Password resets and notices to staff: asked for by whoever gets them.
        streams.register(streams.Stream(backend.STAFF, _("Mail to staff"), suppressible=False))
