"""What a document is made of, whether it is read on a screen or printed: the same parts in the same order."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Heading:
    """`level` 2 stands right below the title."""

    level: int
    text: str
    kind: str = "heading"


class Linked(str):
    """Words of a cell or a text that lead somewhere on a screen; on paper they are words. What `ref` means knows whoever shows them."""

    ref: str

    def __new__(cls, words: str = "", ref: str = "") -> Self:
        made = super().__new__(cls, words)
        made.ref = ref
        return made


@dataclass(frozen=True)
class Text:
    """`runs` are its words one after the other, some of them `Linked`; none where nothing is."""

    text: str
    runs: Sequence[str] = ()
    kind: str = "text"


@dataclass(frozen=True)
class Facts:
    """Labels with what they say."""

    rows: Sequence[tuple[str, str]]
    kind: str = "facts"


@dataclass(frozen=True)
class Items:
    rows: Sequence[str]
    kind: str = "items"


@dataclass(frozen=True)
class Table:
    """`label` names it to a screen reader; the first cell of a row names the row. `widths` are the columns' shares of the page."""

    label: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]
    kind: str = "table"


@dataclass(frozen=True)
class Picture:
    """A drawing as wide as the text. `svg` is whole, with a `viewBox`; `alt` says what it shows."""

    svg: str
    alt: str
    kind: str = "picture"


Part = Heading | Text | Facts | Items | Table | Picture


def paragraphs(text: str) -> list[Text]:
    return [Text(line.strip()) for line in text.splitlines() if line.strip()]


def as_plain(parts: Sequence[Part]) -> list[dict[str, Any]]:
    return [asdict(part) for part in parts]
