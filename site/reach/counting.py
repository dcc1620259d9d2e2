"""What is counted of a page that somebody looks at: the day, the language, and nothing of who it was."""

from __future__ import annotations

from wagtail.models import Page

from contacts import outreach
from contacts.models import Tally

CAUSE = "reach.view"


def count_view(page_id: int, number: int = 1) -> None:
    """`number` of views. A page that is not live or does not serve a goal counts nothing."""
    page = Page.objects.live().filter(pk=page_id).select_related("locale").first()
    act = outreach.of_item(page.translation_key) if page else None
    if page and act:
        outreach.count(act, Tally.Kind.VIEW, cause=CAUSE, language=page.locale.language_code, number=number)
