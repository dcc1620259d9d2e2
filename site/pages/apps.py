from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    name = "pages"
    verbose_name = _("Site")

    def ready(self) -> None:
        from base.blocks import register
        from mail import streams
        from pages import enquiries
        from pages.blocks import NewestBlock

        # A person has just written to us.
        streams.register(streams.Stream(enquiries.STREAM, suppressible=False))
        enquiries.register_holdings()
        register("newest", NewestBlock)
