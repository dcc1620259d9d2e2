"""A page as the checks see it: its pieces, as they were written, and the page as its readers get it."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.test import RequestFactory
from django.utils import translation
from django.utils.functional import cached_property
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.images.blocks import ImageBlock, ImageChooserBlock
from wagtail.models import Page
from wagtail.rich_text import RichText

from base.css import Document, Sheet
from base.css.document import elements_in, has_class
from base.gate.sheets import sheets_of
from base.gate.sight import SCHEMES, WIDTHS, is_seen
from base.pages import site_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from base.css import View

PARAGRAPHS = ["p", "li", "h2", "h3", "h4", "h5", "h6", "blockquote", "td", "th"]
OF_EVERY_PAGE = ("title", "seo_title", "search_description")


@dataclass(frozen=True)
class Piece:
    """`kind` is the block's or the field's name; `value` a text, rich text's source, a picture or a page; `of` names what it is part of."""

    kind: str
    value: Any
    field: str
    block: str = ""
    is_rich: bool = False
    of: str = ""
    required: bool = False
    # What its writer says that it is in, "" for the page's own.
    language: str = ""

    @cached_property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup(self.value if self.is_rich else "", "html.parser")

    @cached_property
    def text(self) -> str:
        if self.is_rich:
            return self.soup.get_text(" ")
        return self.value if isinstance(self.value, str) else ""

    @cached_property
    def passages(self) -> list[tuple[str, str]]:
        """[(text, the language that it is marked as)]: all that is not marked as one, then each paragraph and list item, then what is marked."""
        if not self.is_rich:
            return [(self.text, self.language)]
        soup = copy(self.soup)
        marked = [(element.extract().get_text(" "), str(element["lang"])) for element in soup.find_all("span", lang=True)]
        leaves = [element for element in soup.find_all(PARAGRAPHS) if not element.find(PARAGRAPHS)]
        return [(soup.get_text(" "), ""), *((leaf.get_text(" "), "") for leaf in leaves), *marked]

    @property
    def place(self) -> dict[str, str]:
        return {"field": self.field, "block": self.block}


class Subject:
    """`markup` is the page as rendered; without it, it is rendered when a check asks for it."""

    def __init__(self, page: Any, markup: str | None = None) -> None:
        self.page, self._markup = page, markup

    @cached_property
    def language(self) -> str:
        """An alias shows the text of its source, in the source's language."""
        source = self.page.alias_of if self.page.alias_of_id else self.page
        code: str = source.locale.language_code
        return code

    @cached_property
    def pieces(self) -> list[Piece]:
        return [piece for field in self.page._meta.concrete_fields for piece in self._of_field(field)]

    @cached_property
    def texts(self) -> list[Piece]:
        """The pieces with text that readers see."""
        return [piece for piece in self.pieces if isinstance(piece.value, str) and piece.text.strip()]

    @cached_property
    def links(self) -> list[tuple[Piece, Any]]:
        """(piece, `a` element) for each link in rich text."""
        return [(piece, link) for piece in self.pieces if piece.is_rich for link in piece.soup.find_all("a")]

    @cached_property
    def html(self) -> BeautifulSoup:
        return BeautifulSoup(render(self.page) if self._markup is None else self._markup, "html.parser")

    @cached_property
    def styles(self) -> Document:
        return Document(self.html, Sheet.of(*self._sheets[0]))

    @cached_property
    def views(self) -> list[View]:
        """Narrow and wide, each in light and dark."""
        return [self.styles.at(width, scheme) for width in WIDTHS for scheme in SCHEMES]

    @cached_property
    def emblems(self) -> list[tuple[Any, Any]]:
        """[(line, emblem)] of the European Union; an emblem is whatever stands for it."""
        within = {id(line): [part for part in elements_in(line) if has_class(part, "eu-emblem")] for line in self.lines}
        return [(line, emblem) for line in self.lines for emblem in within[id(line)][:1]]

    @cached_property
    def lines(self) -> list[Any]:
        """Where emblem and statement stand."""
        return self.with_class("eu-line")

    def with_class(self, name: str) -> list[Any]:
        return [element for element in self.styles.elements if has_class(element, name)]

    def emblems_in(self, view: View) -> list[tuple[Any, Any]]:
        """Those that are seen there."""
        return self._emblems_seen[view]

    @cached_property
    def _emblems_seen(self) -> dict[View, list[tuple[Any, Any]]]:
        return {view: [(line, emblem) for line, emblem in self.emblems if is_seen(view, line) and is_seen(view, emblem)] for view in self.views}

    @property
    def unread_sheets(self) -> list[str]:
        return [*self._sheets[1], *self.styles.sheet.unread]

    @cached_property
    def _sheets(self) -> tuple[list[str], list[str]]:
        return sheets_of(self.html)

    def _of_field(self, field: models.Field[Any, Any]) -> Iterator[Piece]:
        value = getattr(self.page, field.attname, None)
        is_ours = field.model is not Page or field.name in OF_EVERY_PAGE
        if isinstance(field, StreamField):
            for child in value or ():
                yield from _of_block(child.block_type, child.block, child.value, field.name, str(child.id or ""))
        elif not is_ours or not field.editable or field.choices:
            return
        elif isinstance(field, RichTextField):
            yield Piece(field.name, value or "", field.name, is_rich=True, required=not field.blank)
        elif isinstance(field, models.CharField | models.TextField) and not isinstance(field, models.URLField | models.SlugField):
            yield Piece(field.name, value or "", field.name, required=not field.blank)


def _of_block(kind: str, block: Any, value: Any, field: str, block_id: str, of: str = "") -> Iterator[Piece]:
    if isinstance(block, ImageBlock | ImageChooserBlock):
        yield Piece(kind, value, field, block_id, of=of)
    elif isinstance(block, blocks.StreamBlock):
        for child in value:
            yield from _of_block(child.block_type, child.block, child.value, field, str(child.id or block_id), kind)
    elif isinstance(block, blocks.ListBlock):
        for child in value:
            yield from _of_block("item", block.child_block, child, field, block_id, of or kind)
    elif isinstance(block, blocks.StructBlock):
        language = str(value.get("language") or "") if "language" in block.child_blocks else ""
        for name, child in block.child_blocks.items():
            for piece in _of_block(name, child, value.get(name), field, block_id, of or kind):
                yield replace(piece, language=language) if language and name == "text" else piece
        # A block that leads to an address of its own says so as a link in text would.
        if hasattr(block, "link") and (link := block.link(value)):
            yield Piece("link", link, field, block_id, is_rich=True, of=of or kind)
    elif isinstance(value, RichText):
        yield Piece(kind, value.source, field, block_id, is_rich=True, of=of)
    elif isinstance(block, blocks.ChoiceBlock):
        return
    elif isinstance(block, DocumentChooserBlock) or isinstance(value, Page) or isinstance(block, blocks.PageChooserBlock):
        yield Piece(kind, value, field, block_id, of=of)
    elif isinstance(block, blocks.RichTextBlock):
        yield Piece(kind, value or "", field, block_id, is_rich=True, of=of)
    elif isinstance(block, blocks.CharBlock | blocks.TextBlock):
        yield Piece(kind, value or "", field, block_id, of=of, required=bool(block.required))


def render(page: Any) -> str:
    """The page's bytes for a visitor, as Wagtail's preview makes them; from memory, so that it need not be saved."""
    # A copy: rendering keeps what it found out on the page, such as where sites start, and the page is only about to be saved.
    page = copy(page)
    language = page.locale.language_code
    address = urlsplit(site_address(page) or settings.BASE_URL)
    request = RequestFactory().get(f"/{language}/", SERVER_NAME=address.hostname or "localhost", SERVER_PORT=str(address.port or 80))
    request.user = AnonymousUser()
    request.is_preview = True  # type: ignore[attr-defined]  # as Wagtail's own preview request has it
    with translation.override(language):
        response = page.serve_preview(request, "")
        if hasattr(response, "render"):
            response = response.render()
    return str(response.content.decode())
