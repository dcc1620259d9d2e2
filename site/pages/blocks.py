"""What the pages of the site give to running text: the newest of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from base.blocks import groups
from base.pictures import load_pictures
from pages.models import PracticePage, ResultPage, StoryPage, newest_below

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

STORIES, RESULTS, PRACTICES, FINDINGS, ALL = "stories", "results", "practices", "findings", "all"
MODELS: dict[str, tuple[type[Any], ...]] = {
    STORIES: (StoryPage,),
    RESULTS: (ResultPage,),
    PRACTICES: (PracticePage,),
    FINDINGS: (ResultPage, PracticePage),
    ALL: (StoryPage, ResultPage, PracticePage),
}
TITLES: dict[str, str | _StrPromise] = {
    STORIES: _("Newest stories"),
    RESULTS: _("Newest results"),
    PRACTICES: _("Newest good practices"),
    FINDINGS: _("Results and good practices"),
    ALL: _("Newest on the site"),
}


class NewestBlock(blocks.StructBlock):
    """Renews itself. Without a page around it, as in a feed or in search, it has nothing to say."""

    is_band = True

    what = blocks.ChoiceBlock(label=_("What"), choices=list(TITLES.items()), default=STORIES)
    title = blocks.CharBlock(label=_("Title"), max_length=90, required=False, help_text=_("Without one, the title says what is shown."))
    number = blocks.IntegerBlock(label=_("How many"), default=3, min_value=1, max_value=9)
    leads = blocks.BooleanBlock(label=_("The newest stands large"), required=False, default=False)

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        page, request = context.get("page"), context.get("request")
        if page is None:
            return context | {"is_away": True}
        what, number = value["what"], value["number"]
        found = newest_below(page.site_home, page.theme, number, MODELS[what])[:number]
        large = 1 if value["leads"] else 0
        load_pictures(found[:large], "lead")
        load_pictures(found[large:])
        return context | {
            "title": value["title"] or TITLES[what],
            "items": [replace(one.digest(request), origin=page.origin_of(one)) for one in found],
        }

    class Meta:
        icon = "list-ul"
        label = _("Newest pages")
        group = groups.SITE
        help_text = _("The newest stories, results or practices. The list renews itself.")
        template = "pages/blocks/newest.html"
        label_format = "{what} ({number})"
