"""Views that belong to no package above."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe
from wagtail.models import Page, Site

from base.fallbacks import IN_LANGUAGE, borrowed
from base.languages import CODES, FALLBACK, active
from base.page_cache import SECONDS_HEADER
from base.pages import ENDONYMS, PublicPage, home_in

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

CACHE_SECONDS = 300


def to_reader_language(request: HttpRequest) -> HttpResponse:
    """`/` leads to the front page in the first of the reader's languages that we speak."""
    language = translation.get_language_from_request(request)
    response = redirect(f"/{language if language in CODES else FALLBACK}/")
    patch_vary_headers(response, ("Accept-Language",))
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Above all for a host that the settings do not know: nothing of the request is believed, its host least of all."""
    return HttpResponseBadRequest(render_to_string("400.html"))


def of_address(request: HttpRequest) -> list[dict[str, Any]]:
    """An address in a language that its page has not got, or that has another one there: the page that is meant."""
    parts = request.path_info.strip("/").split("/")
    site = Site.find_for_request(request)
    if len(parts) < 2 or parts[0] not in CODES or site is None:
        return []
    homes = site.root_page.get_translations(inclusive=True).live()
    paths = [f"{home}{'/'.join(parts[1:])}/" for home in homes.values_list("url_path", flat=True)]
    page = _public().filter(url_path__in=paths).first()
    versions = [] if page is None else _versions(page, request)
    own = [version for version in versions if version["code"] == active()]
    return own or versions


def _public() -> Any:
    return Page.objects.live().public().exclude(borrowed()).select_related("locale")


def _versions(page: Page, request: HttpRequest) -> list[dict[str, Any]]:
    """Where the page can be read, Finnish first."""
    found = sorted(_public().filter(translation_key=page.translation_key), key=lambda version: CODES.index(version.locale.language_code))
    rows = [(version.locale.language_code, version) for version in found]
    return [
        {"code": code, "name": ENDONYMS[code], "in_language": IN_LANGUAGE[code], "title": version.title, "url": version.get_url(request)}
        for code, version in rows
    ]


@require_safe
def untranslated(request: HttpRequest, page_id: int) -> HttpResponse:
    """Where the language switch leads from a page that is not there in the reader's language: says so, and what there is."""
    page = Page.objects.live().public().filter(pk=page_id, depth__gt=1).first()
    language, home = active(), home_in(request, active())
    versions = _versions(page, request) if page else []
    if not versions or home is None or not isinstance(page.specific, PublicPage):
        raise Http404
    if own := next((version for version in versions if version["code"] == language), None):
        return redirect(own["url"])
    links = {link.language_code: link for link in page.specific.language_links(request)}
    switch = [replace(link, is_current=code == language, note="") for code, link in links.items()]
    context = home.frame(request) | {"sharing": None, "structured": None, "versions": versions, "translations": switch}
    response = render(request, "base/untranslated.html", context | {"lead": getattr(_first(versions, page), "lead", "")})
    response["X-Robots-Tag"] = "noindex"
    response[SECONDS_HEADER] = str(CACHE_SECONDS)
    return response


def _first(versions: list[dict[str, Any]], page: Any) -> Any:
    version = page.get_translations(inclusive=True).filter(locale__language_code=versions[0]["code"]).first()
    return version.specific if version else None
