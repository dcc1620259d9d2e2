"""Forms that anybody may send, on pages that set no cookie and may be cached.

Instead of a CSRF cookie: the browser's own word on where the POST comes from, a signed and timed token, a honeypot, and a limit.
"""

from __future__ import annotations

import ipaddress
import logging
import time
from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django_ratelimit.core import is_ratelimited
from email_validator import EmailNotValidError, validate_email

from base import busy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpRequest, HttpResponse

logger = logging.getLogger(__name__)
RATE = "20/h"
OLDEST_TOKEN_SECONDS = 3 * 24 * 3600
SALT = "kantama.form"


def new_token() -> str:
    return signing.dumps(int(time.time()), salt=SALT)


class PublicForm(forms.Form):
    """A form of the public site. `website` is a honeypot; `token` proves that we made the form, not long ago.

    `folded` names the fields that few need: they open behind `folded_label`.
    """

    folded: tuple[str, ...] = ()
    folded_label: Any = ""

    website = forms.CharField(label=_("Leave this empty"), required=False, widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}))
    token = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["token"].initial = new_token
        self.fields["website"].honeypot = True  # type: ignore[attr-defined]  # how base/form_field.html knows to hide it
        if self.is_bound:
            # A form that comes back with errors carries a token of now, whatever it came with.
            self.sent_token = str(self.data.get("token", ""))
            self.data = cast("dict[str, Any]", self.data).copy()
            self.data["token"] = new_token()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("website"):
            raise forms.ValidationError(_("The form could not be sent. Leave the hidden field empty and send it again."))
        try:
            signing.loads(self.sent_token, salt=SALT, max_age=OLDEST_TOKEN_SECONDS)
        except signing.BadSignature:
            raise forms.ValidationError(_("The form had grown too old. Nothing was lost: send it again.")) from None
        return cleaned

    @property
    def has_errors_in_fold(self) -> bool:
        return any(name in self.errors for name in self.folded)

    def limit(self) -> None:
        """Says that there were too many. Call when `request.limited` is true."""
        self.full_clean()
        self.add_error(None, _("Too many forms came from your network. Wait for an hour and send it again."))


def clean_address(value: str) -> str:
    """The normalised address. Raises a ValidationError that says what to do; the domain is not asked for.

    A domain may have any letters (IDNA); what stands before the @ is ASCII, since few servers take anything else (RFC 6531).
    """
    try:
        return validate_email(value, check_deliverability=False, allow_smtputf8=False).normalized
    except EmailNotValidError:
        raise forms.ValidationError(_("Write the address in full, such as name@example.org.")) from None


class AddressField(forms.CharField):
    """An e-mail address, checked by email-validator."""

    widget = forms.EmailInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 254, "label": _("E-mail"), **kwargs})
        self.widget.attrs.setdefault("autocomplete", "email")

    def clean(self, value: Any) -> str:
        cleaned: str = super().clean(value)
        return clean_address(cleaned) if cleaned else cleaned


def client_address(group: str, request: HttpRequest) -> str:
    """The sender's address: behind TRUSTED_PROXIES proxies, the last one that they vouch for.

    Of IPv6 the network: one connection has the whole of a /64 to itself.
    """
    return network_of(request.META)


def network_of(environ: Mapping[str, Any]) -> str:
    """As `client_address`, for who has no request of Django's."""
    forwarded = environ.get("HTTP_X_FORWARDED_FOR", "").split(",")
    address = str(environ.get("REMOTE_ADDR", ""))
    if settings.TRUSTED_PROXIES and len(forwarded) >= settings.TRUSTED_PROXIES:
        address = forwarded[-settings.TRUSTED_PROXIES].strip() or address
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((known, 64), strict=False)) if known.version == 6 and not known.ipv4_mapped else address


def is_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that the POST comes from a page of ours. A client that says nothing is let through."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("Origin")
    return origin is None or origin == f"{request.scheme}://{request.get_host()}"


def is_over(request: HttpRequest, *, group: str, rate: str) -> bool:
    """Counts this POST of its sender, and says whether there were too many."""
    over: bool = is_ratelimited(request, group=group, key=client_address, rate=rate, method="POST", increment=True)
    return over


def guarded(*, group: str, rate: str | None = RATE) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """For views of public forms: refuses cross-site POSTs, and sets `request.limited` once one address sent too many. Who finds the database busy
    is answered so (`base.busy`).

    Without a `rate` nothing is counted: for links whose token is the authority.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST" and not is_from_here(request):
                raise PermissionDenied("a form of another site")
            request.limited = rate is not None and is_over(request, group=group, rate=rate)  # type: ignore[attr-defined]  # django-ratelimit's own convention
            try:
                return view(request, *args, **kwargs)
            except OperationalError as error:
                if not busy.is_busy(error):
                    raise
                logger.warning("%s was answered that we are busy: %s", request.path, error)
                return busy.answer(request)

        return csrf_exempt(wrapped)

    return decorate
