"""The search page. It only reads, keeps nothing, and is itself not to be found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from base.fallbacks import IN_LANGUAGE
from base.languages import active
from base.narrowing import choices, pager, sheet_of
from base.pages import home_in
from contacts import shared
from pages.search.excerpts import excerpt, marked
from pages.search.finding import FACETS, Found, Question, find, find_elsewhere, kind_label, known, labels, meant, question
from pages.search.lemmas import said, words
from pages.search.models import Entry
from themes.pages import from_theme

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from django.core.paginator import Page as Sheet
    from django.http import HttpRequest, HttpResponse

    from themes.models import Theme

ROWS_A_PAGE = 10
ELSEWHERE = 5


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    language = active()
    home = home_in(request, language)
    if home is None:
        raise Http404
    asked = known(question(request.GET.dict(), language), language)
    context = home.frame(request) | {"sharing": None, "question": asked, "is_search": True, "translations": _translations(home, request, asked)}
    if asked.terms:
        context |= _answer(request, asked, home, language)
        if not context["items"] and not context["elsewhere"] and not asked.chosen:
            # What readers miss: told by the page's script, as readings are.
            context |= home.counted() | {"reach_sought": asked.text}
    response = render(request, "pages/search.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


def _translations(home: Any, request: HttpRequest, asked: Question) -> list[dict[str, Any]]:
    """The same question in the other languages."""
    links = []
    for link in home.language_links(request):
        with translation.override(link.language_code):
            address = reverse("pages:search") + (f"?{urlencode({'q': asked.text})}" if asked.text else "")
        links.append({"language_code": link.language_code, "label": link.label, "url": address, "is_current": link.is_current})
    return links


def _answer(request: HttpRequest, asked: Question, home: Any, language: str) -> dict[str, Any]:
    found = find(asked, home, language)
    sheet = sheet_of(found.numbers, request.GET.get("page"), ROWS_A_PAGE)
    away = {key: theme for key, theme in shared.below(home).items() if theme != home.theme}
    return {
        "found": found,
        "meant": meant(asked, home, language),
        "items": _rows(sheet, asked, language, away),
        "elsewhere": [_elsewhere(entry, away) for entry in find_elsewhere(asked, home, language, ELSEWHERE)]
        if sheet.number == 1 and not asked.chosen
        else [],
        "facets": _facets(asked, found, home),
        "pager": pager(sheet, {"q": asked.text} | asked.chosen),
    }


def _rows(sheet: Sheet[int], asked: Question, language: str, away: Mapping[UUID, Theme]) -> list[dict[str, Any]]:
    entries = Entry.objects.select_related("page__locale").in_bulk(list(sheet.object_list))
    rows = []
    for number in sheet.object_list:
        entry = entries[number]
        rows.append(
            {
                "title": marked(entry.title, asked.terms, language),
                "lead": _lead(entry, asked, language),
                "url": entry.page.get_url(),
                "kind_label": kind_label(entry.kind),
                "date": entry.date,
                "origin": _origin(entry, away),
            }
        )
    return rows


def _origin(entry: Entry, away: Mapping[UUID, Theme]) -> str:
    theme = away.get(entry.page.translation_key)
    return from_theme(theme) if theme else ""


def _elsewhere(entry: Entry, away: Mapping[UUID, Theme]) -> dict[str, Any]:
    return {
        "title": entry.title,
        "lead": entry.lead,
        "url": entry.page.get_url(),
        "kind_label": kind_label(entry.kind),
        "date": entry.date,
        "origin": _origin(entry, away),
        "language": entry.language,
        "in_language": IN_LANGUAGE[entry.language],
    }


def _lead(entry: Entry, asked: Question, language: str) -> str:
    """The lead where it has one of the words, else the place in the text that has the most."""
    if any(not said(word.group(), language).isdisjoint(asked.terms) for word in words(entry.lead)):
        return marked(entry.lead, asked.terms, language)
    return excerpt(entry.text, asked.terms, language) or entry.lead


def _facets(asked: Question, found: Found, home: Any) -> list[dict[str, Any]]:
    """With a link for each choice; that of the chosen one takes it away."""
    titles = {"kind": _("Kind of page"), "theme": _("Sub-theme"), "year": _("Year")}
    facets = []
    for name in FACETS:
        rows = labels(name, found.counts[name], home.theme)
        kept = {"q": asked.text} | asked.chosen
        shown = choices(name, [(value, label) for value, label, _number in rows], found.counts[name], kept)
        if shown:
            facets.append({"title": titles[name], "choices": shown})
    return facets
