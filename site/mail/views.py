"""Counted links, and the browser's view of the outbox folder."""

from __future__ import annotations

import ipaddress
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from base.languages import CODES, FALLBACK
from mail import clicks, emblem, folder, links
from mail.signing import BadToken

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

PER_PAGE = 25
A_YEAR = 31_536_000
# Of the frame that shows a mail: nothing runs, nothing is fetched, and a link opens a tab of its own.
MAIL_POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)


@never_cache
@require_safe
def follow_link(request: HttpRequest, token: str) -> HttpResponse:
    """302 to the link's address, which stands in our table and not in the request. HEAD leads on and counts nothing."""
    try:
        delivery, link = links.click_of(token)
    except BadToken:
        return _link_not_found(request)
    if request.method == "GET":
        purpose = " ".join(request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Moz"))
        clicks.record(delivery, link, clicks.visit(request.headers.get("User-Agent", ""), purpose))
    response = HttpResponseRedirect(link.url)
    # The page that is read next need not learn which copy it was.
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def emblem_picture(request: HttpRequest) -> HttpResponse:
    """The EU emblem, for mails of a service that takes no picture inside them."""
    response = HttpResponse(emblem.emblem_png(), content_type="image/png")
    patch_cache_control(response, public=True, max_age=A_YEAR)
    return response


def _link_not_found(request: HttpRequest) -> HttpResponse:
    language = translation.get_language_from_request(request)
    with translation.override(language if language in CODES else FALLBACK):
        context = {
            "language": translation.get_language(),
            "title": _("This link does not work"),
            "text": _("The address may have been cut off in the mail. Open the mail and follow the link again, or start from the front page."),
            "next_url": "/",
            "next_label": _("To the front page"),
        }
        return render(request, "mail/link_not_found.html", context, status=404)


def outbox_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The folder's mails are private: none in production, freely on one's own machine, else for staff."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if settings.EMAIL_ADDRESS.scheme != "outbox" or getattr(settings, "PRODUCTION", False):
            raise Http404
        if not _is_own_machine(request) and not request.user.has_perm("wagtailadmin.access_admin"):
            if request.user.is_authenticated:
                raise PermissionDenied
            return redirect_to_login(request.get_full_path(), reverse("wagtailadmin_login"))
        language = translation.get_language_from_request(request)
        with translation.override(language if language in CODES else FALLBACK):
            return view(request, *args, **kwargs)

    return never_cache(require_safe(guarded))


def _is_own_machine(request: HttpRequest) -> bool:
    """Both ends are loopback, and no proxy stands between. The host is looked at against DNS rebinding."""
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    host = request.get_host().rpartition(":")[0] or request.get_host()
    return _is_loopback(request.META.get("REMOTE_ADDR", "")) and (host == "localhost" or _is_loopback(host.strip("[]")))


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


@outbox_only
def outbox(request: HttpRequest) -> HttpResponse:
    """Only the mails of the page are opened, whatever the size of the folder."""
    page = Paginator(folder.stored_mails(), PER_PAGE).get_page(request.GET.get("page"))
    first, last, total = page.start_index(), page.end_index(), page.paginator.count
    pager = {
        "previous_url": f"?page={page.previous_page_number()}" if page.has_previous() else "",
        "next_url": f"?page={page.next_page_number()}" if page.has_next() else "",
        "status": _("%(first)d–%(last)d of %(total)d") % {"first": first, "last": last, "total": total},
    }
    return render(request, "mail/outbox.html", {"mails": page.object_list, "pager": pager, "language": translation.get_language()})


@outbox_only
def outbox_mail(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, "mail/outbox_mail.html", {"mail": _stored(name), "language": translation.get_language()})


@outbox_only
def outbox_html(request: HttpRequest, name: str) -> HttpResponse:
    html = _stored(name).html.replace("<head>", '<head><base target="_blank">', 1)
    response = HttpResponse(html)
    # Set here, the site's own policy is not: a mail has inline styles, and nothing else.
    response["Content-Security-Policy"] = MAIL_POLICY
    response["Referrer-Policy"] = "no-referrer"
    return response


@outbox_only
def outbox_source(request: HttpRequest, name: str) -> HttpResponse:
    return _download(_stored(name).source, "message/rfc822", name)


@outbox_only
def outbox_file(request: HttpRequest, name: str, number: int) -> HttpResponse:
    for attachment in _stored(name).attachments:
        if attachment.number == number:
            return _download(attachment.content, attachment.content_type, attachment.name)
    raise Http404


def _stored(name: str) -> folder.StoredMail:
    found = folder.stored_mail(name)
    if found is None:
        raise Http404
    return found


def _download(content: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name.replace(chr(34), "")}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
