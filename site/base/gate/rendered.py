"""Checks of the page as its readers get it: headings, and the European Union's rules of visibility.

Regulation (EU) 2021/1060, Articles 47 and 50 and Annex IX. What a browser alone can tell (V5, V6, the font of V4) is not told here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from base.gate import Finding, error, register, warning, words
from base.gate.texts import WCAG, is_nothing, shown
from base.languages import CODES, FALLBACK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from base.gate.subject import Subject

HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]
STATEMENTS = {
    "fi": "Euroopan unionin osarahoittama",
    "sv": "Medfinansieras av Europeiska unionen",
    "en": "Co-funded by the European Union",
}
ANNEX, ARTICLE_47, ARTICLE_50 = "(EU) 2021/1060 Annex IX", "(EU) 2021/1060 Art. 47, Annex IX", "(EU) 2021/1060 Art. 50(1)(a)"
EFFECTS = ["i", "em", "u", "s", "b", "strong", "mark"]


def check_headings(subject: Subject) -> Iterator[Finding]:
    main = subject.html.find("main") or subject.html
    above, first = 0, True
    for heading in main.find_all(HEADINGS):
        level, text = int(heading.name[1]), heading.get_text(" ")
        place = _place_of(subject, text)
        if is_nothing(text):
            yield error("heading.empty", _("A heading has no text."), article=WCAG.format("1.3.1"), **place)
        elif level == 1 and not first:
            yield error("heading.second_title", _("The page has a second main heading. Its title is the only one."), excerpt=shown(text), **place)
        elif above and level > above + 1:
            yield error("heading.skipped", _("A heading skips a level."), article=WCAG.format("1.3.1"), excerpt=shown(text), **place)
        above, first = level, first and level != 1
    if first:
        yield error("heading.no_title", _("The page has no main heading."), article=WCAG.format("1.3.1"))


def _place_of(subject: Subject, text: str) -> dict[str, str]:
    text = " ".join(text.split())
    for piece in subject.pieces:
        if piece.block and (is_nothing(piece.text) and piece.kind == "heading" if is_nothing(text) else text in " ".join(piece.text.split())):
            return piece.place
    return {"field": ""}


def check_emblem(subject: Subject) -> Iterator[Finding]:
    """V1 to V4."""
    lines = [line for line in subject.html.select(".eu-line") if not _is_hidden(line)]
    emblems = [emblem for line in lines for emblem in line.select(".eu-emblem")]
    if not emblems:
        yield error("eu.emblem", _("The emblem of the European Union is missing from the page."), article=ARTICLE_47)
        return
    statements = [(line.select_one(".eu-line__statement"), line) for line in lines]
    language = subject.page.locale.language_code
    if not any(found and " ".join(found.get_text(" ").split()) == STATEMENTS[language] for found, _line in statements):
        yield error("eu.statement", _("The funding statement is not in full beside the emblem, in the page's language."), article=ANNEX)
    for found, line in statements:
        if words.FUNDS.search(line.get_text(" ")) or words.OLD_WORDINGS.search(line.get_text(" ")) or line.find("img"):
            yield error("eu.beside_emblem", _("No fund's name and no other mark may stand beside the emblem."), article=ANNEX)
        if found and (found.find(EFFECTS) or found.find_parent(["i", "em", "u"]) or found.get("style")):
            yield error("eu.effects", _("The funding statement may have no italics, underlining or other effects."), article=ANNEX)


def _is_hidden(element: Any) -> bool:
    return any(part.has_attr("hidden") or part.get("aria-hidden") == "true" for part in (element, *element.parents) if part.name != "[document]")


def check_description(subject: Subject) -> Iterator[Finding]:
    """V7: a short description of the operation on every page."""
    summary = subject.html.select_one(".site-footer__summary")
    if summary is None or is_nothing(summary.get_text(" ")):
        yield error("eu.description", _("The page does not describe the operation: give the national theme a summary."), article=ARTICLE_50)


def check_translations(subject: Subject) -> Iterator[Finding]:
    """What the language switch promises."""
    page = subject.page
    if subject.language != FALLBACK or page.alias_of_id:
        return
    found = set(page.get_translations().filter(live=True).values_list("locale__language_code", flat=True))
    for code in CODES:
        if code != FALLBACK and code not in found:
            yield warning(
                f"translation.{code}", _("The page is not published in Swedish.") if code == "sv" else _("The page is not published in English.")
            )


def register_all() -> None:
    for check in (check_headings, check_emblem, check_description, check_translations):
        register(f"base.rendered.{check.__name__}", check)
