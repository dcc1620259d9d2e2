"""What is too large is not kept: a file's bytes past the limit are thrown away as they come, and a visitor's request is not read at all, unless
it is for a form that takes files: that comes back with the error at its field, and with all that was typed."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpResponse
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase

# Of who is not signed in: forms, and what mail services send.
VISITORS_BODY = 5 * 1024 * 1024
# Of a file in a visitor's form; with the rest of the form it stays below the other.
VISITORS_FILE = 4 * 1024 * 1024
# Of a form that takes files, most of which is thrown away as it comes.
VISITORS_UPLOAD = 50 * 1024 * 1024


def largest_file() -> int:
    return max(settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE, settings.WAGTAILDOCS_MAX_UPLOAD_SIZE)


class WithinLimit(FileUploadHandler):
    """First among the handlers. The rest of the form is read as ever, and its field is told the size that the file had."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        user = getattr(self.request, "user", None)
        self.most = largest_file() if user and user.is_authenticated else VISITORS_FILE

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start + len(raw_data) <= self.most else None

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:
        if file_size <= self.most:
            return None
        return UploadedFile(BytesIO(), self.file_name, self.content_type, file_size, self.charset)


def takes_files(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For views of public forms with files. Below `guarded`, which keeps the mark."""
    view.takes_files = True  # type: ignore[attr-defined]  # read by the middleware
    return view


class BodyLimitMiddleware:
    """Stands behind the one that knows who is asking."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        length = _length(request)
        if length > VISITORS_BODY and not request.user.is_authenticated and not (length <= VISITORS_UPLOAD and _is_for_files(request)):
            return HttpResponse(
                _("What you sent is too large."), status=413, content_type="text/plain; charset=utf-8", headers={"Connection": "close"}
            )
        return self.get_response(request)


def _is_for_files(request: HttpRequest) -> bool:
    try:
        return getattr(resolve(request.path_info).func, "takes_files", False)
    except Resolver404:
        return False


def _length(request: HttpRequest) -> int:
    length = request.headers.get("Content-Length", "")
    return int(length) if length.isdecimal() else 0
