"""Checks of links: where they lead, and whether their words tell it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _
from wagtail.documents import get_document_model
from wagtail.models import Page

from base.gate import Finding, error, register, words
from base.gate.texts import WCAG, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.utils.functional import _StrPromise

    from base.gate.subject import Subject

SCHEMES = {"http", "https", "mailto", "tel"}
MAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
FRAGMENTS_OF_FRAME = {"main", "top"}


def check_texts(subject: Subject) -> Iterator[Finding]:
    article = WCAG.format("2.4.4")
    for piece, link in subject.links:
        text = " ".join(link.get_text(" ").split())
        plain = re.sub(r"[^\w\s]+", "", text).strip().lower()
        if not text and not link.find(["img", "embed"]):
            yield error("link.empty", _("A link has no text."), article=article, excerpt=_target(link), **piece.place)
        elif plain in words.VAGUE:
            yield error(
                "link.vague",
                _("Write where the link leads: its words are read out alone, in a list."),
                article=article,
                excerpt=shown(text),
                **piece.place,
            )
        elif words.BARE_URL.match(text):
            yield error("link.bare_address", _("Write the name of the page, not its address."), article=article, excerpt=shown(text), **piece.place)


def check_targets(subject: Subject) -> Iterator[Finding]:
    """Two queries, whatever the number of links; pages that stand in the text as rows count as links."""
    pages, documents = _numbers(subject, "page"), _numbers(subject, "document")
    pages |= {piece.value.pk for piece in subject.pieces if isinstance(piece.value, Page)}
    live = dict(Page.objects.filter(pk__in=pages).values_list("pk", "live")) if pages else {}
    known = set(get_document_model().objects.filter(pk__in=documents).values_list("pk", flat=True)) if documents else set()
    own = subject.page.pk
    for piece, link in subject.links:
        kind, number, place = link.get("linktype"), _number(link), {"excerpt": shown(link.get_text(" ")), **piece.place}
        if kind == "page" and number != own:
            if number not in live:
                yield error("link.gone", _("The link leads to a page that is no longer there."), **place)
            elif not live[number]:
                yield error("link.draft", _("The link leads to a page that is not published."), **place)
        elif kind == "document" and number not in known:
            yield error("link.document", _("The link leads to a document that is no longer there."), **place)
        elif kind is None and (problem := _problem(link.get("href"))):
            yield error(*problem, **place)
    for piece in subject.pieces:
        if isinstance(piece.value, Page) and piece.value.pk != own and not live.get(piece.value.pk):
            yield error("link.draft", _("The link leads to a page that is not published."), excerpt=shown(piece.value.title), **piece.place)


def check_fragments(subject: Subject) -> Iterator[Finding]:
    for piece, link in subject.links:
        address = link.get("href") or ""
        if address.startswith("#") and address[1:] not in FRAGMENTS_OF_FRAME and not (address[1:] and subject.html.find(id=address[1:])):
            yield error("link.fragment", _("The link leads to a place on the page that is not there."), excerpt=shown(address), **piece.place)


def _problem(address: str | None) -> tuple[str, str | _StrPromise] | None:
    malformed = "link.malformed", _("The link's address is not complete or has a slip.")
    if not address or address.startswith("#"):
        return malformed if address is None or not address else None
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return malformed
    if parts.path.startswith("/admin/") or words.PRIVATE_HOST.search(host):
        return "link.staff", _("The link leads to a place that readers cannot open.")
    if parts.scheme == "mailto":
        return None if MAIL.match(parts.path) else malformed
    if parts.scheme == "tel" or (not parts.scheme and address.startswith("/")):
        return None
    if parts.scheme not in SCHEMES or "." not in host or re.search(r"\s", address):
        return malformed
    return None


def _number(link: object) -> int:
    number = getattr(link, "get")("id") or ""  # noqa: B009 — an element of Beautiful Soup
    return int(number) if str(number).isdigit() else 0


def _numbers(subject: Subject, kind: str) -> set[int]:
    return {_number(link) for _piece, link in subject.links if link.get("linktype") == kind}


def _target(link: object) -> str:
    get = getattr(link, "get")  # noqa: B009 — an element of Beautiful Soup
    return str(get("href") or f"{get('linktype')} {get('id')}")


def register_all() -> None:
    for check in (check_texts, check_targets, check_fragments):
        register(f"base.links.{check.__name__}", check)
