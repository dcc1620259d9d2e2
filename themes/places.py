"""Where a theme is on the web: at a host name of its own (a site of Wagtail), or as a section below another theme's front page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from wagtail.models import get_page_models

from base.pages import home_in, site_address
from base.remembered import remember

if TYPE_CHECKING:
    from django.http import HttpRequest

    from themes.models import Theme


def front_pages(theme: Theme) -> Any:
    """The theme's front page in each of its languages, the source first."""
    model: Any = next(model for model in get_page_models() if getattr(model, "is_front", False))
    return model._default_manager.filter(theme=theme).select_related("locale", "theme").order_by("pk")


def address_of(theme: Theme) -> str:
    """What addresses of the theme begin with, such as `https://oppiminen.example.org`: for mails, which know no request.

    Looked for once for each object that `theme` is.
    """
    if "_address" not in theme.__dict__:
        theme.__dict__["_address"] = remember(("address", theme.pk), lambda: _address_of(theme))
    address: str = theme.__dict__["_address"]
    return address


def _address_of(theme: Theme) -> str:
    home = front_pages(theme).first()
    return (home and site_address(home)) or settings.BASE_URL


def front_page_at(request: HttpRequest, language: str) -> Any:
    """The front page that the request's address stands under: that of its host, or of a theme that is a section there."""
    home = home_in(request, language)
    if home is None:
        return None
    below = type(home)._default_manager.live().descendant_of(home).filter(locale__language_code=language).select_related("locale", "theme")
    found = [front for front in below if request.path_info.startswith(front.get_url(request) or "\0")]
    return max(found, key=lambda front: front.depth, default=home)


def is_section(front: Any) -> bool:
    """Whether the theme stands below another's front page, at the same host."""
    parts = front.get_url_parts()
    return bool(parts and parts[2] and parts[2] != f"/{front.locale.language_code}/")
