from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "desk"
    verbose_name = _("Desk")

    def ready(self) -> None:
        from desk import comment_notices, networks
        from desk.approval import notices
        from desk.bridging import notices as bridging
        from desk.door import actions
        from desk.item import views as item
        from mail import streams

        # Colleagues who ask each other for an answer.
        streams.register(streams.Stream(notices.STREAM, _("Mail to staff"), suppressible=False))
        notices.connect()
        comment_notices.connect()
        bridging.connect()
        networks.register()
        item.connect()
        # To staff, about what they have sent in themselves.
        streams.register(streams.Stream(actions.STREAM, _("Mail to staff"), suppressible=False))
        actions.connect()
