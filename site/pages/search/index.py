"""Keeps the index true: publishing writes an entry anew, unpublishing and deleting take it away. Moving a page changes nothing in it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone, translation
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished

from base.languages import CODES
from base.pages import Digestible
from pages.search.lemmas import lemmas, parts
from pages.search.models import Entry, Word
from pages.texts import html_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

IN_TITLE, IN_LEAD, IN_TEXT = 12, 4, 1
# A word that stands in a text more often does not say more.
MOST_IN_TEXT = 5
# So many times less does a word say that is a part of another.
A_PART = 3
AT_ONCE = 100


@transaction.atomic
def put(page: Any) -> None:
    """A page of a kind that is not searched is passed over."""
    drop(page.pk)
    language = page.locale.language_code
    is_row = isinstance(page, Digestible)
    if not (is_row and page.live and language in CODES):
        return
    with translation.override(language):
        text = " ".join(filter(None, (page.also_found_by(), text_of(html_of(page)))))
    date = getattr(page, "starts_at", None) or page.first_published_at or page.latest_revision_created_at
    if date is None:
        return
    year = timezone.localtime(date).year
    entry = Entry.objects.create(
        page_id=page.pk, language=language, kind=page._meta.label_lower, title=page.title, lead=page.lead, text=text, date=date, year=year
    )
    if hasattr(page, "sub_themes"):
        entry.sub_themes.set(page.sub_themes.all())
    weights = weigh(page.title, page.lead, text, language)
    Word.objects.bulk_create([Word(entry=entry, lemma=word, weight=weight) for word, weight in weights.items()], batch_size=500)


def weigh(title: str, lead: str, text: str, language: str) -> Counter[str]:
    weights = Counter({word: min(count, MOST_IN_TEXT) * IN_TEXT for word, count in Counter(lemmas(text, language)).items()})
    for words, weight in ((title, IN_TITLE), (lead, IN_LEAD)):
        for word in set(lemmas(words, language)):
            weights[word] += weight
    for word, weight in list(weights.items()):
        for part in parts(word, language):
            weights[part] += max(1, weight // A_PART)
    return weights


def drop(pk: int) -> None:
    Entry.objects.filter(pk=pk).delete()


def rebuild() -> int:
    """Writes every entry anew. How many there are."""
    Entry.objects.exclude(pk__in=Page.objects.live().values("pk")).delete()
    for page in _live_pages():
        put(page)
    return Entry.objects.count()


def _live_pages() -> Iterator[Any]:
    numbers = list(Page.objects.live().order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(numbers), AT_ONCE):
        yield from Page.objects.filter(pk__in=numbers[start : start + AT_ONCE]).select_related("locale").specific()


def connect() -> None:
    page_published.connect(_published, dispatch_uid="pages.search.put")
    page_unpublished.connect(_unpublished, dispatch_uid="pages.search.drop")


def _published(instance: Any, **_how: object) -> None:
    put(instance)


def _unpublished(instance: Any, **_how: object) -> None:
    drop(instance.pk)
