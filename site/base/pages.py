"""What every public page of the product can do, whatever package it is in."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import cached_property
from django.utils.translation import gettext, gettext_lazy
from wagtail.models import Locale, Page, PagePermissionTester, PageViewRestriction, get_page_models

from base.bounds import everywhere
from base.fallbacks import IN_LANGUAGE, borrowed, is_borrowed
from base.languages import CODES, active
from base.page_cache import SECONDS_HEADER
from base.page_forms import DraftFirstForm
from base.remembered import remember
from base.sites import is_restricted, site_of, site_roots

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse
    from django.utils.functional import _StrPromise
    from wagtail.models import Site

    from base.models import SiteImage

# Each language's own name for itself, never translated.
ENDONYMS = {"fi": "suomi", "sv": "svenska", "en": "English"}


def web_address(page: Page) -> str:
    """Where the page is for the whole world; "" where it is nowhere. No query once the sites are known."""
    page._wagtail_cached_site_root_paths = site_roots()  # where Page.get_url looks
    url: str = page.get_url() or ""
    return f"{settings.BASE_URL}{url}" if url.startswith("/") else url


def site_address(page: Page) -> str:
    """What addresses of the page's own site begin with; BASE_URL where there is only one site. "" for a page that is nowhere."""
    page._wagtail_cached_site_root_paths = site_roots()  # where Page.get_url looks
    url = page.get_url()
    if url is None:
        return ""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else settings.BASE_URL


def address_of_site(site: Site) -> str:
    """The default site's is BASE_URL, whatever host it was asked by."""
    return settings.BASE_URL if site.is_default_site else str(site.root_url)


def home_in(request: HttpRequest, language: str) -> Any:
    """The front page of the request's site in the language; None where there is none, as before the first theme is opened."""
    site = site_of(request)

    def read() -> Any:
        found = site.root_page.get_translations(inclusive=True).live().filter(locale__language_code=language).specific().first()
        return found if isinstance(found, PublicPage) else None

    # A copy: it is put into a frame as the page of this request.
    return site and copy(remember(("home", site.pk, language), read))


def listed_pages() -> Any:
    """Every page that the whole world may find: live, not restricted, and not left out by its kind."""
    pages = Page.objects.live().public().filter(depth__gte=2).exclude(borrowed())
    for model in get_page_models():
        hidden = model.unlisted() if issubclass(model, PublicPage) else None
        if hidden is not None:
            pages = pages.exclude(pk__in=hidden.values("pk"))
    return pages


def known_url(page: Page, request: HttpRequest) -> str | None:
    """As `page.get_url(request)`, of pages that every page leads to: made once for each site that is asked."""
    site = site_of(request)
    found: str | None = remember(("url", page.pk, site and site.pk), lambda: page.get_url(request))
    return found


@dataclass(frozen=True)
class LanguageLink:
    """The same page in another language, or the page there that says what there is instead; then `note` says so beside the language's name."""

    language_code: str
    label: str
    url: str
    is_current: bool
    is_translation: bool
    note: str | _StrPromise = ""


@dataclass(frozen=True)
class Digest:
    """What a row in a list, a newsletter block, a feed entry and a social post need of a page."""

    title: str
    lead: str
    url: str
    kind_label: str | _StrPromise
    date: datetime | None
    # What a reader must know beside the lead, such as when and where an event is.
    note: str = ""
    # The main picture of a page that has one; `base.pictures.load_pictures` reads those of a list at once.
    picture: SiteImage | None = None
    # Of title and lead, where it is not the reader's.
    language: str = ""
    # Whose it is, where it stands beside another theme's own.
    origin: str | _StrPromise = ""
    # What can be done at once, in words that say with what, and the place on the page for it, such as "#register".
    action: tuple[str, str] | None = None

    @property
    def in_language(self) -> str | _StrPromise:
        """Says so, in the reader's language."""
        return IN_LANGUAGE.get(self.language, "")


class Digestible:
    """A page that can stand as a row elsewhere. Needs `title`, `lead` and `first_published_at`."""

    kind_label: str | _StrPromise = ""
    # The heading over several of the kind.
    kind_label_plural: str | _StrPromise = ""
    # As what it is listed while it is coming or open (`base.coming`); "" for what is news once.
    comes_as: ClassVar[str] = ""

    def digest(self, request: HttpRequest | None = None) -> Digest:
        page: Any = self
        url = page.get_url(request) if request else page.full_url
        # Known where other languages stand in for the reader's (`base.fallbacks.readable`).
        code = getattr(page, "text_code", "")
        return Digest(
            page.title,
            page.lead,
            url or "",
            self.kind_label,
            page.first_published_at,
            picture=getattr(page, "picture", None),
            language="" if code == active() else code,
        )

    @classmethod
    def digests(cls, pages: Iterable[Any], request: HttpRequest | None = None) -> list[Digest]:
        """Of many pages of the kind, in their order. A kind whose digest asks the database asks once for all."""
        return [page.digest(request) for page in pages]

    def also_found_by(self) -> str:
        """What the search reads beside title, lead and texts."""
        return ""


class PageRights(PagePermissionTester):
    """Wagtail's, but whoever has asked others to approve a page waits for them, or takes the request back."""

    def can_publish(self) -> bool:
        if not super().can_publish():
            return False
        state = self.page.current_workflow_state
        return not (state and state.status == state.STATUS_IN_PROGRESS and state.requested_by_id == self.user.pk)


def _versions(translation_key: UUID) -> dict[str, Page]:
    codes = remember("locales", lambda: dict(Locale.objects.values_list("pk", "language_code")))
    others = Page.objects.filter(translation_key=translation_key).live().exclude(borrowed())
    return {codes[other.locale_id]: other for other in others.only("url_path", "path", "depth", "locale")}


class PublicPage:
    """The frame around a page: its language links and its menu. One query, and what is remembered between changes (`base.remembered`)."""

    # How long a visitor's page may come from memory. Changes end it at once; this is for what the clock changes.
    cache_seconds = 60
    # Whether the pages below it come in a feed (`pages.feeds`).
    has_feed: ClassVar[bool] = False
    # Whether it lists what another theme shares.
    takes_shared: ClassVar[bool] = False
    # Whether a menu begins here: the front page of a theme.
    is_front: ClassVar[bool] = False
    # What schema.org calls it.
    schema_type: ClassVar[str] = "WebPage"

    # The languages beyond Finnish in which a theme promises the kind unless it says otherwise (`themes.promises`).
    promised_in: ClassVar[tuple[str, ...]] = ()

    # Texts whose former words are wrong in every language once the source says otherwise, such as a place (`base.translations.following`).
    fact_fields: ClassVar[tuple[str, ...]] = ()
    # On the screen where all languages are written at once (`base.translations.sheet`).
    look_label: ClassVar[Any] = gettext_lazy("Save and look at the page")

    # Relations that every rendering of the kind needs.
    shown_with: ClassVar[tuple[str, ...]] = ("locale",)

    base_form_class = DraftFirstForm

    if TYPE_CHECKING:
        title: str
        pk: int

    @classmethod
    def unlisted(cls) -> Any:
        """Those of the kind that lists, search, feeds and the map of the site leave out, beside what is not public; None when there are none."""
        return None

    def pages_in_it(self) -> list[Any]:
        """Pages that it shows in each reader's language by itself: their translations are made at their own."""
        return []

    def words_for(self, text: str, code: str) -> str:
        """What one of its own texts is in another language, where the product itself has written it; "" for what a person wrote."""
        return ""

    def place_after_translating(self, user: Any) -> str:
        """Where whoever has published all languages goes on; "" to stay."""
        return ""

    def address_for_insiders(self) -> str:
        """Where a reader of an internal newsletter finds it, also one without a login."""
        return web_address(self)

    def is_listed(self) -> bool:
        hidden = self.unlisted()
        return hidden is None or not hidden.filter(pk=self.pk).exists()

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_borrowed(self):
            # The text would be in another language than the page around it.
            return redirect("untranslated", self.pk)
        if own := self.address_elsewhere(request):
            return redirect(own)
        # Asked before: a moment that passes while the page is rendered does not stay in it.
        seconds = self.seconds_to_keep(timezone.now())
        response: HttpResponse = super().serve(request, *args, **kwargs)  # type: ignore[misc]  # Wagtail's Page has it
        response[SECONDS_HEADER] = str(seconds)
        return response

    def seconds_to_keep(self, now: datetime) -> int:
        turn = self.next_turn(now)
        return self.cache_seconds if turn is None else min(self.cache_seconds, int((turn - now).total_seconds()))

    def next_turn(self, now: datetime) -> datetime | None:
        """The first moment after now at which the page says something else by the clock alone. None where it does not matter to the second."""
        return None

    def pages_in_feed(self) -> Any:
        """Of a kind that has a feed (`pages.feeds`)."""
        page: Any = self
        return page.get_children()

    def permissions_for_user(self, user: Any) -> PageRights:
        return PageRights(user, self)

    def publish(self, revision: Any, *args: Any, **kwargs: Any) -> Any:
        """Passes the publication gate first. A time to go out is given to a page that may go out; one that is due and may not, stays a draft."""
        from base.gate import guard

        now = timezone.now()
        is_due = revision.approved_go_live_at is not None and revision.approved_go_live_at <= now
        # Most have no time: the page is not read from its revision for that, as Wagtail does so next.
        if revision.content.get("go_live_at"):
            page = revision.as_object()
            if page.go_live_at > now:
                guard.hold_schedule(page)
        try:
            # What publishing brings about, such as the index, is the same whoever publishes.
            with everywhere(), transaction.atomic():
                return super().publish(revision, *args, **kwargs)  # type: ignore[misc]  # Wagtail's Page has it
        except ValidationError as refusal:
            # Beside the gate's: a slug that another page has taken meanwhile.
            if not is_due:
                raise
            return guard.refuse_schedule(self, refusal, revision)

    def address_elsewhere(self, request: HttpRequest) -> str:
        """A theme with a host name of its own stands there alone, also where its pages lie below another's front page."""
        page: Any = self
        page._wagtail_cached_site_root_paths = site_roots()
        parts, site = page.get_url_parts(), site_of(request)
        is_visit = not getattr(request, "is_preview", False)
        return f"{parts[1]}{parts[2]}" if is_visit and parts and parts[2] and site and parts[0] != site.pk else ""

    @cached_property
    def site_home(self) -> Page:
        return self.lineage[0]

    @cached_property
    def lineage(self) -> list[Page]:
        """The pages above it from the theme's front page on, and itself."""
        page: Any = self
        above = remember(("above", page.path[: -page.steplen]), self._above) if page.depth > 2 else []
        line = [*above, page]
        fronts = [place for place, one in enumerate(line) if getattr(one.specific_class, "is_front", False)]
        return line[fronts[-1] :] if fronts else line

    def _above(self) -> list[Page]:
        page: Any = self
        return list(page.get_ancestors().filter(depth__gte=2).order_by("depth"))

    def get_view_restrictions(self) -> Any:
        """No query where nothing is restricted. An alias is as restricted as its source: Wagtail follows it."""
        page: Any = self
        if is_restricted(page.path) or any(one.alias_of_id for one in self.lineage):
            return super().get_view_restrictions()  # type: ignore[misc]  # Wagtail's Page has it
        return PageViewRestriction.objects.none()

    @cached_property
    def versions(self) -> dict[str, Page]:
        """The page in each language that readers can have it in, by the language's code."""
        page: Any = self
        return remember(("versions", page.translation_key), lambda: _versions(page.translation_key))

    def language_links(self, request: HttpRequest) -> list[LanguageLink]:
        page: Any = self
        found = self.versions
        current = page.locale.language_code
        return [self._language_link(code, found.get(code), code == current, request) for code in CODES]

    def _language_link(self, code: str, version: Page | None, is_current: bool, request: HttpRequest) -> LanguageLink:
        url = version.get_url(request) if version else None
        if url or is_current or not self.pk:
            return LanguageLink(code, ENDONYMS[code], url or f"/{code}/", is_current, version is not None)
        with translation.override(code):
            return LanguageLink(code, ENDONYMS[code], reverse("untranslated", args=[self.pk]), is_current, False, gettext("not translated"))

    @cached_property
    def front_children(self) -> list[Page]:
        """The live pages right below the front page: the menu and the foot are made of them."""
        home = self.site_home
        return remember(("front children", home.pk), lambda: list(home.get_children().live().exclude(borrowed())))

    def menu(self, request: HttpRequest) -> list[dict[str, Any]]:
        page: Any = self
        sections = [child for child in self.front_children if child.show_in_menus]
        return [
            {"title": section.title, "url": known_url(section, request), "is_current": page.path.startswith(section.path)} for section in sections
        ]

    def home_url(self, request: HttpRequest) -> str | None:
        return known_url(self.site_home, request)

    def privacy_url(self, request: HttpRequest) -> str:
        """Where the theme's privacy notice is, for forms that ask for personal data; "" while there is none."""
        notices = (child for child in self.front_children if getattr(child.specific_class, "is_privacy_notice", False))
        return next((known_url(child, request) or "" for child in notices), "")

    def footer_links(self, request: HttpRequest) -> list[dict[str, Any]]:
        """Pages whose kind says `in_footer`: contact, accessibility statement, privacy notice."""
        standing = [child for child in self.front_children if getattr(child.specific_class, "in_footer", False)]
        return [{"title": child.title, "url": known_url(child, request)} for child in standing]
