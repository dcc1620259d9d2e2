"""A section whose pages are narrowed by choices in the address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from base.narrowing import choices, chosen_in, counts, pager, sheet_of
from themes.pages import ThemedPage

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.http import HttpRequest
    from django.utils.functional import _StrPromise

    from base.narrowing import Facet, Match

ROWS_A_SHEET = 20


class CataloguePage(ThemedPage, Page):
    """What such sections share. A kind says what its rows are, by what they are narrowed, and what stands where there is none yet."""

    lead = models.TextField(gettext_lazy("lead"), max_length=400, blank=True)

    content_panels: ClassVar = [*Page.content_panels, FieldPanel("lead")]
    parent_page_types: ClassVar = ["pages.HomePage"]
    template = "pages/catalogue.html"
    has_feed = True
    empty_title: ClassVar[str | _StrPromise]
    empty_text: ClassVar[str | _StrPromise]

    class Meta:
        abstract = True

    @property
    def feed_path(self) -> str:
        from pages.feeds import feed_path

        return feed_path(self)

    def rows(self) -> models.QuerySet[Any]:
        """The live pages below, in the order of the list, with what their digests read."""
        raise NotImplementedError

    def facets(self) -> list[Facet]:
        raise NotImplementedError

    def matches(self) -> list[Match]:
        """Every row with its values for each facet, in the order of the list. A fixed number of queries."""
        raise NotImplementedError

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        facets = self.facets()
        chosen = chosen_in(request.GET.dict(), [facet.name for facet in facets])
        matches = self.matches()
        numbers = counts(matches, chosen, [facet.name for facet in facets])
        sheet = sheet_of([match.pk for match in matches if match.fits(chosen)], request.GET.get("page"), ROWS_A_SHEET)
        shown = [facet.shown(choices(facet.name, facet.labels, numbers[facet.name], chosen)) for facet in facets]
        return super().get_context(request, *args, **kwargs) | {
            "groups": self.groups(self.of_numbers(list(sheet.object_list)), request),
            "facets": [facet for facet in shown if facet["choices"]],
            "is_narrowed": bool(chosen),
            "has_rows": bool(matches),
            "number": sheet.paginator.count,
            "pager": pager(sheet, chosen),
        }

    def of_numbers(self, numbers: Collection[int]) -> list[Any]:
        pages = {page.pk: page for page in self.rows().filter(pk__in=numbers)}
        return [pages[number] for number in numbers if number in pages]

    def groups(self, pages: list[Any], request: HttpRequest) -> list[dict[str, Any]]:
        """The digests of a sheet's pages, where a kind parts them under a title for each part; none where there is no page."""
        return [{"title": "", "items": type(pages[0]).digests(pages, request)}] if pages else []
