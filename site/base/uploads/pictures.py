"""A picture as it comes: opened from its header first, decoded once, and kept without what it tells beside what it shows."""

from __future__ import annotations

import logging
from io import BytesIO
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, ImageSequence, JpegImagePlugin

if TYPE_CHECKING:
    from typing import IO

logger = logging.getLogger(__name__)

KINDS = {"avif": "AVIF", "gif": "GIF", "heic": "HEIF", "jpeg": "JPEG", "jpg": "JPEG", "png": "PNG", "webp": "WEBP"}
# What Pillow calls a JPEG with a second picture in it.
SAME = {"MPO": "JPEG"}
NAMES = {"AVIF": "AVIF", "GIF": "GIF", "HEIF": "HEIC", "JPEG": "JPEG", "PNG": "PNG", "WEBP": "WebP"}
# With what a file ends when nothing has been hung behind the picture.
ENDS = {"JPEG": b"\xff\xd9", "PNG": b"IEND\xaeB`\x82", "GIF": b";"}
# The parts of a JPEG that its pixels need.
NEEDED = (b"JFIF", b"ICC_PROFILE", b"Adobe")
TOLD = ("comment", "exif", "photoshop", "xmp")
BROKEN = _("The picture is broken or cut short, and cannot be shown. Save it again, or fetch it again from where it came.")


def clean(file: IO[bytes], name: str, size: int) -> tuple[str, bytes] | None:
    """(name, content) to keep instead of the file, or None where it may be kept as it is. Raises ValidationError with what to do.

    Orientation is applied and the colour profile kept; place, camera, comments and hidden pictures go. HEIC becomes JPEG.
    """
    kind = _kind_of(name)
    refuse_large(size, settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE)
    file.seek(0)
    content = file.read()
    file.seek(0)
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise ValidationError(_("This is a page or a drawing of code, not a picture. Save it as PNG, WebP or JPEG."), code="markup")
    picture = _opened(content, name)
    _check_header(picture, name, kind)
    try:
        for frame in ImageSequence.Iterator(picture):
            frame.load()
        picture.seek(0)
        if not _tells(picture, kind, content):
            return None
        return str(PurePath(name).with_suffix(".jpg")) if kind == "HEIF" else name, _rewritten(picture, kind, content)
    # A decoder that is given nonsense fails in its own way.
    except Exception:
        raise _broken(name) from None


def refuse_large(size: int, most: int) -> None:
    if size > most:
        raise ValidationError(
            _("The file is %(size)s; at most %(most)s can be brought. Save it smaller, or split it."),
            code="too_large",
            params={"size": filesizeformat(size), "most": filesizeformat(most)},
        )


def _kind_of(name: str) -> str:
    ending = PurePath(name).suffix.lower().lstrip(".")
    if ending == "svg":
        raise ValidationError(_("An SVG is a program as much as a picture, and is not taken. Save it as PNG or WebP."), code="svg")
    if ending not in KINDS:
        raise ValidationError(_("Pictures are JPEG, PNG, WebP, AVIF, GIF or HEIC. Save this one as one of them."), code="ending")
    return KINDS[ending]


def _opened(content: bytes, name: str) -> Any:
    """From the header alone: nothing is decoded yet. Only the kinds above are tried: Pillow knows many more, and some run programs."""
    try:
        return Image.open(BytesIO(content), formats=tuple(NAMES))
    except Image.DecompressionBombError:
        raise _too_many() from None
    except Exception:
        raise _broken(name) from None


def _broken(name: str) -> ValidationError:
    """Of the exception at hand, which the log keeps: it may be ours."""
    logger.warning("The picture %s could not be read.", PurePath(name).name, exc_info=True)
    return ValidationError(BROKEN, code="broken")


def _check_header(picture: Any, name: str, kind: str) -> None:
    found = SAME.get(picture.format, picture.format)
    if found != kind:
        raise ValidationError(
            _("%(name)s is a %(kind)s picture by its content. Give it the right ending, or save it again."),
            code="ending",
            params={"name": PurePath(name).name, "kind": NAMES[found]},
        )
    frames = getattr(picture, "n_frames", 1) if picture.format != "MPO" else 1
    if picture.width * picture.height * frames > settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS:
        raise _too_many()


def _too_many() -> ValidationError:
    most = settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS // 1_000_000
    return ValidationError(
        _("The picture has more than %(most)s million pixels, animation counted frame by frame. Save it smaller."),
        code="too_many_pixels",
        params={"most": most},
    )


def _tells(picture: Any, kind: str, content: bytes) -> bool:
    """Whether the file says more than the picture shows, or lies on its side."""
    return (
        picture.format in {"MPO", "HEIF"}
        or bool(picture.getexif())
        or bool(getattr(picture, "text", None))
        or any(picture.info.get(key) for key in TOLD)
        or any(not data.startswith(NEEDED) for _marker, data in getattr(picture, "applist", ()))
        or not content.rstrip(b"\0\r\n").endswith(ENDS.get(kind, b""))
    )


def _rewritten(picture: Any, kind: str, content: bytes) -> bytes:
    written = BytesIO()
    profile = picture.info.get("icc_profile")
    options: dict[str, Any] = {"icc_profile": profile} if profile else {}
    if kind == "JPEG":
        # The same tables as before: the picture loses next to nothing by being written again.
        options |= {"qtables": picture.quantization, "subsampling": JpegImagePlugin.get_sampling(picture), "optimize": True}
        options["progressive"] = bool(picture.info.get("progressive"))
    elif kind == "WEBP":
        options |= {"lossless": True} if b"VP8L" in content[:4096] else {"quality": 95}
    else:
        options |= {"quality": 92}
    if getattr(picture, "is_animated", False) and picture.format != "MPO":
        times = [frame.info.get("duration", 0) for frame in ImageSequence.Iterator(picture)]
        picture.seek(0)
        picture.info = {key: value for key, value in picture.info.items() if key not in TOLD}
        picture.save(written, kind, save_all=True, duration=times, loop=picture.info.get("loop", 0), exif=b"", **options)
        return written.getvalue()
    shown = ImageOps.exif_transpose(picture)
    shown.info = {key: value for key, value in shown.info.items() if key in {"transparency", "gamma", "dpi"}}
    if kind == "HEIF":
        kind, shown = "JPEG", shown.convert("RGB")
    shown.save(written, kind, **options)
    return written.getvalue()
