from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BaseConfig(AppConfig):
    name = "base"
    verbose_name = _("Ground floor")

    def ready(self) -> None:
        from wagtail.contrib.redirects.models import Redirect
        from wagtail.models import Locale, Site

        from base import page_changes
        from base.models import SiteDocument, SiteImage

        page_changes.watch_pages()
        page_changes.watch(Site, Locale, Redirect, SiteImage, SiteDocument)
