"""For the publication gate: a translation says what its source says, and in its own language.

A translation that nobody can read yet is kept from readers until it does. One that is public already may be mended while it is behind: keeping its
other mistakes would make it no better.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bs4 import BeautifulSoup
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished
from wagtail_localize.models import StringSegment, StringTranslation, Translation

from base.gate import CHECKS, Finding, error, register, warning
from base.gate.guard import look_again
from base.gate.texts import shown
from base.pages import PublicPage
from base.translations.states import SLUG, states_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from base.gate.subject import Subject
    from base.translations.states import LanguageState

CODES = "translation."
PARTIAL, OUTDATED = f"{CODES}partial", f"{CODES}outdated"
# "029 534 5000", "WCAG 2.2 A, AA", "kirjaamo@example.org", "https://example.org/".
IN_ANY_LANGUAGE = re.compile(r"(?:[^\W_a-zåäö]|[\W_])+|\S+@\S+|https?://\S+")
# Looked at again when a page of the set is published or taken away.
OF_SETS = ("base.translations", "themes.promises")


def states_by_code(page: Any) -> dict[str, LanguageState]:
    """Empty for a page that is only being made."""
    found = states_of([page]).get(page.translation_key, []) if page.pk else []
    return {state.language_code: state for state in found}


def check_translation(subject: Subject) -> Iterator[Finding]:
    page = subject.page
    own = None if page.alias_of_id else states_by_code(page).get(subject.language)
    if own is None or own.is_source or not own.is_behind:
        return
    waiting = _waiting(own.translation_id, facts_of(page, is_live=own.page.live)) if own.waiting else []
    left = [text for text in waiting if text in _texts(subject)]
    for text in left:
        yield error(PARTIAL, _("A text is still in the language of the source: translate it."), excerpt=shown(text), url=own.place)
    if not left and (waiting or own.is_overtaken):
        tell = warning if own.page.live or own.translation_id is None else error
        yield tell(OUTDATED, _("The source was changed after this was translated: bring it up to date."), url=own.place)


def facts_of(page: Any, *, is_live: bool) -> tuple[str, ...]:
    """What may go out in the source's words: streams only where the page is out already, since times in them must follow at once."""
    names: tuple[str, ...] = page.fact_fields
    return names if is_live else tuple(name for name in names if not isinstance(page._meta.get_field(name), StreamField))


def _waiting(translation_id: int | None, facts: tuple[str, ...]) -> list[str]:
    """The source's texts without words, as readers see them; without what is right in any language: facts (`following`), numbers, addresses."""
    row = Translation.objects.only("source", "target_locale").get(pk=translation_id)
    words = StringTranslation.objects.filter(
        translation_of_id=OuterRef("string_id"), context_id=OuterRef("context_id"), locale=row.target_locale_id, has_error=False
    )
    segments = StringSegment.objects.filter(~Exists(words), source=row.source_id).exclude(context__path__in=[SLUG, *facts]).order_by("order")
    for name in facts:
        segments = segments.exclude(context__path__startswith=f"{name}.")
    texts = [_plain(BeautifulSoup(data, "html.parser").get_text(" ")) for data in segments.values_list("string__data", flat=True)]
    return [text for text in texts if not IN_ANY_LANGUAGE.fullmatch(text)]


def _texts(subject: Subject) -> set[str]:
    return {_plain(text) for piece in subject.pieces for text, _language in piece.passages}


def _plain(text: str) -> str:
    return " ".join(text.split())


def look_at_set(sender: type, instance: Any, **kwargs: object) -> None:
    """What is missing or out of date in a set of translations is told of its other pages too, as soon as one of them changes."""
    if not isinstance(instance, PublicPage):
        return
    page: Any = instance
    for version in Page.objects.filter(translation_key=page.translation_key, live=True, alias_of=None).specific():
        look_again(version, told_of_sets, CODES)


def told_of_sets(subject: Subject) -> Iterator[Finding]:
    for name in OF_SETS:
        if name in CHECKS:
            yield from CHECKS[name](subject)


def connect() -> None:
    register("base.translations", check_translation)
    page_published.connect(look_at_set, dispatch_uid="base.translations.look_at_set")
    page_unpublished.connect(look_at_set, dispatch_uid="base.translations.look_at_set")
