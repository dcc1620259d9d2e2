"""Two people at one page: whoever saves over what another has saved meanwhile is told, and led to the other's version in the page's history.

Wagtail's editor asks beforehand, but only once it knows of the other's version, which takes it a while.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail.admin.utils import get_user_display_name

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest
    from wagtail.models import Page, Revision


def tell(request: HttpRequest, page: Page) -> None:
    """After saving. Saving by itself needs no word: Wagtail does not do it over another's version."""
    opened = _opened(request.POST.get("loaded_revision_created_at", ""))
    if opened is None or not request.accepts("text/html"):
        return
    mine = page.get_latest_revision()
    other = page.revisions.filter(created_at__gt=opened).exclude(pk=mine.pk).select_related("user").order_by("-created_at").first()
    if other is None:
        return
    compare = reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, other.pk, mine.pk])
    messages.warning(request, format_html('{} <a href="{}">{}</a>', _said(request, page, other), compare, _("Compare the versions")))


def _said(request: HttpRequest, page: Page, other: Revision) -> str:
    if other.user_id == request.user.pk:
        text = _("You saved a newer version of “%(title)s” in another window. This version has replaced it; the other is kept in its history.")
        return text % {"title": page.title}
    text = _(
        "%(name)s saved a newer version of “%(title)s” while you were editing it. Your version has replaced it; the other is kept in its history."
    )
    return text % {"name": get_user_display_name(other.user) if other.user else _("Somebody"), "title": page.title}


def _opened(text: str) -> datetime | None:
    try:
        return parse_datetime(text)
    except ValueError:
        return None
