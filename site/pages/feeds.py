"""The Atom (RFC 4287) and JSON (JSON Feed 1.1) feeds of a section: of any page below the front page whose kind says `has_feed`.

An entry's id is made from what never changes: neither address nor host is in it, so a page that moves is not new to a reader.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html
from django.utils.http import http_date
from django.views.decorators.http import require_safe
from wagtail.models import Page

from base.fallbacks import borrowed
from base.languages import active
from base.page_cache import SECONDS_HEADER
from base.pages import home_in, site_address, web_address
from contacts import shared
from pages.models import HomePage, StoryPage
from pages.texts import html_of
from themes.places import is_section

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.xmlutils import SimplerXMLGenerator

ENTRIES = 30
# Changes end a kept feed at once; this bounds what no change tells of.
CACHE_SECONDS = 300
JSON_FEED = "https://jsonfeed.org/version/1.1"
TYPES = {"atom": "application/atom+xml", "json": "application/feed+json"}
# Of a section that nothing was published in: a feed must say when it changed.
LONG_AGO = datetime(2021, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Entry:
    id: str
    title: str
    lead: str
    url: str
    html: str
    published: datetime
    updated: datetime
    kind: str
    # Who is named as the writer; the site, where nobody is.
    authors: list[str]


@dataclass(frozen=True)
class Feed:
    id: str
    language: str
    path: str
    title: str
    lead: str
    url: str
    author: str
    entries: list[Entry]
    updated: datetime

    def address(self, form: str) -> str:
        return f"{self.path}.{form}"


def feed_path(section: Any) -> str:
    """Without its ending. The slug of a theme that is a section of another's site comes first: two themes may have sections of one name."""
    home = section.site_home
    slugs = [home.slug, section.slug] if is_section(home) else [section.slug]
    with translation.override(section.locale.language_code):
        return reverse("pages:feed", args=["/".join(slugs), "atom"]).removesuffix(".atom")


def feed_of(section: Any) -> Feed:
    language = section.locale.language_code
    homes = shared.into(section) if section.takes_shared else {}
    children = section.pages_in_feed().live().public().exclude(borrowed()).filter(first_published_at__isnull=False)
    with translation.override(language):
        pages = list(children.order_by("-first_published_at", "-pk")[:ENTRIES].specific())
        prefetch_related_objects([page for page in pages if isinstance(page, StoryPage)], "author_organisation")
        entries = [_entry(page, language, homes) for page in pages]
        changes = [section.last_published_at, shared.changed_at(section) if section.takes_shared else None]
        return Feed(
            id=_id(section, language),
            language=language,
            path=site_address(section) + feed_path(section),
            title=f"{section.title} – {section.theme.name}",
            lead=section.lead,
            url=web_address(section),
            author=section.theme.name,
            entries=entries,
            updated=max([*filter(None, changes), *(entry.updated for entry in entries)], default=LONG_AGO),
        )


def _id(page: Page, language: str) -> str:
    return f"urn:uuid:{uuid.uuid5(page.translation_key, language)}"


def _entry(page: Any, language: str, homes: shared.Homes) -> Entry:
    """What another theme shares has the id and the address that it has there; without a writer's name, that theme's stands in its place."""
    authors = list(getattr(page, "author_names", ()))
    if not authors and page.translation_key in homes:
        authors = [homes[page.translation_key].name]
    return Entry(
        id=_id(page, language),
        title=page.title,
        lead=page.lead,
        url=web_address(page),
        html=format_html("{}{}", getattr(page, "opening_of_entry", ""), html_of(page, site_address(page))),
        published=page.first_published_at,
        updated=page.last_published_at or page.first_published_at,
        kind=str(page.kind_label),
        authors=authors,
    )


class AtomFeed(Atom1Feed):
    """Django's, with the whole text, and the moment of the last change instead of the newest entry's."""

    def latest_post_date(self) -> datetime:
        updated: datetime = self.feed["updated"]
        return updated

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["html"], {"type": "html"})


def atom(feed: Feed) -> bytes:
    made = AtomFeed(
        title=feed.title,
        link=feed.url,
        description="",
        subtitle=feed.lead or None,
        language=feed.language,
        author_name=feed.author,
        feed_url=feed.address("atom"),
        feed_guid=feed.id,
        updated=feed.updated,
    )
    for entry in feed.entries:
        made.add_item(
            entry.title,
            entry.url,
            entry.lead,
            unique_id=entry.id,
            pubdate=entry.published,
            updateddate=entry.updated,
            categories=[entry.kind],
            author_name="; ".join(entry.authors) or None,
            html=entry.html,
        )
    return made.writeString("utf-8").encode()


def json_feed(feed: Feed) -> bytes:
    made = {
        "version": JSON_FEED,
        "title": feed.title,
        "home_page_url": feed.url,
        "feed_url": feed.address("json"),
        "description": feed.lead,
        "language": feed.language,
        "authors": [{"name": feed.author}],
        "items": [
            {
                "id": entry.id,
                "url": entry.url,
                "title": entry.title,
                "summary": entry.lead,
                "content_html": entry.html,
                "date_published": entry.published.isoformat(),
                "date_modified": entry.updated.isoformat(),
                "language": feed.language,
                "tags": [entry.kind],
                **({"authors": [{"name": name} for name in entry.authors]} if entry.authors else {}),
            }
            for entry in feed.entries
        ],
    }
    return json.dumps(made, ensure_ascii=False).encode()


WRITERS = {"atom": atom, "json": json_feed}


@require_safe
def section_feed(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """304 to who has these bytes, or nothing newer."""
    home = home_in(request, active())
    above, _slash, slug = slug.rpartition("/")
    if home and above:
        home = HomePage.objects.descendant_of(home).live().filter(slug=above).first()
    section = home and Page.objects.child_of(home).live().public().filter(slug=slug).specific().first()
    if not getattr(section, "has_feed", False):
        raise Http404
    feed = feed_of(section)
    content = WRITERS[form](feed)
    response = HttpResponse(content, content_type=f"{TYPES[form]}; charset=utf-8")
    response["ETag"] = etag = f'"{sha256(content).hexdigest()[:32]}"'
    response["Last-Modified"] = http_date(feed.updated.timestamp())
    response[SECONDS_HEADER] = str(CACHE_SECONDS)
    return get_conditional_response(request, etag, int(feed.updated.timestamp()), response) or response
