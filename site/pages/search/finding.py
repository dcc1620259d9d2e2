"""What a question finds: matches in order, and by what they can be narrowed. The number of queries is the same for any number of rows."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Count, Q, Sum
from wagtail.models import Page

from base.fallbacks import borrowed
from base.languages import CODES
from base.narrowing import CONTROL, Match, chosen_in, counts
from base.pages import listed_pages
from contacts import shared
from pages.calls import of_theme
from pages.search.lemmas import STOPPED, lemma, lemmas, parts, words
from pages.search.models import Entry, Word
from themes.models import SubTheme

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Mapping
    from uuid import UUID

LONGEST_QUESTION, MOST_WORDS = 200, 12
# Of `difflib`: one letter in eight is wrong, or two in a long word.
NEAR = 0.8
# Each is looked up for itself; a question with more of them is not one that was mistyped.
MOST_MENDED = 3
FACETS = ("kind", "theme", "year")


@dataclass(frozen=True)
class Question:
    text: str
    terms: tuple[str, ...]
    chosen: dict[str, str]
    # Words of the question that no page has.
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """`numbers` are those of the entries, best first. `counts` holds for each facet how many each choice would leave."""

    numbers: list[int]
    counts: dict[str, Counter[str]]
    # Whether no page has all of the words, so that these have some.
    is_partial: bool


def question(asked: Mapping[str, str], language: str) -> Question:
    """Takes anything that an address can hold."""
    text = " ".join(CONTROL.sub(" ", asked.get("q", ""))[:LONGEST_QUESTION].split())
    terms = list(dict.fromkeys(lemmas(text, language)))[:MOST_WORDS]
    telling = [term for term in terms if term not in STOPPED[language]]
    return Question(text, tuple(telling or terms), chosen_in(asked, FACETS))


def known(asked: Question, language: str) -> Question:
    """A compound that no page has is asked for by its parts."""
    have = set(Word.objects.filter(entry__language=language, lemma__in=asked.terms).values_list("lemma", flat=True).distinct())
    terms: list[str] = []
    for term in asked.terms:
        terms += [term] if term in have else sorted(parts(term, language)) or [term]
    unknown = [found.group() for found in words(asked.text) if lemma(found.group(), language) in set(asked.terms) - have]
    return replace(asked, terms=tuple(dict.fromkeys(terms)), unknown=tuple(dict.fromkeys(unknown)))


def meant(asked: Question, home: Any, language: str) -> str:
    """The question with its mistyped words as pages have them; "" where none is near."""
    text = asked.text
    for word in asked.unknown[:MOST_MENDED]:
        small = word.casefold()
        # Few mistype the first letter. By the index alone, which is asked again for what a visitor may find.
        alike = Word.objects.filter(lemma__gte=small[0], lemma__lt=chr(ord(small[0]) + 1)).values_list("lemma", flat=True).distinct()
        near = get_close_matches(small, [one for one in alike if abs(len(one) - len(small)) <= 2], n=5, cutoff=NEAR)
        entries = Entry.objects.filter(language=language, page__in=_pages_of(home, home.path), words__lemma__in=near)
        public = set(entries.values_list("words__lemma", flat=True).filter(words__lemma__in=near))
        if best := next((one for one in near if one in public), ""):
            text = re.sub(rf"\b{re.escape(word)}\b", best, text)
    return text if text != asked.text else ""


def find_elsewhere(asked: Question, home: Any, language: str, number: int) -> list[Entry]:
    """Pages that are not in the language and have all of the words in their own. One query for each other language, and one for the pages."""
    own = Page.objects.live().exclude(borrowed()).filter(locale__language_code=language)
    # By number: to order whole texts costs more than to find them.
    found: dict[int, UUID] = {}
    for code in CODES:
        if code == language:
            continue
        terms = question({"q": asked.text}, code).terms
        front = home.get_translations().filter(locale__language_code=code).values("path")[:1]
        entries = Entry.objects.filter(language=code, page__in=_pages_of(home, front), words__lemma__in=terms)
        entries = entries.exclude(page__translation_key__in=own.values("translation_key"))
        entries = entries.exclude(page__translation_key__in=found.values())
        hits = entries.values("pk", "date", "page__translation_key").annotate(matched=Count("words"), score=Sum("words__weight"))
        best = hits.filter(matched=len(terms)).order_by("-score", "-date", "pk")[:number]
        found |= dict(best.values_list("pk", "page__translation_key"))
    numbers = list(found)[:number]
    rows = Entry.objects.select_related("page__locale").in_bulk(numbers) if numbers else {}
    return [rows[pk] for pk in numbers]


def find(asked: Question, home: Any, language: str) -> Found:
    entries = Entry.objects.filter(language=language, page__in=_pages_of(home, home.path))
    hits = entries.filter(words__lemma__in=asked.terms).annotate(matched=Count("words"), score=Sum("words__weight"))
    rows = list(hits.order_by("-matched", "-score", "-date", "pk").values_list("pk", "kind", "year", "matched"))
    most = rows[0][3] if rows else 0
    links = Entry.sub_themes.through.objects.filter(entry__language=language, entry__words__lemma__in=asked.terms).distinct()
    themes: dict[int, set[str]] = {}
    for pk, key in links.values_list("entry_id", "subtheme__key"):
        themes.setdefault(pk, set()).add(key)
    matches = [Match(pk, _values(kind, year, frozenset(themes.get(pk, ())))) for pk, kind, year, matched in rows if matched == most]
    left = [match.pk for match in matches if match.fits(asked.chosen)]
    return Found(left, counts(matches, asked.chosen, FACETS), is_partial=0 < most < len(asked.terms))


@lru_cache(maxsize=256)
def _values(kind: str, year: int, themes: frozenset[str]) -> dict[str, frozenset[str]]:
    """One for all rows that have the same: `narrowing.counts` counts them together."""
    return {"kind": frozenset({kind}), "year": frozenset({str(year)}), "theme": themes}


def _pages_of(home: Any, path: Any) -> Any:
    """Below the front page, what other themes share with a section there, and the calls that they have in common with its theme: each once."""
    return listed_pages().filter(Q(path__startswith=path) | shared.pages(shared.below(home)) | of_theme(home.theme_id))


def kind_label(kind: str) -> str:
    model: Any = apps.get_model(kind)
    return str(model.kind_label)


def labels(name: str, numbers: Counter[str], theme: Any) -> list[tuple[str, str, int]]:
    """(value, label, count) of a facet: years newest first, the others by count."""
    if name == "year":
        return [(value, value, numbers[value]) for value in sorted(numbers, reverse=True)]
    if name == "kind":
        return [(value, kind_label(value), number) for value, number in numbers.most_common()]
    named = {row.key: row.name for row in SubTheme.objects.filter(theme=theme)}
    return [(value, named[value], number) for value, number in numbers.most_common() if value in named]
