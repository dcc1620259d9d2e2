"""What a page says in running text: for feeds, which need it as HTML, and for search."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bs4 import BeautifulSoup
from django.db import models
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.rich_text import expand_db_html

if TYPE_CHECKING:
    from collections.abc import Iterator

ADDRESS = re.compile(r'(\s(?:href|src)=")/(?!/)')


def written_fields(page: Any) -> Iterator[models.Field[Any, Any]]:
    """The texts that stand open on the page's first tab. Plan, sorting and practical facts stand in groups, and are not among them."""
    for panel in page.content_panels:
        if isinstance(panel, FieldPanel) and panel.field_name not in {"title", "lead"}:
            field = page._meta.get_field(panel.field_name)
            if isinstance(field, StreamField | models.TextField):
                yield field


def html_of(page: Any, base_url: str = "") -> SafeString:
    """All texts but title and lead. With `base_url`, links and pictures are absolute. A page whose blocks need their page tells `own_html`."""
    if hasattr(page, "own_html"):
        return _absolute(str(page.own_html()), base_url)
    parts = []
    for field in written_fields(page):
        value = field.value_from_object(page)
        if not value:
            continue
        if isinstance(field, StreamField):
            parts.append(str(value))
            continue
        # Rich text holds what the editor's features let through (`base.blocks.RICH_TEXT`); plain text is escaped.
        html = expand_db_html(value) if isinstance(field, RichTextField) else linebreaks(value, autoescape=True)
        parts.append(format_html("<h2>{}</h2>{}", capfirst(str(field.verbose_name)), mark_safe(html)))
    return _absolute("".join(parts), base_url)


def _absolute(html: str, base_url: str) -> SafeString:
    # Each part is safe: rendered by templates, or escaped above.
    return mark_safe(ADDRESS.sub(rf"\g<1>{base_url}/", html) if base_url else html)


def text_of(html: str) -> str:
    soup = BeautifulSoup(html, "html.parser")
    for silent in soup(["svg", "script", "style"]):
        silent.decompose()
    return " ".join(soup.get_text(" ").split())
