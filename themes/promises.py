"""In which languages a theme promises which kinds of its pages, and what of that is owed.

What is owed informs and never blocks: nobody can translate what is not there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from base.gate import Finding, register, warning
from base.translations.checks import CODES, states_by_code
from base.translations.states import State
from themes.models import Exemption
from themes.pages import ThemedPage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from base.gate.subject import Subject

MISSING = {"sv": _("Promised in Swedish, and not there yet."), "en": _("Promised in English, and not there yet.")}
DRAFT = {
    "sv": _("Promised in Swedish, where the translation is a draft that nobody can read yet."),
    "en": _("Promised in English, where the translation is a draft that nobody can read yet."),
}


def promised(page: Any) -> list[str]:
    """The languages beyond Finnish that the page's theme promises its kind in."""
    return [code for code in MISSING if page._meta.label_lower in getattr(page.theme, f"promised_{code}")]


def check_promises(subject: Subject) -> Iterator[Finding]:
    page = subject.page
    if not isinstance(page, ThemedPage) or page.alias_of_id:  # type: ignore[attr-defined]  # Wagtail's Page has it
        return
    languages = [code for code in promised(page) if code != subject.language]
    if languages:
        exempt = set(Exemption.objects.filter(page_key=page.translation_key).values_list("language", flat=True))  # type: ignore[attr-defined]
        languages = [code for code in languages if code not in exempt]
    states = states_by_code(page) if languages else {}
    own = states.get(subject.language)
    if own is not None and not own.is_source:
        return
    for code in languages:
        state = states.get(code)
        if state is None or state.state is State.MISSING:
            yield warning(f"{CODES}{code}", MISSING[code], url=state.place if state else "")
        elif state.state is State.DRAFT:
            yield warning(f"{CODES}{code}", DRAFT[code], url=state.place)


def connect() -> None:
    register("themes.promises", check_promises)
