"""Checks of what is written: titles, texts, quotes, figures and pictures."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from base.gate import Finding, error, register, warning, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from base.gate.subject import Piece, Subject

TITLE_MOST, LEAD_MOST, PARAGRAPH_MOST = 110, 400, 1200
WCAG = "WCAG 2.2 {}"
FIGURE_WORDS = re.compile(
    r"\d|puolet|kolmannes|neljännes|kolme|kaksi|yksi|hälften|tredjedel|half|third|quarter|\b(?:nolla|noll|zero|ett|två|one|two)\b", re.IGNORECASE
)


def is_nothing(text: str) -> bool:
    return bool(words.NOTHING.match(text))


def shown(text: str) -> str:
    """A few words that tell which place is meant."""
    text = " ".join(text.split())
    return text if len(text) <= 60 else f"{text[:57]}…"


def check_titles(subject: Subject) -> Iterator[Finding]:
    for piece in subject.pieces:
        if piece.block or piece.kind not in {"title", "lead"}:
            continue
        if words.is_shouting(piece.text):
            yield error("text.shouting", _("Write this in ordinary letters: capitals shout, and are hard to read."), **piece.place)
        if piece.kind == "title" and len(piece.text) > TITLE_MOST:
            yield error("title.long", _("The title is too long for lists and search results: 110 characters at most."), **piece.place)
        if piece.kind == "lead" and len(piece.text) > LEAD_MOST:
            yield warning("lead.long", _("The lead is long. Two sentences are enough."), **piece.place)
    if not (subject.page.search_description or "").strip():
        yield warning(
            "description.missing",
            _("There is no description for search engines and links that are shared; the lead is shown instead."),
            field="search_description",
        )


def check_nothing_is_empty(subject: Subject) -> Iterator[Finding]:
    for piece in subject.pieces:
        if piece.block or not piece.required or not isinstance(piece.value, str) or not is_nothing(piece.text):
            continue
        yield error("text.empty", _("This part has no text."), **piece.place)
    for name in {field.name for field in subject.page._meta.concrete_fields if hasattr(field, "stream_block") and not field.blank}:
        if all(
            is_nothing(piece.text) for piece in subject.pieces if piece.field == name and piece.kind != "heading" and isinstance(piece.value, str)
        ) and not any(piece.value for piece in subject.pieces if piece.field == name and not isinstance(piece.value, str)):
            yield error("text.empty", _("This part has no text."), field=name)


def check_words(subject: Subject) -> Iterator[Finding]:
    for piece in subject.texts:
        text = " ".join(piece.text.split())
        if found := words.PLACEHOLDERS.search(text):
            yield error("text.placeholder", _("This looks like a text that waits to be written."), excerpt=shown(found[0]), **piece.place)
        if words.has_identity_code(text):
            yield error("text.identity_code", _("There is a personal identity code in the text. It must not be published."), **piece.place)
        if found := words.OLD_WORDINGS.search(text):
            yield error(
                "eu.old_wording",
                _("This wording belongs to an earlier programme period. Write “Co-funded by the European Union”."),
                article="(EU) 2021/1060 Annex IX",
                excerpt=shown(found[0]),
                **piece.place,
            )
        for found in words.REPEATED.finditer(text):
            if found[1].lower() not in words.MAY_REPEAT and not found[1].isdigit():
                yield warning("text.repeated_word", _("The same word stands twice in a row."), excerpt=shown(found[0]), **piece.place)
        if words.EXCLAMATIONS.search(text):
            yield warning("text.exclamations", _("One exclamation mark is enough."), **piece.place)


def check_language(subject: Subject) -> Iterator[Finding]:
    """A text in another language is read out with the wrong voice, unless the language is marked: the whole of a part, or a passage of it."""
    article = WCAG.format("3.1.2")
    for piece in subject.texts:
        for number, (text, marked) in enumerate(piece.passages):
            own = marked or subject.language
            if (found := words.language_of(text)) and found != own:
                message = (
                    _("This passage is in another language than it is marked as.")
                    if marked
                    else _("This text is in another language than the page. Translate it, or mark its language.")
                )
                yield error("text.language", message, article=article, excerpt=shown(text), **piece.place)
                if number == 0:
                    # The whole: its passages need no telling.
                    break
            elif not marked and (number or not piece.is_rich) and words.perhaps_language_of(text, own):
                yield warning(
                    "text.language_perhaps",
                    _("This seems to be in another language than the page. If it is no title or name, mark its language."),
                    article=article,
                    excerpt=shown(text),
                    **piece.place,
                )


def check_rich_text(subject: Subject) -> Iterator[Finding]:
    for piece in subject.pieces:
        if not piece.is_rich:
            continue
        soup = piece.soup
        if soup.find(["font", "o:p", "center", "blink", "marquee"]) or soup.find(style=True) or soup.find(class_=re.compile("^Mso")):
            yield error("text.pasted", _("This text has styles pasted from another program. Paste it as plain text."), **piece.place)
        for picture in soup.find_all("embed", embedtype="image"):
            yield from _alternative_text(str(picture.get("alt") or ""), False, piece)
        for paragraph in soup.find_all("p"):
            text = paragraph.get_text(" ").strip()
            if len(text) > PARAGRAPH_MOST:
                yield warning("text.long_paragraph", _("The paragraph is long. Split it, or use headings."), excerpt=shown(text), **piece.place)
            parts = [part for part in paragraph.children if str(part).strip()]
            if len(parts) == 1 and getattr(parts[0], "name", "") in {"b", "strong"} and len(text) < 80 and text[-1:] not in ".!":
                yield warning(
                    "heading.fake",
                    _("A bold line is no heading. Use the block “Heading”."),
                    article=WCAG.format("1.3.1"),
                    excerpt=shown(text),
                    **piece.place,
                )
        if len(re.findall(r"(?:^|\n)\s*[-*•–]\s+\S", soup.get_text("\n"))) > 1:
            yield warning(
                "list.fake", _("Use the editor's list, not dashes: a list is then read out as one."), article=WCAG.format("1.3.1"), **piece.place
            )


def check_blocks(subject: Subject) -> Iterator[Finding]:
    for piece in subject.pieces:
        if piece.of == "quote" and piece.kind == "text" and is_nothing(piece.text):
            yield error("quote.empty", _("The quote has no text."), **piece.place)
        elif piece.of == "quote" and piece.kind == "source" and is_nothing(piece.text):
            yield error("quote.source", _("Tell who says so."), **piece.place)
        elif piece.of == "key_figures" and piece.kind == "source" and is_nothing(piece.text):
            yield error("figure.source", _("A figure needs its source and date."), **piece.place)
        elif piece.of == "key_figures" and piece.kind == "label" and is_nothing(piece.text):
            yield error("figure.label", _("Tell what the figure is about."), **piece.place)
        elif piece.of == "key_figures" and piece.kind == "value" and not FIGURE_WORDS.search(piece.text):
            yield error("figure.number", _("There is no number in the figure."), **piece.place)
        elif piece.kind == "caption" and is_nothing(piece.text):
            yield error("picture.caption", _("The picture has no caption."), **piece.place)


def check_pictures(subject: Subject) -> Iterator[Finding]:
    for piece in subject.pieces:
        if piece.value is not None and hasattr(piece.value, "get_rendition"):
            text = getattr(piece.value, "contextual_alt_text", None)
            text = piece.value.default_alt_text if text is None else text
            yield from _alternative_text(text or "", bool(getattr(piece.value, "decorative", False)), piece)
            if not getattr(piece.value, "credit", "credit"):
                yield warning("picture.credit", _("The picture does not say who made it."), **piece.place)


def _alternative_text(text: str, is_decorative: bool, piece: Piece) -> Iterator[Finding]:
    article = WCAG.format("1.1.1")
    if is_decorative:
        return
    if is_nothing(text):
        yield error(
            "picture.alternative", _("Describe the picture to those who do not see it, or mark it as decorative."), article=article, **piece.place
        )
    elif words.FILE_NAME.match(text.strip()):
        yield error("picture.alternative", _("A file name tells nothing of the picture. Describe what it shows."), article=article, **piece.place)


def register_all() -> None:
    for check in (check_titles, check_nothing_is_empty, check_words, check_language, check_rich_text, check_blocks, check_pictures):
        register(f"base.{check.__name__}", check)
