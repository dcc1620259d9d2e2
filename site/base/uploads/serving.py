"""How files leave: pictures from `/media/`, everything else by the documents' address, which asks whether the reader may have it."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING, Any, cast

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.utils.http import http_date
from wagtail.documents.views.serve import serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest, HttpResponseBase

PICTURES = {
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}
# Logos of themes, of which `themes.logo` lets through nothing that acts.
DRAWINGS = {"looks": {".svg": "image/svg+xml"}}
FOLDERS = {"avatar_images", "images", "looks", "original_images"}
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
# One part; what asks for several, or is not understood, gets the whole.
RANGE = re.compile(r"bytes=(?:\d+-\d*|-\d+)")
PIECE = 64 * 1024


def serve_picture(request: HttpRequest, path: str) -> HttpResponseBase:
    """Anything else that lies there is not found: documents, and what waits for its form."""
    place = PurePosixPath(path)
    folder = place.parts[0] if place.parts else ""
    kind = (PICTURES | DRAWINGS.get(folder, {})).get(place.suffix.lower())
    if folder not in FOLDERS or kind is None or ".." in place.parts:
        raise Http404
    try:
        file, changed = default_storage.open(path), default_storage.get_modified_time(path)
    except OSError:
        raise Http404 from None
    modified = http_date(changed.timestamp())
    if request.headers.get("If-Modified-Since") == modified:
        file.close()
        return HttpResponse(status=304)
    response: Any = FileResponse(file, content_type=kind)
    response["Last-Modified"], response["X-Content-Type-Options"], response["Content-Security-Policy"] = modified, "nosniff", SANDBOX
    return cast("HttpResponseBase", response)


def serve_document(request: HttpRequest, document_id: str, document_filename: str) -> HttpResponseBase:
    """Wagtail's, which asks whether this reader may have it; in parts too, as players of recordings ask for them (RFC 9110, 14)."""
    response: Any = serve(request, document_id, document_filename)
    file = getattr(response, "file_to_stream", None)
    if response.status_code != 200 or file is None:
        return cast("HttpResponseBase", response)
    response["Accept-Ranges"] = "bytes"
    size, asked = int(response["Content-Length"]), request.headers.get("Range", "")
    if not RANGE.fullmatch(asked) or request.headers.get("If-Range", response.get("ETag", "")) != response.get("ETag", ""):
        return cast("HttpResponseBase", response)
    part = _part(asked, size)
    if part is None:
        file.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    first, last = part
    told = dict(response.items()) | {"Content-Length": str(last - first + 1), "Content-Range": f"bytes {first}-{last}/{size}"}
    return StreamingHttpResponse(_pieces(file, first, last), status=206, headers=told)


def _part(asked: str, size: int) -> tuple[int, int] | None:
    """(first, last) byte; None where there is no such part."""
    start, end = asked.removeprefix("bytes=").split("-")
    first = int(start) if start else max(0, size - int(end))
    last = min(int(end), size - 1) if start and end else size - 1
    return (first, last) if first <= last else None


def _pieces(file: IO[bytes], first: int, last: int) -> Iterator[bytes]:
    with file:
        file.seek(first)
        left = last - first + 1
        while left > 0 and (piece := file.read(min(PIECE, left))):
            left -= len(piece)
            yield piece
