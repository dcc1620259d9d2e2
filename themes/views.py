"""What a theme serves beside its pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe
from wagtail.models import Page

from base.languages import CODES, FALLBACK, active
from base.views import of_address
from themes import cards
from themes.look import NONE, stylesheet
from themes.look import digest as digest_of
from themes.pages import ThemedPage
from themes.places import front_page_at

if TYPE_CHECKING:
    from django.http import HttpRequest

A_YEAR, A_DAY, A_MINUTE = 31_536_000, 86_400, 60


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """In the look, the language and the menu of the theme under whose address it was looked for."""
    language = translation.get_language_from_path(request.path_info) or translation.get_language_from_request(request)
    with translation.override(language if language in CODES else FALLBACK):
        front = front_page_at(request, active())
        # The front page is only the frame: what is not here has no address, no other languages and no reading to count.
        # Its search stands in the page, so the header has none.
        frame = front.frame(request) | {"sharing": None, "page": None, "is_search": True} if front else {"language": active()}
        return render(request, "404.html", frame | {"versions": of_address(request)}, status=404)


@require_safe
def look(request: HttpRequest, accent: str, face: str, digest: str) -> HttpResponse:
    """The same address is always the same bytes; an older one, of a page that somebody kept, gets the rules of today for a minute."""
    colour = "" if accent == NONE else f"#{accent}"
    try:
        rules = stylesheet(colour, face)
    except (ValidationError, ValueError):
        raise Http404 from None
    response = HttpResponse(rules, content_type="text/css; charset=utf-8")
    if digest == digest_of(colour, face):
        patch_cache_control(response, public=True, max_age=A_YEAR, immutable=True)
    else:
        patch_cache_control(response, public=True, max_age=A_MINUTE)
    return response


@require_safe
def card(request: HttpRequest, number: str, digest: str) -> HttpResponse:
    """The same address is always the same picture; an older one leads to that of the page as it is now."""
    page: Any = Page.objects.live().public().filter(pk=number).specific().first()
    if not isinstance(page, ThemedPage) or not page.is_listed():
        raise Http404
    drawn = cards.card_of(page)
    if digest != drawn.digest:
        elsewhere = redirect(cards.address(page))
        patch_cache_control(elsewhere, public=True, max_age=A_MINUTE)
        return elsewhere
    picture = cache.get_or_set(f"card:{digest}", lambda: cards.draw(drawn, getattr(page, "picture", None)), A_DAY)
    response = HttpResponse(picture, content_type="image/jpeg")
    patch_cache_control(response, public=True, max_age=A_YEAR, immutable=True)
    return response
