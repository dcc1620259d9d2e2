"""Lengths and colours out of their text."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import tinycss2
from tinycss2.color5 import parse_color

KEYWORDS = {"xx-small": 9, "x-small": 10, "small": 13, "medium": 16, "large": 18, "x-large": 24, "xx-large": 32, "thin": 1, "thick": 5}
ABSOLUTE = {"px": 1.0, "pt": 96 / 72, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4, "q": 96 / 101.6}


@lru_cache(maxsize=4096)
def _tokens(text: str) -> tuple[Any, ...]:
    return tuple(token for token in tinycss2.parse_component_value_list(text) if token.type != "comment")


def parts(text: str) -> list[str]:
    """The text's words; a function with its brackets is one."""
    return [token.serialize() for token in _tokens(text) if token.type != "whitespace"]


# ---- lengths
@dataclass(frozen=True)
class Scale:
    """What the units mean: the letters of the element and of the root, the window, and what a percentage is of."""

    font: float = 16.0
    root: float = 16.0
    width: float = 1280.0
    height: float = 900.0
    whole: float | None = None


@lru_cache(maxsize=8192)
def length(text: str, scale: Scale) -> float | None:
    """In px; a number stays one. None where it is no length, such as `auto`, or where nobody knows what a percentage is of."""
    tokens = [token for token in _tokens(text) if token.type != "whitespace"]
    return _value(tokens[0], scale) if len(tokens) == 1 else None


def _value(token: Any, scale: Scale) -> float | None:
    if token.type == "number":
        return float(token.value)
    if token.type == "percentage":
        return None if scale.whole is None else scale.whole * token.value / 100
    if token.type == "dimension":
        return _dimension(token.value, token.lower_unit, scale)
    if token.type == "ident":
        return KEYWORDS.get(token.lower_value)
    if token.type == "() block":
        return _sum(token.content, scale)
    if token.type == "function":
        return _function(token, scale)
    return None


def _dimension(value: float, unit: str, scale: Scale) -> float | None:
    if unit in ABSOLUTE:
        return value * ABSOLUTE[unit]
    relative = {
        "em": scale.font, "rem": scale.root, "ex": scale.font / 2, "ch": scale.font / 2, "lh": scale.font * 1.5,
        "vw": scale.width / 100, "vh": scale.height / 100, "vi": scale.width / 100, "vb": scale.height / 100, "dvh": scale.height / 100,
        "svh": scale.height / 100, "lvh": scale.height / 100, "dvw": scale.width / 100, "svw": scale.width / 100, "lvw": scale.width / 100,
        "vmin": min(scale.width, scale.height) / 100, "vmax": max(scale.width, scale.height) / 100,
    }  # fmt: skip
    return value * relative[unit] if unit in relative else None


def _function(token: Any, scale: Scale) -> float | None:
    if token.lower_name == "calc":
        return _sum(token.arguments, scale)
    values = [_sum(part, scale) for part in _by_comma(token.arguments)]
    numbers = [value for value in values if value is not None]
    if len(numbers) != len(values) or not numbers:
        return None
    match token.lower_name:
        case "min":
            return min(numbers)
        case "max":
            return max(numbers)
        case "clamp" if len(numbers) == 3:
            return max(numbers[0], min(numbers[1], numbers[2]))
    return None


def _by_comma(tokens: list[Any]) -> list[list[Any]]:
    found: list[list[Any]] = [[]]
    for part in tokens:
        if part == ",":
            found.append([])
        else:
            found[-1].append(part)
    return found


def _sum(tokens: list[Any], scale: Scale) -> float | None:
    """Terms of products, as `calc()` has them."""
    total, product, sign, divides = 0.0, None, 1.0, False
    for token in (token for token in tokens if token.type not in {"whitespace", "comment"}):
        if token.type == "literal":
            if token.value in "+-":
                total, product, sign = total + sign * (product or 0.0), None, -1.0 if token.value == "-" else 1.0
            else:
                divides = token.value == "/"
            continue
        if (value := _value(token, scale)) is None:
            return None
        product, divides = (value if product is None else product / value if divides and value else product * value), False
    return total + sign * (product or 0.0)


# ---- colours
@dataclass(frozen=True)
class Color:
    """sRGB from 0 to 1, with its opacity."""

    red: float
    green: float
    blue: float
    alpha: float = 1.0

    def over(self, under: Color) -> Color:
        red, green, blue = (mine * self.alpha + theirs * (1 - self.alpha) for mine, theirs in zip(self.channels, under.channels, strict=True))
        return Color(red, green, blue)

    @property
    def channels(self) -> tuple[float, float, float]:
        return self.red, self.green, self.blue

    @property
    def luminance(self) -> float:
        """WCAG 2.2's relative luminance."""
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in self.channels)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    def contrast(self, other: Color) -> float:
        low, high = sorted((self.luminance, other.luminance))
        return (high + 0.05) / (low + 0.05)

    def is_near(self, other: Color, distance: float = 0.02) -> bool:
        return all(abs(mine - theirs) <= distance for mine, theirs in zip(self.channels, other.channels, strict=True))


CLEAR, BLACK, WHITE = Color(0, 0, 0, 0), Color(0, 0, 0), Color(1, 1, 1)


def is_color(text: str) -> bool:
    return text.lower() == "currentcolor" or color(text) is not None


@lru_cache(maxsize=4096)
def color(text: str, current: Color = BLACK) -> Color | None:
    """None where it is no colour, or one of a kind that is not read here (`color-mix()`, relative colours)."""
    if text.lower() == "currentcolor":
        return current
    tokens = [token for token in _tokens(text) if token.type != "whitespace"]
    if len(tokens) != 1:
        return None
    try:
        found = parse_color(_calculated(text) if "(" in text else text)
    except (ValueError, AttributeError, TypeError, IndexError):
        return None
    return _srgb(found) if found is not None and not isinstance(found, str) else None


def _calculated(text: str) -> str:
    """The colour with its `calc()` worked out, which the parser does not do."""
    if "calc(" not in text.lower():
        return text
    token = _tokens(text)[0]
    inner = []
    for part in token.arguments:
        value = _sum(part.arguments, Scale()) if part.type == "function" and part.lower_name == "calc" else None
        inner.append(part.serialize() if value is None else f"{value:.6f}")
    return f"{token.name}({''.join(inner)})"


def _srgb(found: Any) -> Color | None:
    alpha = 1.0 if found.alpha is None else float(found.alpha)
    first, second, third = (float(part or 0) for part in found.coordinates)
    match found.space:
        case "srgb":
            return Color(first, second, third, alpha)
        case "hsl":
            return Color(*_hsl(first, second, third), alpha)
        case "oklch":
            return Color(*_oklab(first, second * math.cos(math.radians(third)), second * math.sin(math.radians(third))), alpha)
        case "oklab":
            return Color(*_oklab(first, second, third), alpha)
    try:
        red, green, blue = (float(part) for part in found.to("srgb").coordinates)
    except NotImplementedError:
        return None
    return Color(red, green, blue, alpha)


def _hsl(hue: float, saturation: float, lightness: float) -> tuple[float, float, float]:
    strength = saturation / 100 * min(lightness / 100, 1 - lightness / 100)

    def channel(shift: int) -> float:
        place = (shift + hue / 30) % 12
        return lightness / 100 - strength * max(-1.0, min(place - 3, 9 - place, 1.0))

    return channel(0), channel(8), channel(4)


def _oklab(lightness: float, a: float, b: float) -> tuple[float, float, float]:
    """CSS Color 4, with what lies outside sRGB cut off."""
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    red, green, blue = (min(1.0, max(0.0, 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055)) for part in linear)
    return red, green, blue
