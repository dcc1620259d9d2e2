"""What an e-mail service tells of a copy, through django-anymail: its views check who calls, and speak each service's language."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from anymail.exceptions import AnymailError, AnymailWebhookValidationFailure
from anymail.signals import EventType, RejectReason, tracking
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpResponse
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt

from mail.inbound import applying, statuses, words
from mail.inbound.rows import Row
from mail.inbound.statuses import Kind
from mail.models import Bounce

if TYPE_CHECKING:
    from django.http import HttpRequest

log = logging.getLogger(__name__)
# Where services say that a bounce is for good; django-anymail's own words leave that out.
PERMANENCE = ("event", "type", "Type", "bounce_type", "bounceType", "severity", "hard_bounce", "bounce_class")
PERMANENT = ("hard", "permanent", "invalid")


@csrf_exempt
def receive(request: HttpRequest, path: str) -> HttpResponse:
    """The service that EMAIL_URL names alone has a door, and only with a secret: `/mail/esp/<service>/tracking/`."""
    service = settings.EMAIL_ADDRESS.host if settings.ANYMAIL_BACKEND else ""
    if not service or not settings.ANYMAIL.get("WEBHOOK_SECRET") or path != f"{service}/tracking/":
        raise Http404
    try:
        view, args, kwargs = resolve(f"/{path}", "anymail.urls")
    except Resolver404:
        raise Http404 from None
    try:
        answer: HttpResponse = view(request, *args, **kwargs)
    except AnymailWebhookValidationFailure:
        log.warning("A webhook of %s was refused: wrong signature or secret.", service)
        return HttpResponse("Wrong signature.", status=400, content_type="text/plain")
    except (AnymailError, ImproperlyConfigured, ValueError, TypeError, AttributeError):
        log.warning("A webhook of %s could not be read.", service)
        return HttpResponse("Not readable.", status=400, content_type="text/plain")
    return answer


def connect() -> None:
    tracking.connect(apply_event, dispatch_uid="mail.inbound.webhooks")


def apply_event(sender: Any, event: Any, esp_name: str, **_: Any) -> None:
    """Of what services tell, bounces, refusals and complaints; opens and clicks of theirs are nobody's business here."""
    if row := _row(event):
        about = f"{esp_name}:{event.event_id or event.message_id}:{row.kind}:{row.address}"
        applying.apply([row], source=Bounce.Source.WEBHOOK, notice=about.encode())


def _row(event: Any) -> Row | None:
    said = " ".join(filter(None, (event.mta_response, event.description)))
    found = statuses.codes_in(said)
    status = found[-1][1] if found else ""
    kind = _kind(event, status, said)
    if kind is None:
        return None
    is_delay = event.event_type == EventType.DEFERRED
    return Row(
        (event.recipient or "").lower(), kind, status, diagnostic=said, is_delay=is_delay, delivery=_number((event.metadata or {}).get("delivery"))
    )


def _kind(event: Any, status: str, said: str) -> Kind | None:
    match event.event_type:
        case EventType.COMPLAINED:
            return Kind.COMPLAINT
        case EventType.AUTORESPONDED:
            return Kind.AUTO_REPLY
        case EventType.DEFERRED:
            return Kind.SOFT
        case EventType.BOUNCED:
            return _bounce_kind(event, status, said)
        case EventType.REJECTED | EventType.FAILED:
            # The service's own block list, or its trouble: the address may be well. What it refuses as invalid never was one.
            return Kind.HARD if event.reject_reason == RejectReason.INVALID else Kind.SOFT
    return None


def _bounce_kind(event: Any, status: str, said: str) -> Kind:
    """The receiving server's code and words first; then whether the service says that it is for good."""
    if status and not status.endswith(".0.0"):
        return statuses.kind_of(status, said)
    is_permanent = event.reject_reason == RejectReason.INVALID or any(_says_permanent(event.esp_event, name) for name in PERMANENCE)
    return Kind.HARD if is_permanent and not words.is_soft(said) and not status.startswith("4") else Kind.SOFT


def _says_permanent(esp_event: Any, name: str) -> bool:
    value = esp_event.get(name) if hasattr(esp_event, "get") else None
    return isinstance(value, str) and any(word in value.lower() for word in PERMANENT)


def _number(value: object) -> int | None:
    return int(value) if isinstance(value, (str, int)) and str(value).isdecimal() and len(str(value)) < 19 else None
