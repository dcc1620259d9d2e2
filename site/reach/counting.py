"""Views of pages that are acts of communication are tallied for the goals of these: the day, the language, and nothing of who it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from wagtail.models import Page

from contacts import outreach
from contacts.models import Outreach, Tally

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

CAUSE = "reach.view"


def count_view(page_id: int, number: int = 1) -> None:
    """`number` of views, today. A page that is not live or does not serve a goal counts nothing."""
    count_views({(page_id, timezone.localdate()): number})


def count_views(viewed: Mapping[tuple[int, date], int]) -> None:
    """How often each page was looked at on each day. In one transaction with what says that these were counted."""
    numbers = {number for number, _day in viewed}
    pages = Page.objects.live().filter(pk__in=numbers).select_related("locale").in_bulk()
    acts = {act.item_key: act for act in Outreach.objects.filter(item_key__in=[page.translation_key for page in pages.values()])}
    for (number, day), views in sorted(viewed.items()):
        page = pages.get(number)
        act = acts.get(page.translation_key) if page else None
        if page and act:
            outreach.count(act, Tally.Kind.VIEW, cause=CAUSE, language=page.locale.language_code, number=views, day=day)
