"""An issue as mail: each block as MJML and as text, with the pages and links of the reader's language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from wagtail.documents import get_document_model
from wagtail.images.models import SourceImageIOError

from base.pages import PublicPage, web_address
from base.pictures import DRAWN
from newsletters.segments import Audience, letter
from newsletters.showing import title_of
from themes.models import Scope
from themes.places import address_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from django.utils.safestring import SafeString

    from base.models import Rendition, SiteImage
    from base.pages import Digest
    from mail.links import Links
    from newsletters.library import Library
    from newsletters.models import IssuePage

WEB = ("http://", "https://")
# Of the column, in pixels: a picture is twice as sharp where the screen is.
COLUMN, SHARP = 552, 1200


@dataclass(frozen=True)
class Row:
    """A page as a row of the mail. Both addresses count who follows them."""

    shown: Digest
    url: str
    action_url: str = ""

    @property
    def text(self) -> str:
        action = f"{self.shown.action[0]}: {self.action_url}" if self.shown.action else ""
        return "\n".join(filter(None, (self.shown.title, self.shown.note, self.shown.lead, self.url, action)))


@dataclass
class Writer:
    """Writes one variant. The links of all variants go to one collector."""

    language: str
    library: Library
    links: Links
    # Of the issue, and whose letter this is; None shows what any part of the readers gets.
    audiences: Sequence[Audience] = ()
    segment: str | None = None
    sections: list[SafeString] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    base_url: str = ""
    is_internal: bool = False

    def write(self, issue: IssuePage) -> None:
        self._add("opening", {"title": issue.title, "lead": issue.lead}, f"{issue.title}\n\n{issue.lead}")
        self.base_url = address_of(issue.theme)
        self.is_internal = issue.newsletter.scope == Scope.INTERNAL
        self._blocks(issue.body)

    @property
    def text(self) -> str:
        return "\n\n".join(self.texts)

    def _add(self, template: str, context: dict[str, Any], text: str) -> None:
        self.sections.append(mark_safe(render_to_string(f"newsletters/mail/{template}.mjml", context)))
        self.texts.append(text)

    def _blocks(self, blocks: Any) -> None:
        for block in blocks:
            getattr(self, f"_{block.block_type}")(block)

    def _only_for(self, block: Any) -> None:
        if self.segment is None or letter(self.audiences, Audience.of(block.value)) in self.segment:
            self._blocks(block.value["content"])

    def _paragraph(self, block: Any) -> None:
        soup = BeautifulSoup(block.value.source, "html.parser")
        for anchor in soup.find_all("a"):
            self._track(anchor)
        # Rich text as the editor stored it, with the features of `base.blocks.RICH_TEXT` only.
        self._add("paragraph", {"html": mark_safe(str(soup))}, _as_text(soup))

    def _track(self, anchor: Tag) -> None:
        url, key = self._target(anchor)
        anchor.attrs = {}
        if url.startswith(WEB):
            anchor["href"] = self.links.slot(url, key)
        elif url:
            anchor["href"] = url
        else:
            anchor.unwrap()

    def _target(self, anchor: Tag) -> tuple[str, UUID | None]:
        kind, pk = anchor.get("linktype"), anchor.get("id")
        if kind == "page":
            page = self.library.find(int(str(pk)), self.language)
            return (self._address(page), page.translation_key) if page else ("", None)
        if kind == "document":
            document = get_document_model().objects.filter(pk=pk).first()
            return (settings.BASE_URL + document.url if document and document.url.startswith("/") else getattr(document, "url", "")), None
        href = str(anchor.get("href", ""))
        return (settings.BASE_URL + href if href.startswith("/") else href), None

    def _address(self, page: Any) -> str:
        return page.address_for_insiders() if self.is_internal and isinstance(page, PublicPage) else web_address(page)

    def _heading(self, block: Any) -> None:
        self._heading_over(block.value)

    def _heading_over(self, words: str) -> None:
        self._add("heading", {"heading": words}, f"{words}\n{'-' * min(len(words), 60)}")

    def _item(self, block: Any) -> None:
        for row in self._rows(block):
            self._add("item", {"row": row, "level": "h3"}, row.text)

    def _cards(self, block: Any) -> None:
        rows = self._rows(block)
        for at in range(0, len(rows), 2):
            pair = rows[at : at + 2]
            self._add("cards", {"rows": pair}, "\n\n".join(row.text for row in pair))

    def _listed(self, block: Any) -> None:
        """Where nothing is to be listed there is no title either."""
        if rows := self._rows(block):
            self._heading_over(title_of(block))
            for row in rows:
                self._add("item", {"row": row, "level": "h3"}, row.text)

    _coming_events = _open_calls = _listed

    def _rows(self, block: Any) -> list[Row]:
        found = []
        for page in self.library.pages_of(block, self.language):
            if url := self._address(page):
                shown, key = self.library.digest(page, self.language), page.translation_key
                action = self.links.slot(f"{url}{shown.action[1]}", key) if shown.action else ""
                found.append(Row(shown, self.links.slot(url, key), action))
        return found

    def _picture(self, block: Any) -> None:
        """A picture whose file is gone is left out; the publication gate says so."""
        picture = block.value["image"]
        if picture is None or (file := mail_rendition(picture)) is None:
            return
        width = min(COLUMN, file.width)
        words = ". ".join(filter(None, (block.value["caption"].rstrip("."), credit_of(picture))))
        context = {
            "src": f"{self.base_url}{file.url}" if file.url.startswith("/") else file.url,
            "width": width,
            "height": round(file.height * width / file.width),
            "alt": picture.contextual_alt_text,
            "words": words,
        }
        self._add("picture", context, "\n".join(filter(None, (f"[{picture.contextual_alt_text}]", words))))

    def _call_to_action(self, block: Any) -> None:
        """Without an address to lead to there is nothing to do."""
        value = block.value
        page = self.library.find(value["page"].pk, self.language) if value["page"] else None
        url = self._address(page) if page else value["url"]
        if not url:
            return
        slot = self.links.slot(url, page.translation_key if page else None)
        lines = (value["title"], value["text"], f"{value['label']}: {slot}")
        self._add("call_to_action", {"value": value, "url": slot}, "\n".join(filter(None, lines)))

    def _quote(self, block: Any) -> None:
        value = block.value
        self._add("quote", {"quote": value}, f"”{value['text']}”\n— {value['source']}")

    def _key_figures(self, block: Any) -> None:
        figures = block.value["items"]
        self._add("key_figures", {"figures": figures}, "\n".join(f"{item['value']}: {item['label']} ({item['source']})" for item in figures))


def mail_rendition(picture: SiteImage) -> Rendition | None:
    """In a format that every inbox shows. None where the picture's file is gone. Made once, kept as the site's are."""
    form = "png" if picture.filename.lower().endswith(DRAWN) else "jpeg"
    try:
        rendition: Rendition = picture.get_rendition(f"width-{SHARP}|format-{form}")
    except SourceImageIOError:
        return None
    return rendition


def credit_of(picture: SiteImage) -> str:
    return gettext("Picture: %(credit)s") % {"credit": picture.credit} if picture.credit else ""


def _as_text(soup: BeautifulSoup) -> str:
    """Paragraphs apart, list items with a dash, a link's address behind its words."""
    return "\n\n".join(filter(None, (_lines(node) for node in soup.children)))


def _lines(node: Any) -> str:
    if isinstance(node, NavigableString):
        return " ".join(str(node).split())
    if node.name in {"ul", "ol"}:
        return "\n".join(f"- {_inline(item)}" for item in node.find_all("li"))
    return _inline(node)


def _inline(node: Any) -> str:
    if isinstance(node, NavigableString):
        return str(node)
    if node.name == "br":
        return "\n"
    inner = "".join(_inline(child) for child in node.children)
    href = str(node.get("href", "")) if node.name == "a" else ""
    return f"{inner} ({href})" if href else inner
