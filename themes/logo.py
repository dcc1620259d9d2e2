"""A logo as uploaded: what it is by its content, never by its name. Pictures are opened; an SVG may hold shapes, and nothing that acts."""

from __future__ import annotations

import hashlib
import re
import warnings
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, ParseError, XMLParser

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image, UnidentifiedImageError

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

MOST_BYTES = 200 * 1024
MOST_PIXELS = 4_000_000
# Wider than this, it would be wider than the name beside it.
WIDEST = 4
FORMATS = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp"}
SVG = "{http://www.w3.org/2000/svg}"
SHAPES = {
    "svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "defs", "linearGradient", "radialGradient", "stop", "clipPath",
    "mask", "title", "desc", "use", "symbol",
}  # fmt: skip
NUMBER = re.compile(r"\s*(\d+(?:\.\d+)?)(?:px)?\s*")
FORBIDDEN = re.compile(r"<!ENTITY|<\?xml-stylesheet|\0", re.IGNORECASE)
ENCODING = re.compile(r"""<\?xml[^>]*encoding\s*=\s*["']([^"']+)""")
OUTSIDE = re.compile(r"url\(\s*['\"]?(?!#)|@import|javascript:|expression\(|data:", re.IGNORECASE)


@dataclass(frozen=True)
class Logo:
    kind: str
    width: int
    height: int


def read(content: bytes) -> Logo:
    """Raises ValidationError with what to do."""
    if len(content) > MOST_BYTES:
        raise ValidationError(_("The file is larger than 200 kB. Save the logo smaller, or as SVG."))
    is_markup = content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    found = _svg(content) if is_markup else _picture(content)
    if found.width > WIDEST * found.height:
        raise ValidationError(_("The logo is more than four times as wide as high. Use one without the name: the name stands beside it anyway."))
    return found


def check(file: Any) -> None:
    """The validator of the field; a file that was stored before is not read again."""
    if not getattr(file, "_committed", True):
        read(content_of(file))


def path_of(theme: Any, _name: str) -> str:
    """By what is in it: another logo is another address, and may be kept for ever."""
    content = content_of(theme.logo)
    return str(PurePath("looks", f"{hashlib.blake2b(content, digest_size=10).hexdigest()}.{read(content).kind}"))


def content_of(file: Any) -> bytes:
    file.seek(0)
    content: bytes = file.read(MOST_BYTES + 1)
    file.seek(0)
    return content


def _picture(content: bytes) -> Logo:
    unreadable = ValidationError(_("This file is not a picture that we can read. Save the logo as SVG, PNG, WebP or JPEG."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content)) as picture:
                kind, (width, height) = FORMATS.get(picture.format or ""), picture.size
                if kind is None:
                    raise unreadable
                if width * height > MOST_PIXELS:
                    raise ValidationError(_("The picture has more than four million pixels. Save the logo smaller."))
                picture.load()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise unreadable from None
    return Logo(kind, width, height)


class _Shapes:
    """Builds nothing: looks at each element as it is parsed, and remembers the first."""

    def __init__(self) -> None:
        self.root: dict[str, str] | None = None
        self.fault: _StrPromise | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> Element | None:
        if self.root is None:
            self.root = attributes if tag == f"{SVG}svg" else {}
        if not tag.startswith(SVG) or tag.removeprefix(SVG) not in SHAPES:
            self.fault = self.fault or _("The SVG holds more than shapes, such as a script, a style or text. Save it as plain SVG with paths.")
        for name, value in attributes.items():
            is_link = name.rpartition("}")[2].lower() == "href"
            if name.lower().startswith("on") or (is_link and not value.startswith("#")) or OUTSIDE.search(value):
                self.fault = self.fault or _("The SVG runs something or fetches something. Save it as plain SVG with paths.")
        return None

    def end(self, tag: str) -> None: ...
    def data(self, data: str) -> None: ...

    def close(self) -> None: ...


def _svg(content: bytes) -> Logo:
    shapes = _Shapes()
    try:
        text = content.decode("utf-8-sig")
        # Entities grow without end; an instruction may fetch a style sheet; another encoding would hide either.
        if FORBIDDEN.search(text) or not _is_named_utf_8(text):
            raise ValidationError(_("The SVG runs something or fetches something. Save it as plain SVG with paths."))
        parser = XMLParser(target=shapes)  # noqa: S314 — no entity comes this far, and nothing is built
        parser.feed(text)
        parser.close()
    except (ParseError, UnicodeDecodeError):
        raise ValidationError(_("This file is not a whole SVG. Save the logo again.")) from None
    if not shapes.root:
        raise ValidationError(_("This file is not a picture that we can read. Save the logo as SVG, PNG, WebP or JPEG."))
    if shapes.fault:
        raise ValidationError(shapes.fault)
    return Logo("svg", *_size(shapes.root))


def _is_named_utf_8(text: str) -> bool:
    named = ENCODING.match(text)
    return named is None or named[1].lower() in {"utf-8", "us-ascii"}


def _size(root: dict[str, str]) -> tuple[int, int]:
    box = root.get("viewBox", "").replace(",", " ").split()
    sides = [NUMBER.fullmatch(root.get(name, "")) for name in ("width", "height")]
    try:
        width, height = (float(side[1]) for side in sides) if all(sides) else (float(box[2]), float(box[3]))  # type: ignore[index]
    except (IndexError, ValueError):
        width = height = 0
    if not (0 < width < 100_000 and 0 < height < 100_000):
        raise ValidationError(_("The SVG does not say how large it is: it needs a viewBox, or a width and a height."))
    # Only the proportion matters, as whole numbers.
    scale = 1000 / max(width, height)
    return max(1, round(width * scale)), max(1, round(height * scale))
