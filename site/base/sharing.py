"""What a page says of itself to search engines and to those who share it: canonical address, languages, Open Graph, schema.org.

Only what every visitor may see goes in here.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from base.languages import FALLBACK
from base.pages import site_address, web_address

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest

    from base.pages import LanguageLink

# As Open Graph names them; Swedish and English as they are spoken in Finland have no name there.
LOCALES = {"fi": "fi_FI", "sv": "sv_SE", "en": "en_GB"}
ARTICLES = frozenset({"Article", "NewsArticle"})
# What would end the script, or begin a comment in it.
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


class Graph:
    """Descriptions by schema.org, written as JSON-LD when the template asks for it."""

    def __init__(self, *parts: dict[str, Any]) -> None:
        self.parts = list(parts)

    def __bool__(self) -> bool:
        return bool(self.parts)

    def __str__(self) -> SafeString:
        text = json.dumps({"@context": "https://schema.org", "@graph": self.parts}, ensure_ascii=False)
        # Nothing in it can end the element any more.
        return format_html('<script type="application/ld+json">{}</script>', mark_safe(text.translate(ESCAPES)))


def sharing(page: Any, request: HttpRequest, links: Iterable[LanguageLink], site_name: str) -> dict[str, Any]:
    """What `base/base.html` needs for its head. `links` are those of the header; no query beyond theirs and the line of ancestors."""
    url = web_address(page) + _sheet(request)
    site = site_address(page)
    translations = {link.language_code: urljoin(f"{site}/", link.url) for link in links if link.is_translation}
    language = page.locale.language_code
    return {
        "url": url,
        "title": page.seo_title or page.title,
        "description": page.search_description or getattr(page, "preview_text", "") or getattr(page, "lead", ""),
        "kind": "article" if page.schema_type in ARTICLES else "website",
        "site_name": site_name,
        "locale": LOCALES[language],
        "other_locales": [LOCALES[code] for code in translations if code != language],
        "alternates": [*translations.items(), ("x-default", translations.get(FALLBACK, url))],
        "published": page.first_published_at,
        "changed": page.last_published_at,
        "is_hidden": not page.is_listed(),
    }


def graph(page: Any, site_name: str, image: str) -> Graph:
    """`image` is the address of the picture to show with it. Of a page that is no event: those know their own facts."""
    office = organization(site_name, page)
    if page.is_front:
        url = web_address(page)
        return Graph(office, {"@type": "WebSite", "name": site_name, "url": url, "inLanguage": page.locale.language_code, "publisher": _ref(office)})
    parts = [breadcrumbs(page)]
    if page.schema_type in ARTICLES:
        parts += [office, _article(page, office) | {"image": image}]
    return Graph(*parts)


def organization(name: str, page: Any) -> dict[str, Any]:
    return {"@type": "Organization", "@id": f"{web_address(page.site_home)}#organization", "name": name, "url": web_address(page.site_home)}


def breadcrumbs(page: Any) -> dict[str, Any]:
    steps = [{"@type": "ListItem", "position": number, "name": step.title, "item": web_address(step)} for number, step in enumerate(page.lineage, 1)]
    return {"@type": "BreadcrumbList", "itemListElement": steps}


def _article(page: Any, office: dict[str, Any]) -> dict[str, Any]:
    described = {
        "@type": page.schema_type,
        "headline": page.title,
        "description": page.search_description or page.lead,
        "url": web_address(page),
        "mainEntityOfPage": web_address(page),
        "inLanguage": page.locale.language_code,
        "isAccessibleForFree": True,
        "author": _ref(office),
        "publisher": _ref(office),
    }
    for name, moment in (("datePublished", page.first_published_at), ("dateModified", page.last_published_at)):
        if moment:
            described[name] = moment.isoformat()
    return described


def _ref(office: dict[str, Any]) -> dict[str, str]:
    return {"@id": office["@id"]}


def _sheet(request: HttpRequest) -> str:
    """A later sheet of a list is a page of its own."""
    number = request.GET.get("page", "")
    return f"?page={number}" if number.isascii() and number.isdigit() and int(number[:4]) > 1 else ""
