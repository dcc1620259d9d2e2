"""An old page's HTML as blocks: headings, and running text with lists and links. What acts or only looks is left out, and no word is lost."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

import nh3
from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, Tag

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


@dataclass
class Body:
    """`blocks` are for a StoryField; `left_out` counts pictures and players, which are brought by hand."""

    blocks: list[tuple[str, str]] = field(default_factory=list)
    left_out: int = 0


def read(html: str) -> Body:
    body = Body()
    # Scripts and styles go with what is in them, the rest of the markup leaves its words.
    soup = BeautifulSoup(html, "html.parser")
    body.left_out = len(soup.find_all(PICTURES))
    for gone in soup.find_all(["script", "style", "template", "noscript", *PICTURES]):
        gone.decompose()
    for old, new in SAME.items():
        for tag in soup.find_all(old):
            tag.name = new
    for link in soup.find_all("a"):
        if urlsplit(str(link.get("href", "none:"))).scheme not in {*LINKS, ""}:
            link.unwrap()
    parts: list[str] = []
    _walk(soup, body, parts)
    _close(body, parts)
    return body


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
