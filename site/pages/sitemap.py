"""The map of the site for search engines, one a language with the other languages beside each page, and robots.txt."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import HttpResponse
from django.utils.encoding import iri_to_uri
from django.views.decorators.http import require_safe

from base.languages import CODES, FALLBACK, active
from base.page_cache import SECONDS_HEADER
from base.pages import address_of_site, listed_pages
from base.sites import site_of, site_roots

if TYPE_CHECKING:
    from django.http import HttpRequest
    from wagtail.models import Site

CACHE_SECONDS = 300
# The protocol's own limit (sitemaps.org).
MOST_URLS = 50_000
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
PROTOCOL, XHTML = "http://www.sitemaps.org/schemas/sitemap/0.9", "http://www.w3.org/1999/xhtml"
ROBOTS = """User-agent: *
Disallow: /admin/
Disallow: /mail/
Disallow: /reach/

Sitemap: {address}
"""


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse(ROBOTS.format(address=f"{_here(request)}/sitemap.xml"), content_type="text/plain; charset=utf-8")


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    here = _here(request)
    maps = "".join(f"<sitemap><loc>{here}/{code}/sitemap.xml</loc></sitemap>\n" for code in CODES)
    return _xml(f'{HEAD}<sitemapindex xmlns="{PROTOCOL}">\n{maps}</sitemapindex>\n')


@require_safe
def of_language(request: HttpRequest) -> HttpResponse:
    site = site_of(request)
    rows = _pages(site) if site else {}
    language = active()
    entries = [_entry(translations, language) for translations in rows.values() if language in translations]
    text = "".join(entries[:MOST_URLS])
    return _xml(f'{HEAD}<urlset xmlns="{PROTOCOL}" xmlns:xhtml="{XHTML}">\n{text}</urlset>\n')


def _here(request: HttpRequest) -> str:
    """The address of the site that was asked, by our own word: never by that of the request."""
    site = site_of(request)
    return address_of_site(site) if site else settings.BASE_URL


def _pages(site: Site) -> dict[Any, dict[str, tuple[str, Any]]]:
    """Address and last change by language, by translation key. One query for the pages; their addresses are made here, without reading them.

    A theme that has a host of its own stands in the map of that host alone, wherever its pages lie.
    """
    roots = sorted(site_roots(), key=lambda root: len(root.root_path), reverse=True)
    here = address_of_site(site)
    found: dict[Any, dict[str, tuple[str, Any]]] = defaultdict(dict)
    names = ("translation_key", "locale__language_code", "url_path", "last_published_at")
    for key, language, path, changed in listed_pages().order_by("path").values_list(*names):
        root = next((root for root in roots if root.language_code == language and path.startswith(root.root_path)), None)
        if root and root.site_id == site.pk:
            found[key][language] = (escape(iri_to_uri(f"{here}/{language}/{path[len(root.root_path) :]}")), changed)
    return found


def _entry(translations: dict[str, tuple[str, Any]], language: str) -> str:
    address, changed = translations[language]
    links = [(code, translations[code][0]) for code in CODES if code in translations]
    links.append(("x-default", translations.get(FALLBACK, translations[language])[0]))
    alternates = "".join(f'<xhtml:link rel="alternate" hreflang="{code}" href="{url}"/>' for code, url in links)
    moment = f"<lastmod>{changed.isoformat(timespec='seconds')}</lastmod>" if changed else ""
    return f"<url><loc>{address}</loc>{moment}{alternates}</url>\n"


def _xml(text: str) -> HttpResponse:
    response = HttpResponse(text, content_type="application/xml; charset=utf-8")
    response[SECONDS_HEADER] = str(CACHE_SECONDS)
    return response
