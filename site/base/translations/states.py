"""The state of a page in each of the three languages. Two queries for any number of pages."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, IntegerField, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.utils.translation import pgettext_lazy as pgettext
from wagtail.models import Page
from wagtail_localize.models import StringSegment, StringTranslation, Translation

from base.languages import CODES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

# Filled from the translated title (`base.translations.slugs`): nobody waits for it.
SLUG = "slug"
SUBMIT = "wagtail_localize.submit_translation"


class State(StrEnum):
    PUBLISHED = "published"
    OUTDATED = "outdated"
    DRAFT = "draft"
    MISSING = "missing"

    @property
    def label(self) -> Any:
        return LABELS[self]


LABELS = {
    State.PUBLISHED: pgettext("page", "Published"),
    State.OUTDATED: gettext_lazy("Out of date"),
    State.DRAFT: pgettext("page", "Draft"),
    State.MISSING: pgettext("translation", "Missing"),
}


@dataclass(frozen=True)
class LanguageState:
    """`page` is the page in the language, or None; `source` the page that its translations are made from; `waiting` texts that wait for words.

    `is_behind`: the source says something else by now, whether the translation is public or not; `is_overtaken`, because it was published since.
    """

    language_code: str
    state: State
    source: Any
    page: Any = None
    waiting: int = 0
    translation_id: int | None = None
    is_behind: bool = False
    is_overtaken: bool = False

    @property
    def is_source(self) -> bool:
        return self.page is not None and self.page.pk == self.source.pk

    @property
    def note(self) -> str:
        """What the state's word leaves open."""
        if self.is_source:
            return _("source")
        if self.waiting and self.state is not State.MISSING:
            return ngettext("%(number)d text to translate", "%(number)d texts to translate", self.waiting) % {"number": self.waiting}
        if self.state is State.MISSING and self.page is not None:
            return _("shows the source's text")
        return ""

    @property
    def since(self) -> datetime | None:
        """Since when it is so, of what is missing, a draft, or out of date."""
        source: Any = self.source
        moment: datetime | None = source.last_published_at if self.state is State.OUTDATED else source.first_published_at
        return moment

    @property
    def place(self) -> str:
        """Where the work on it is: the editor, the translation editor, or the start of a translation."""
        if self.state is State.MISSING:
            return f"{reverse('translations:start')}?pages={self.source.pk}&languages={self.language_code}"
        return reverse("wagtailadmin_pages:edit", args=[self.page.pk])

    def url(self, user: Any) -> str:
        """`place` for who has the right to that work, else ""."""
        is_theirs = user.has_perm(SUBMIT) if self.state is State.MISSING else self.page.permissions_for_user(user).can_edit()
        return self.place if is_theirs else ""


def sheet_url(page: Any, codes: list[str] | None = None) -> str:
    """Where the texts of all languages, or of these, are written on one screen (`sheet`)."""
    query = f"?{urlencode({'languages': codes}, doseq=True)}" if codes else ""
    return reverse("translations:sheet", args=[page.pk]) + query


def may_translate(source: Any, user: Any) -> bool:
    return bool(user.has_perm(SUBMIT) and source.permissions_for_user(user).can_edit())


def untranslated(source: str, locale: str) -> QuerySet[Any]:
    """Segments of a source that have no words in a locale yet. Both name columns of the query around it."""
    words = StringTranslation.objects.filter(
        translation_of_id=OuterRef("string_id"), context_id=OuterRef("context_id"), locale_id=OuterRef(OuterRef(locale)), has_error=False
    )
    segments: QuerySet[Any] = StringSegment.objects.filter(~Exists(words), source_id=OuterRef(source))
    return segments.exclude(context__path=SLUG).order_by()


def states_of(pages: Iterable[Any]) -> dict[UUID, list[LanguageState]]:
    """By translation key, in the order of CODES."""
    keys = {page.translation_key for page in pages if page.depth > 1}
    found: dict[UUID, list[Any]] = {key: [] for key in keys}
    for page in Page.objects.filter(translation_key__in=keys).select_related("locale").order_by("pk"):
        found[page.translation_key].append(page)
    # A page alone in its set is its own source.
    translations = _translations_of([key for key, versions in found.items() if len(versions) > 1])
    return {key: _states(key, versions, translations) for key, versions in found.items() if versions}


def _translations_of(keys: list[UUID]) -> dict[tuple[UUID, int], Any]:
    if not keys:
        return {}
    waiting = untranslated("source_id", "target_locale_id").values("source_id").annotate(number=Count("pk")).values("number")
    rows = (
        Translation.objects.filter(source__object_id__in=keys, enabled=True)
        .annotate(waiting=Coalesce(Subquery(waiting, output_field=IntegerField()), 0))
        .select_related("source")
        .defer("source__content_json")
    )
    return {(row.source.object_id, row.target_locale_id): row for row in rows}


def _states(key: UUID, versions: list[Any], translations: dict[tuple[UUID, int], Any]) -> list[LanguageState]:
    by_code = {page.locale.language_code: page for page in versions}
    own = [page for page in versions if page.alias_of_id is None] or versions
    targets = {locale for found, locale in translations if found == key}
    source = next((page for page in own if page.locale_id not in targets), own[0])
    return [_state(code, source, by_code.get(code), translations) for code in CODES]


def _state(code: str, source: Any, page: Any, translations: dict[tuple[UUID, int], Any]) -> LanguageState:
    if page is None or (page.alias_of_id and page.pk != source.pk):
        return LanguageState(code, State.MISSING, source, page)
    row = translations.get((page.translation_key, page.locale_id)) if page.pk != source.pk else None
    waiting = row.waiting if row else 0
    state = State.PUBLISHED if page.live else State.DRAFT
    is_overtaken = page.pk != source.pk and _is_overtaken(page, source, row)
    is_behind = page.pk != source.pk and bool(waiting or is_overtaken)
    if page.live and is_behind:
        state = State.OUTDATED
    return LanguageState(code, state, source, page, waiting, row.pk if row else None, is_behind, is_overtaken)


def _is_overtaken(page: Any, source: Any, row: Any) -> bool:
    """Published after its words were last read for translating, or, where a translation is kept by hand, after that was published."""
    published = source.last_published_at
    if not (source.live and published):
        return False
    return bool(published > (row.source.last_updated_at if row else page.last_published_at or published))


def sources() -> QuerySet[Page]:
    """Live pages that others are, or could be, translated from."""
    # Not "none is older": SQLite would look for an older one among all that are no alias, for each page.
    oldest = Page.objects.filter(alias_of=None).order_by().values("translation_key").annotate(first=Min("pk")).values("first")
    pages: QuerySet[Page] = Page.objects.live().filter(pk__in=oldest, depth__gt=1)
    return pages


def lacking(code: str, state: State) -> Q:
    """Which of `sources()` are in that state in a language. As `states_of` sees it.

    Sets of keys where that is possible, which a database makes once: what is asked of each page anew costs most of a large site's time.
    """
    versions = Page.objects.filter(locale__language_code=code, alias_of=None).order_by()
    if state is State.MISSING:
        return ~Q(translation_key__in=versions.values("translation_key")) & ~Q(locale__language_code=code)
    if state is State.DRAFT:
        return Q(translation_key__in=versions.filter(live=False).values("translation_key"))
    managed = Translation.objects.filter(target_locale__language_code=code, enabled=True).order_by()
    behind = Q(source__last_updated_at__lt=OuterRef("last_published_at")) | Q(Exists(untranslated("source_id", "target_locale_id")))
    of_the_page = managed.filter(behind, source__object_id=OuterRef("translation_key"))
    by_hand = versions.filter(translation_key=OuterRef("translation_key"), last_published_at__lt=OuterRef("last_published_at"), live=True)
    is_managed = Q(translation_key__in=managed.values("source__object_id"))
    is_behind = (is_managed & Exists(of_the_page)) | (~is_managed & Exists(by_hand))
    return Q(translation_key__in=versions.filter(live=True).values("translation_key")) & ~Q(locale__language_code=code) & is_behind


def annotate_states(pages: Iterable[Any]) -> None:
    """Gives each page its `language_states`."""
    pages = list(pages)
    found = states_of(pages)
    for page in pages:
        page.language_states = found.get(page.translation_key, [])
