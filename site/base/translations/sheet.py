"""All texts of a page in its source's language beside fields for the other languages, on one screen.

It needs no script. What wagtail-localize's editor has is here, and what is written here is there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from wagtail.models import Page
from wagtail_localize.models import Translation

from base.languages import CODES
from base.pages import ENDONYMS
from base.translations.states import states_of
from base.translations.texts import Known, Text, known_words, state_to_translate, texts_of
from base.translations.words import stored

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.safestring import SafeString

    from base.translations.states import LanguageState

# Names in the form: of the words, of what stood there when the form was made, and of the revision that it was made of.
WORDS, BEFORE, REVISION = "words", "before", "revision"


@dataclass
class Cell:
    """A field: the words of one text in one language."""

    code: str
    text: Text
    value: str
    before: str
    is_suggested: bool = False
    former: tuple[str, str] | None = None
    error: str = ""

    @property
    def name(self) -> str:
        return f"{WORDS}-{self.code}-{self.text.key}"

    @property
    def before_name(self) -> str:
        return f"{BEFORE}-{self.code}-{self.text.key}"

    @property
    def language(self) -> str:
        return ENDONYMS[self.code]

    @property
    def rows(self) -> int:
        return min(12, max(2 if self.text.is_rich else 1, -(-len(self.value or self.text.shown) // 45)))


@dataclass
class Sheet:
    """Of a page's source. `data` is what was typed; without it, what is kept. Nothing is written before `words_to_keep` is kept."""

    page: Any
    codes: list[str]
    data: Mapping[str, str] | None = None
    rows: list[tuple[Text, list[Cell]]] = field(default_factory=list)
    words_to_keep: dict[str, dict[Text, str]] = field(default_factory=dict)
    # Typed for a text that the source does not have any more.
    homeless: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def of(cls, source: Page, codes: list[str], data: Mapping[str, str] | None = None) -> Sheet:
        page = state_to_translate(source)
        sheet = cls(page, codes, data)
        texts = texts_of(page)
        known = known_words(source, texts, codes)
        sheet.rows = [(text, [sheet._cell(code, text, known) for code in codes]) for text in texts]
        if data is not None:
            sheet._read(texts)
        return sheet

    def _cell(self, code: str, text: Text, known: Known) -> Cell:
        kept, former = known.words[code].get(text.key, ""), known.former[code].get(text.key)
        suggestion = "" if kept or former else known.suggestion(code, text) or self.page.words_for(text.shown, code)
        cell = Cell(code, text, kept or suggestion, kept, bool(suggestion), former, problem(text, kept))
        if self.data is not None and cell.name in self.data:
            self._take(cell, kept)
        return cell

    def _take(self, cell: Cell, kept: str) -> None:
        """What was typed; where it is as it was, another's words of meanwhile stand."""
        assert self.data is not None  # noqa: S101 — for mypy: the caller has looked
        typed, before = _plain(self.data[cell.name]), _plain(self.data.get(cell.before_name, ""))
        if typed == before:
            return
        cell.value, cell.is_suggested, cell.error = typed, False, problem(cell.text, typed)
        if cell.error:
            return
        if kept not in (before, typed):
            cell.error = _("Somebody else has written here meanwhile: “%(words)s”. Save again to keep yours.") % {"words": kept}
            cell.before = kept
            return
        self.words_to_keep.setdefault(cell.code, {})[cell.text] = stored(cell.text, typed)

    def _read(self, texts: list[Text]) -> None:
        """Nothing typed is lost: words whose text is gone are shown."""
        assert self.data is not None  # noqa: S101 — for mypy: the caller has looked
        keys = {text.key for text in texts}
        for name, value in self.data.items():
            kind, _dash, rest = name.partition("-")
            code, _dash, key = rest.partition("-")
            if kind == WORDS and code in CODES and key not in keys and _plain(value) != _plain(self.data.get(f"{BEFORE}-{rest}", "")):
                self.homeless.append((ENDONYMS[code], value))

    @property
    def cells(self) -> list[Cell]:
        return [cell for _text, cells in self.rows for cell in cells]

    @property
    def errors(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.error]

    def waiting(self, code: str) -> int:
        return sum(not cell.value.strip() for cell in self.cells if cell.code == code)

    def demand_words(self, codes: list[str]) -> None:
        """Of every text in these languages, as publishing does."""
        for code in codes:
            empty = [cell for cell in self.cells if cell.code == code and not cell.value.strip()]
            if empty and len(empty) == len(self.rows):
                empty[0].error = _("Nothing is written in this language yet. Write its texts, or publish without it.")
            else:
                for cell in empty:
                    cell.error = _("This has no words yet. Write them, or publish without this language.")

    @cached_property
    def states(self) -> list[LanguageState]:
        return states_of([self.page]).get(self.page.translation_key, [])

    @cached_property
    def pages_in_it(self) -> list[tuple[Any, list[LanguageState]]]:
        """Those that each language shows by itself, with their state in the languages of the sheet."""
        pages = self.page.pages_in_it()
        states = states_of(pages)
        return [(page, [state for state in states.get(page.translation_key, []) if state.language_code in self.codes]) for page in pages]


def languages_for(source: Page) -> tuple[list[str], dict[str, str]]:
    """Which languages a sheet has; and why the others are not there, in words."""
    codes, others = [], {}
    own = source.locale.language_code
    above = source.get_parent()
    there = set() if above.is_root() else set(above.get_translations().live().values_list("locale__language_code", flat=True))
    versions = {page.locale.language_code: page for page in source.get_translations().select_related("locale")}
    managed = Translation.objects.filter(source__object_id=source.translation_key, enabled=True)
    by_translation = set(managed.values_list("target_locale__language_code", flat=True))
    for code in CODES:
        version = versions.get(code)
        if code == own:
            continue
        if version is not None and version.alias_of_id is None and code not in by_translation:
            others[code] = _("is written by hand, as a page of its own")
        elif code not in there and not above.is_root() and version is None:
            others[code] = _("has no “%(title)s” yet: translate that first") % {"title": above.title}
        else:
            codes.append(code)
    return codes, others


def problem(text: Text, typed: str) -> str:
    """Why these words cannot stand there, or ""."""
    try:
        stored(text, typed)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def shown_source(text: Text) -> SafeString | str:
    """For reading: of rich text its tags do what they do, and a link is named by its id."""
    if not text.is_rich:
        return text.shown
    soup = BeautifulSoup(text.data, "html.parser")
    for link in soup.find_all("a"):
        mark = soup.new_tag("small")
        mark.string = f" [{link.get('id', '')}]"
        link.name, link.attrs = "u", {}
        link.append(mark)
    # wagtail-localize has let in its inline tags alone, without attributes (`validate_element`).
    return mark_safe(str(soup))


def _plain(value: str) -> str:
    return value.replace("\r\n", "\n").strip()
