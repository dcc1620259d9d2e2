"""E-mail services, through django-anymail: the bytes are taken apart again into what their interfaces ask for."""

from __future__ import annotations

from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any, Self

import requests
from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused
from anymail.message import AnymailMessage
from django.core.mail import get_connection

from mail.message import encoded
from mail.transports import Kind, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mail.transports import Copy

# Set from the message's own fields, or by the service.
OWN_HEADERS = {"from", "to", "subject", "date", "mime-version", "content-type", "content-transfer-encoding"}
TOO_MANY, SERVER_ERROR = 429, 500


class EspTransport:
    """One HTTP request a message over a kept session. The delivery's number goes along, for the service's webhooks."""

    def __init__(self, backend: str) -> None:
        self.connection: Any = get_connection(backend)

    def __enter__(self) -> Self:
        self.connection.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def send_all(self, copies: Iterator[Copy]) -> Iterator[Outcome]:
        return map(self._send, copies)

    def _send(self, copy: Copy) -> Outcome:
        message = rebuild(copy.mime, copy.recipient)
        message.metadata = {"delivery": str(copy.delivery.pk)}
        try:
            self.connection.send_messages([message])
        except AnymailRecipientsRefused as error:
            return Outcome(Kind.FAILED, _said(error))
        except AnymailAPIError as error:
            return _refused(error)
        except AnymailError as error:
            # A message that this service's interface cannot express: no retry would change it.
            return Outcome(Kind.FAILED, _said(error))
        return Outcome(Kind.SENT, f"250 {message.anymail_status.message_id or ''}")


def _refused(error: AnymailAPIError) -> Outcome:
    cause = error.__cause__
    if error.status_code is None:
        never_arrived = isinstance(cause, requests.ConnectTimeout) or _is_refused_connection(cause)
        return Outcome(Kind.DEFERRED if never_arrived else Kind.IN_DOUBT, _said(error), is_down=never_arrived)
    if error.status_code == TOO_MANY or error.status_code in (502, 503):
        return Outcome(Kind.DEFERRED, _said(error), is_down=True)
    if error.status_code in (401, 403):
        # The key, not the message: somebody has to mend the settings, and then all of it can go.
        return Outcome(Kind.DEFERRED, _said(error), is_down=True)
    # 500 and 504 may come after the service has taken the message.
    return Outcome(Kind.IN_DOUBT if error.status_code >= SERVER_ERROR else Kind.FAILED, _said(error))


def _is_refused_connection(cause: BaseException | None) -> bool:
    return isinstance(cause, requests.ConnectionError) and "NewConnectionError" in repr(cause)


def rebuild(mime: bytes, recipient: str) -> AnymailMessage:
    parsed = message_from_bytes(mime, policy=policy.default)
    text, html = parsed.get_body(("plain",)), parsed.get_body(("html",))
    message = AnymailMessage(
        subject=str(parsed["Subject"] or ""),
        body=str(text.get_content()) if text else "",
        from_email=str(parsed["From"]),
        to=[recipient],
        # In ASCII: some services refuse anything else in a header.
        headers={name: encoded(name, str(value), linesep="") for name, value in parsed.items() if name.lower() not in OWN_HEADERS},
    )
    if html:
        message.attach_alternative(str(html.get_content()), "text/html")
    for part in parsed.walk():
        if not part.is_multipart() and part.get_content_type() not in {"text/plain", "text/html"}:
            _attach(message, part)
    return message


def _attach(message: AnymailMessage, part: Any) -> None:
    """Pictures keep their Content-ID. An invitation goes as a file: services take no third alternative."""
    content = part.get_payload(decode=True)
    if part["Content-ID"]:
        message.attach(part)
    elif part.get_content_type() == "text/calendar":
        message.attach("invite.ics", content, f"text/calendar; method={part.get_param('method')}")
    else:
        message.attach(part.get_filename() or "attachment", content, part.get_content_type())


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
