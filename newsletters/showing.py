"""An issue on the web: the same blocks as in the mail, with the site's own rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from newsletters.library import LISTED, Library

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest

    from base.pages import Digest
    from newsletters.models import IssuePage


@dataclass(frozen=True)
class Part:
    """A block of text, or rows with a title over them. A page that is gone is left out; a part without rows is not there at all."""

    block: Any = None
    title: str = ""
    items: list[Digest] = field(default_factory=list)


def parts_of(issue: IssuePage, request: HttpRequest | None) -> list[Part]:
    language = issue.locale.language_code
    return list(_parts(issue.body, Library.of([issue]), language, request))


def _parts(blocks: Any, library: Library, language: str, request: HttpRequest | None) -> Iterator[Part]:
    for block in blocks:
        if block.block_type == "only_for":
            # On the web everybody may read it: the block says for whom it was sent, not who may know.
            yield from _parts(block.value["content"], library, language, request)
        elif block.block_type in {"item", "cards", *LISTED}:
            if items := [library.digest(page, language, request) for page in library.pages_of(block, language)]:
                yield Part(title=title_of(block), items=items)
        else:
            yield Part(block)


def title_of(block: Any) -> str:
    """Over what a rule lists; "" over pages that were chosen."""
    return str(block.value["title"] or LISTED[block.block_type].heading) if block.block_type in LISTED else ""
