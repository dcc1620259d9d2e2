"""What an organisation's timeline hears of the site: what it wrote, and the services that it offers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Page

from contacts.timeline import Moment, Source, register
from pages.models import ServicePage, StoryPage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contacts.timeline import Sheet, Whose


def stories(whose: Whose, sheet: Sheet) -> Iterator[Moment]:
    return _published(sheet, StoryPage.objects.live().filter(author_organisation__in=whose.organisations), _("Wrote a story"))


def services(whose: Whose, sheet: Sheet) -> Iterator[Moment]:
    return _published(sheet, ServicePage.objects.live().filter(organisation__in=whose.organisations), _("Service published"))


def _published(sheet: Sheet, rows: Any, what: str) -> Iterator[Moment]:
    """A translation is not told again: the page that it was made from is older."""
    older = Page.objects.filter(translation_key=OuterRef("translation_key"), pk__lt=OuterRef("pk"))
    for page in sheet.newest(rows.filter(~Exists(older), alias_of=None), "first_published_at"):
        yield Moment(page.first_published_at, sheet.source, page.pk, what, page.title, reverse("wagtailadmin_pages:edit", args=[page.pk]))


def register_all() -> None:
    register(Source("pages.stories", stories))
    register(Source("pages.services", services))
