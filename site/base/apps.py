from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BaseConfig(AppConfig):
    name = "base"
    verbose_name = _("Ground floor")

    def ready(self) -> None:
        from django.db.models import Field
        from django.urls import register_converter
        from wagtail.contrib.redirects.models import Redirect
        from wagtail.models import Locale, PageViewRestriction, Site

        from base import lookups, page_changes
        from base.keys import KeyConverter, TokenConverter
        from base.models import HeldFile, SiteDocument, SiteImage
        from base.questions.files import delete_with_row

        register_converter(KeyConverter, "key")
        Field.register_lookup(lookups.AnyOf)
        register_converter(TokenConverter, "token")
        delete_with_row(HeldFile)
        page_changes.watch_pages()
        page_changes.watch(Site, Locale, PageViewRestriction, Redirect, SiteImage, SiteDocument)

        from base.gate import contrast, documents, emblem, guard, links, pictures, recordings, rendered, statement, texts

        for checks in (texts, links, pictures, rendered, emblem, statement, contrast, documents, recordings):
            checks.register_all()
        guard.connect()

        from django.db.models.signals import post_save
        from django_q.signals import post_spawn
        from wagtail.signals import page_published

        from base.memory import keep_what_is_loaded
        from base.pictures import make_files_of_changed, make_files_of_published

        post_spawn.connect(keep_what_is_loaded, dispatch_uid="base.keep_what_is_loaded")
        page_published.connect(make_files_of_published, dispatch_uid="base.make_files_of_published")
        post_save.connect(make_files_of_changed, sender=SiteImage, dispatch_uid="base.make_files_of_changed")

        from base import clock, redirects, scheduled
        from base.trash import actions as trash

        trash.connect()
        redirects.connect()
        scheduled.connect()
        clock.connect()

        from base import rich_text, staff_lists

        rich_text.connect()
        staff_lists.connect()

        from base.translations import checks, following, slugs

        following.connect()
        slugs.connect()
        # After `following`, whose work they look at.
        checks.connect()
