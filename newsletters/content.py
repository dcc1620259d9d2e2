"""An issue as mail: its blocks as MJML and as text, with the pages and links of the reader's language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from wagtail.documents import get_document_model
from wagtail.models import Page

from base.pages import Digest, Digestible, web_address

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.utils.safestring import SafeString

    from mail.links import Links
    from newsletters.models import IssuePage

WEB = ("http://", "https://")


def web_url(page: Page) -> str:
    """The page's address at its own theme's."""
    return web_address(page)


@dataclass
class Library:
    """The live pages that issues show or link to, in every language. Read once, whatever the number of blocks."""

    keys: dict[int, UUID] = field(default_factory=dict)
    pages: dict[tuple[UUID, str], Any] = field(default_factory=dict)

    @classmethod
    def of(cls, issues: Iterable[IssuePage]) -> Library:
        ids = {pk for issue in issues for pk in (*issue.item_ids(), *_linked_ids(issue))}
        keys = dict(Page.objects.filter(pk__in=ids).values_list("pk", "translation_key"))
        found = Page.objects.live().filter(translation_key__in=keys.values()).select_related("locale").specific().order_by("-pk")
        library = cls(keys)
        for page in found:
            library.pages[page.translation_key, page.locale.language_code] = page
            # The source is the oldest, so it comes last.
            library.pages[page.translation_key, ""] = page
        return library

    def find(self, pk: int, language: str) -> Any | None:
        """The page in the language, else its source; None when nothing of it is live."""
        key = self.keys.get(pk)
        return (self.pages.get((key, language)) or self.pages.get((key, ""))) if key else None


def _linked_ids(issue: IssuePage) -> Iterable[int]:
    for block in issue.body.raw_data:
        if block["type"] == "paragraph":
            for anchor in BeautifulSoup(block["value"], "html.parser").find_all("a", linktype="page"):
                yield int(str(anchor["id"]))


@dataclass
class Writer:
    """Writes one variant. The links of all variants go to one collector."""

    language: str
    library: Library
    links: Links
    sections: list[SafeString] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def write(self, issue: IssuePage) -> None:
        self._add("opening", {"title": issue.title, "lead": issue.lead}, f"{issue.title}\n\n{issue.lead}")
        for block in issue.body:
            getattr(self, f"_{block.block_type}")(block.value)

    @property
    def text(self) -> str:
        return "\n\n".join(self.texts)

    def _add(self, template: str, context: dict[str, Any], text: str) -> None:
        self.sections.append(mark_safe(render_to_string(f"newsletters/mail/{template}.mjml", context)))
        self.texts.append(text)

    def _paragraph(self, value: Any) -> None:
        soup = BeautifulSoup(value.source, "html.parser")
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
            return (web_url(page), page.translation_key) if page else ("", None)
        if kind == "document":
            document = get_document_model().objects.filter(pk=pk).first()
            return (settings.BASE_URL + document.url if document and document.url.startswith("/") else getattr(document, "url", "")), None
        href = str(anchor.get("href", ""))
        return (settings.BASE_URL + href if href.startswith("/") else href), None

    def _heading(self, value: str) -> None:
        self._add("heading", {"heading": value}, f"{value}\n{'-' * min(len(value), 60)}")

    def _item(self, value: Page | None) -> None:
        """A page that is not live any more is left out: a link to it would lead nowhere."""
        page = self.library.find(value.pk, self.language) if value else None
        if page is None or not (url := web_url(page)):
            return
        slot = self.links.slot(url, page.translation_key)
        shown = page.digest() if isinstance(page, Digestible) else Digest(page.title, "", url, "", None)
        context = {"title": shown.title, "lead": shown.lead, "kind": str(shown.kind_label), "note": shown.note, "url": slot}
        self._add("item", context, "\n".join(filter(None, (shown.title, shown.note, shown.lead, slot))))

    def _quote(self, value: Any) -> None:
        self._add("quote", {"quote": value}, f"”{value['text']}”\n— {value['source']}")

    def _key_figures(self, value: Any) -> None:
        lines = [f"{item['value']}: {item['label']} ({item['source']})" for item in value["items"]]
        self._add("key_figures", {"figures": value["items"]}, "\n".join(lines))


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
