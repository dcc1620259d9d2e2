"""What an issue lacks in which language: its own translations, and those of the pages in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wagtail.models import Page

from base.languages import CODES
from base.pages import ENDONYMS
from base.translations.states import State, states_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from base.translations.states import LanguageState
    from newsletters.models import IssuePage

# A page out of date still says something in the language; a draft does not.
THERE = {State.PUBLISHED, State.OUTDATED}


@dataclass(frozen=True)
class Lacking:
    """A page that readers of these languages get in another one."""

    title: str
    states: list[LanguageState]

    def links(self, user: Any) -> list[dict[str, str]]:
        """Where each is made, for who has the right to."""
        return [{"code": state.language_code, "name": ENDONYMS[state.language_code], "url": state.url(user)} for state in self.states]

    @property
    def names(self) -> str:
        return ", ".join(ENDONYMS[state.language_code] for state in self.states)


def languages_of(issue: IssuePage) -> list[str]:
    """Those that the newsletter has a public page in: readers choose among them."""
    found = Page.objects.live().filter(translation_key=issue.get_parent().translation_key).values_list("locale__language_code", flat=True)
    return [code for code in CODES if code in set(found)]


def lacking(issue: IssuePage) -> list[Lacking]:
    """The issue itself first, then its pages in their order. A fixed number of queries."""
    return list(_lacking([issue, *issue.pages_in_it()], languages_of(issue)))


def _lacking(pages: list[Any], codes: list[str]) -> Iterable[Lacking]:
    states = states_of(pages)
    for page in pages:
        gone = [state for state in states.get(page.translation_key, ()) if state.language_code in codes and state.state not in THERE]
        # Of the draft of an issue that is its own source nothing is missing in its own language.
        if gone := [state for state in gone if not state.is_source]:
            yield Lacking(page.title, gone)
