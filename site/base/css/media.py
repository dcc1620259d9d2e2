"""Media queries, for a screen of a width in a colour scheme, without wishes of its owner for less motion or forced colours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}
LENGTH = r"([\d.]+)(px|rem|em)?"
HEIGHT = 900
KNOWN = {
    "prefers-reduced-motion": "no-preference",
    "forced-colors": "none",
    "prefers-contrast": "no-preference",
    "hover": "hover",
    "pointer": "fine",
    "scripting": "enabled",
}


@dataclass(frozen=True)
class Query:
    text: str

    @classmethod
    def parse(cls, text: str) -> Query:
        return cls(" ".join(text.lower().split()))

    def holds(self, width: int, scheme: str) -> bool:
        return _holds(self.text, width, scheme)


@lru_cache(maxsize=1024)
def _holds(text: str, width: int, scheme: str) -> bool:
    return any(_one(part.strip(), width, scheme) for part in text.split(","))


def _one(text: str, width: int, scheme: str) -> bool:
    if text.startswith("not "):
        return not _one(text[4:], width, scheme)
    if match := re.match(r"^(?:only )?(screen|print|all|speech)\b(?: and )?", text):
        if match[1] not in {"screen", "all"}:
            return False
        text = text[match.end() :]
    if " or " in text:
        return any(_one(part, width, scheme) for part in text.split(" or "))
    return all(_feature(part.strip(), width, scheme) for part in text.split(" and ") if part.strip())


def _feature(text: str, width: int, scheme: str) -> bool:
    if text.startswith("not "):
        return not _feature(text[4:].strip(), width, scheme)
    inner = text.removeprefix("(").removesuffix(")").strip()
    if inner.startswith("("):
        return _one(inner, width, scheme)
    sizes = {"width": width, "height": HEIGHT}
    if match := re.match(rf"^(min|max)-(width|height)\s*:\s*{LENGTH}$", inner):
        return _compare(sizes[match[2]], ">=" if match[1] == "min" else "<=", _pixels(match[3], match[4]))
    if match := re.match(rf"^{LENGTH}\s*([<>]=?)\s*(width|height)\s*(?:([<>]=?)\s*{LENGTH})?$", inner):
        low = _compare(sizes[match[4]], MIRRORED[match[3]], _pixels(match[1], match[2]))
        return low and (match[5] is None or _compare(sizes[match[4]], match[5], _pixels(match[6], match[7])))
    if match := re.match(rf"^(width|height)\s*([<>]=?|=)\s*{LENGTH}$", inner):
        return _compare(sizes[match[1]], match[2], _pixels(match[3], match[4]))
    name, _, value = (part.strip() for part in inner.partition(":"))
    if name == "prefers-color-scheme":
        return value == scheme
    if name == "orientation":
        return value == ("portrait" if width < HEIGHT else "landscape")
    return KNOWN.get(name) == value


def _pixels(number: str, unit: str | None) -> float:
    # A media query's em is the reader's own letter size, not the page's.
    return float(number) * (16 if unit in {"rem", "em"} else 1)


def _compare(left: float, sign: str, right: float) -> bool:
    return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right, "=": left == right}[sign]
