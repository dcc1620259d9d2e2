"""The language of an address, and what Wagtail's admin needs beyond the policy of public pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from csp.constants import SELF, UNSAFE_INLINE
from django.db.models import ProtectedError
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import redirect
from django.utils.translation import get_language_from_path, ngettext
from wagtail.admin import messages

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase

ADMIN_SOURCES = {
    # Wagtail's date widgets, inline panels and editor write inline scripts and styles; a nonce would cancel this.
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "connect-src": [SELF],
}


class AdminPolicyMiddleware:
    """Wagtail's admin, and a page with a video of another service: that page alone may show that service's player, once its reader asks for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        frames = {"frame-src": [SELF, *sorted(sources)]} if (sources := getattr(request, "frame_sources", ())) else {}
        if request.path.startswith("/admin/"):
            response._csp_update = ADMIN_SOURCES | frames  # type: ignore[attr-defined]  # how django-csp is told
        elif frames:
            response._csp_update = frames  # type: ignore[attr-defined]
        return response


class RefusalMiddleware:
    """The staff learn why something was refused, by whatever screen they tried."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        from base.gate.guard import NotPublishable
        from base.gate.views import answer_refusal

        if not request.path.startswith("/admin/"):
            return None
        if isinstance(exception, NotPublishable):
            # The draft is saved by then.
            return answer_refusal(request, exception.page, exception.findings)
        return still_used(request, exception) if isinstance(exception, ProtectedError) else None


def still_used(request: HttpRequest, refused: ProtectedError) -> HttpResponseBase:
    """Wagtail's screens ask its index of references before they delete, and not all stands there."""
    users = refused.protected_objects
    text = ngettext(
        "Nothing was deleted: it is still used once, by %(first)s.",
        "Nothing was deleted: it is still used %(number)d times, such as by %(first)s.",
        len(users),
    )
    messages.error(request, text % {"number": len(users), "first": next(iter(users))})
    return redirect(request.get_full_path())


class LanguageOfAddressMiddleware(LocaleMiddleware):
    """Django's, but an address without a language that is not found stays so: it is not sent to `/fi/…`, where Wagtail takes all."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if get_language_from_path(request.path_info):
            return super().process_response(request, response)
        return response
