from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "pages.search"
    label = "search"
    verbose_name = _("Search")

    def ready(self) -> None:
        from pages.search import index

        index.connect()
