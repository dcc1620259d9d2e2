"""An old page's HTML as blocks: headings, and running text with lists and links. What acts or only looks is left out, and no word is lost."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import nh3
from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, Tag

if TYPE_CHECKING:
    from urllib.parse import SplitResult

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# In which other parts may stand; they themselves say nothing.
FRAMES = (
    *("div", "section", "article", "main", "header", "footer", "aside", "figure", "figcaption", "blockquote", "center"),
    *("table", "thead", "tbody", "tfoot"),
)
LISTS = ("ul", "ol")
SAME = {"strong": "b", "em": "i"}
KEPT = {"a", "b", "br", "i", "li", "ol", "p", "ul"}
LINKS = {"http", "https", "mailto", "tel"}
PICTURES = ("img", "iframe", "video", "audio", "object", "embed")
SILENT = ("script", "style", "template", "noscript")
# Of tags one in another. What renders and checks the page goes down into them.
MOST_DEEP = 60


class TooDeep(Exception):
    pass


@dataclass
class Body:
    """`blocks` are for a StoryField; `left_out` counts pictures and players, which are brought by hand."""

    blocks: list[tuple[str, str]] = field(default_factory=list)
    left_out: int = 0


def split(address: str) -> SplitResult | None:
    """None for what is no address, such as one whose brackets do not close."""
    try:
        return urlsplit(address)
    except ValueError:
        return None


def read(html: str) -> Body:
    """Raises TooDeep."""
    body = Body()
    # Scripts and styles go with what is in them, the rest of the markup leaves its words.
    soup = _parsed(html)
    body.left_out = len(soup.find_all(PICTURES))
    for gone in soup.find_all([*SILENT, *PICTURES]):
        gone.decompose()
    for old, new in SAME.items():
        for tag in soup.find_all(old):
            tag.name = new
    for link in soup.find_all("a"):
        address = split(str(link.get("href", "none:")))
        if address is None or address.scheme not in {*LINKS, ""}:
            link.unwrap()
    parts: list[str] = []
    _walk(soup, body, parts)
    _close(body, parts)
    return body


def _parsed(html: str) -> BeautifulSoup:
    """Where many tags were never closed, as browsers close them; elsewhere as they stand."""
    soup = BeautifulSoup(html, "html.parser")
    if not _is_too_deep(soup):
        return soup
    tags = {*HEADINGS, *FRAMES, *SAME, *KEPT, *PICTURES, "tr", "th", "td"}
    soup = BeautifulSoup(nh3.clean(html, tags=tags, clean_content_tags=set(SILENT), attributes={"a": {"href"}}, link_rel=None), "html.parser")
    if _is_too_deep(soup):
        raise TooDeep
    return soup


def _is_too_deep(soup: BeautifulSoup) -> bool:
    level: list[Tag] = [soup]
    for _depth in range(MOST_DEEP + 1):
        level = [child for tag in level for child in tag.children if isinstance(child, Tag)]
        if not level:
            return False
    return True


def _walk(parent: Tag, body: Body, parts: list[str]) -> None:
    loose: list[str] = []
    for child in list(parent.children):
        if isinstance(child, Tag) and child.name in (*HEADINGS, *FRAMES, *LISTS, "p", "tr"):
            _paragraph(loose, parts)
            _part(child, body, parts)
        elif isinstance(child, Tag | NavigableString) and type(child) in {Tag, NavigableString}:
            loose.append(_markup(child))
    _paragraph(loose, parts)


def _part(tag: Tag, body: Body, parts: list[str]) -> None:
    words = " ".join(tag.get_text(" ").split())
    if not words:
        return
    if tag.name in HEADINGS:
        _close(body, parts)
        body.blocks.append(("heading", words))
    elif tag.name in FRAMES:
        _walk(tag, body, parts)
    elif tag.name == "tr":
        parts.append(_clean(f"<p>{' – '.join(_inner(cell) for cell in tag.find_all(['th', 'td']))}</p>"))
    else:
        parts.append(_clean(str(tag)))


def _paragraph(loose: list[str], parts: list[str]) -> None:
    text = "".join(loose)
    loose.clear()
    if BeautifulSoup(text, "html.parser").get_text().strip():
        parts.append(_clean(f"<p>{text.strip()}</p>"))


def _close(body: Body, parts: list[str]) -> None:
    if parts:
        body.blocks.append(("paragraph", "".join(parts)))
        parts.clear()


def _markup(element: PageElement) -> str:
    return str(element) if isinstance(element, Tag) else element.output_ready(formatter="minimal")  # type: ignore[attr-defined]  # a text has it


def _inner(tag: Tag) -> str:
    return tag.decode_contents().strip()


def _clean(html: str) -> str:
    return nh3.clean(html, tags=KEPT, attributes={"a": {"href"}}, url_schemes=LINKS, link_rel=None, strip_comments=True)
