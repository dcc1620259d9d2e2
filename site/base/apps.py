from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BaseConfig(AppConfig):
    name = "base"
    verbose_name = _("Ground floor")

    def ready(self) -> None:
        from django.urls import register_converter
        from wagtail.contrib.redirects.models import Redirect
        from wagtail.models import Locale, Site

        from base import page_changes
        from base.keys import KeyConverter
        from base.models import SiteDocument, SiteImage

        register_converter(KeyConverter, "key")
        page_changes.watch_pages()
        page_changes.watch(Site, Locale, Redirect, SiteImage, SiteDocument)

        from base.gate import guard, links, rendered, texts

        for checks in (texts, links, rendered):
            checks.register_all()
        guard.connect()
