"""E-mail services, through django-anymail: the bytes are taken apart again into what their interfaces ask for.

Where a service takes batches, the copies of one variant go in one request, with each copy's links and tokens as its own values. Where it knows
idempotency keys, a request without an answer is repeated with the same key, so that the service itself takes it once.
"""

from __future__ import annotations

import logging
import time
from email import message_from_bytes, policy
from itertools import groupby
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID, uuid5

import requests
from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused
from anymail.message import AnymailMessage
from django.conf import settings
from django.core.mail import get_connection
from django.urls import reverse

from mail import emblem
from mail.message import encoded
from mail.transports import Kind, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mail.transports import Copy

log = logging.getLogger(__name__)
# Set from the message's own fields, or by the service.
OWN_HEADERS = {"from", "to", "subject", "date", "mime-version", "content-type", "content-transfer-encoding"}
TOO_MANY, SERVER_ERROR = 429, 500
# anymail refuses a picture inside the mail for these: it is shown from the site.
WITHOUT_INLINE = {"Brevo", "Postal", "Scaleway"}
# How a service writes a value of one copy in the content of all.
PARAMETERS = {"Brevo": "{{{{ params.{name} }}}}"}
TEMPLATE_SIGNS = ("{{", "{%", "{#")
# Of services: the header that makes a repeated request one, and what the answer to a repeated one says.
# Brevo: https://developers.brevo.com/docs/heterogenous-versions-batch-emails
IDEMPOTENT = {"Brevo": ("idempotencyKey", "duplicate_parameter")}
REPEATS, REPEAT_PAUSE = 2, 1.0
NAMESPACE = UUID("3f0f7c0e-2f0c-5a5e-9a51-6b1b8b7f9d11")


class EspTransport:
    """HTTP requests over a kept session. The delivery's number goes along, for the service's webhooks."""

    def __init__(self, backend: str) -> None:
        connection: Any = get_connection(backend)
        self.connection, self.name = connection, str(connection.esp_name)

    def __enter__(self) -> Self:
        self.connection.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def send_all(self, copies: Iterator[Copy]) -> Iterator[Outcome]:
        if self.name not in PARAMETERS:
            yield from self._one_by_one(copies)
            return
        for template, group in groupby(copies, key=lambda copy: copy.template):
            together = list(group)
            if template is None or template.has_any(TEMPLATE_SIGNS) or len(together) == 1:
                outcomes = list(self._one_by_one(iter(together)))
            else:
                outcomes = [self._send(together, self._batch(together))] * len(together)
            yield from outcomes
            if outcomes[-1].is_down:
                return

    def _one_by_one(self, copies: Iterator[Copy]) -> Iterator[Outcome]:
        for copy in copies:
            outcome = self._send([copy], self._single(copy))
            yield outcome
            if outcome.is_down:
                return

    def _single(self, copy: Copy) -> AnymailMessage:
        message = rebuild(copy.mime, [copy.recipient], with_inline=self.name not in WITHOUT_INLINE)
        message.metadata = {"delivery": str(copy.delivery.pk)}
        return message

    def _batch(self, copies: Sequence[Copy]) -> AnymailMessage:
        """The variant's words once, with a parameter in each slot; the values, headers and metadata of each copy beside it."""
        first = copies[0]
        assert first.template is not None  # noqa: S101 — for mypy: `send_all` has looked
        names = {name: name.replace("-", "_") for name in first.template.names}
        shared = first.template.fill({name: PARAMETERS[self.name].format(name=key) for name, key in names.items()})
        message = rebuild(shared, [copy.recipient for copy in copies], with_inline=self.name not in WITHOUT_INLINE)
        own = {copy.recipient: _headers(copy.mime) for copy in copies}
        common = own[first.recipient]
        for headers in own.values():
            common = {name: value for name, value in common.items() if headers.get(name) == value}
        message.extra_headers = common
        message.merge_headers = {to: {name: value for name, value in headers.items() if name not in common} for to, headers in own.items()}
        message.merge_data = {copy.recipient: {names[name]: value for name, value in copy.values.items()} for copy in copies}
        message.merge_metadata = {copy.recipient: {"delivery": str(copy.delivery.pk)} for copy in copies}
        return message

    def _send(self, copies: Sequence[Copy], message: AnymailMessage) -> Outcome:
        """What is not foreseen is a doubt of all: the request may have left."""
        header, repeated = IDEMPOTENT.get(self.name, ("", ""))
        if header:
            message.extra_headers[header] = str(_key(copies))
        try:
            outcome = self._request(message)
            for _ in range(REPEATS if header else 0):
                if outcome.kind is not Kind.IN_DOUBT:
                    break
                time.sleep(REPEAT_PAUSE)
                again = self._request(message)
                outcome = Outcome(Kind.SENT, "250 taken at the first request") if repeated in again.reply else _after_a_doubt(again)
        except Exception:
            log.exception("A request to %s broke.", self.name)
            return Outcome(Kind.IN_DOUBT, "The request broke.")
        return outcome

    def _request(self, message: AnymailMessage) -> Outcome:
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


def _after_a_doubt(outcome: Outcome) -> Outcome:
    """The first request may have been taken, so what refuses the second is no proof that nothing was."""
    return outcome if outcome.kind is Kind.SENT else Outcome(Kind.IN_DOUBT, outcome.reply)


def _key(copies: Sequence[Copy]) -> UUID:
    """The same for every repeat of one attempt, and another when staff have asked for one."""
    rows = (copy.delivery for copy in copies)
    return uuid5(NAMESPACE, " ".join(f"{row.pk}:{row.attempts}:{row.trying_since}" for row in rows))


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


def rebuild(mime: bytes, recipients: list[str], *, with_inline: bool = True) -> AnymailMessage:
    parsed = message_from_bytes(mime, policy=policy.default)
    text, html = parsed.get_body(("plain",)), parsed.get_body(("html",))
    message = AnymailMessage(
        subject=str(parsed["Subject"] or ""),
        body=str(text.get_content()) if text else "",
        from_email=str(parsed["From"]),
        to=recipients,
        headers=_headers(mime),
    )
    if html:
        content = str(html.get_content())
        shown = content if with_inline else content.replace(emblem.URL, settings.BASE_URL + reverse("mail:emblem"))
        message.attach_alternative(shown, "text/html")
    for part in parsed.walk():
        if not part.is_multipart() and part.get_content_type() not in {"text/plain", "text/html"}:
            _attach(message, part, with_inline=with_inline)
    return message


def _headers(mime: bytes) -> dict[str, str]:
    """In ASCII: some services refuse anything else in a header."""
    parsed = message_from_bytes(mime.partition(b"\r\n\r\n")[0] + b"\r\n\r\n", policy=policy.default)
    return {name: encoded(name, str(value), linesep="") for name, value in parsed.items() if name.lower() not in OWN_HEADERS}


def _attach(message: AnymailMessage, part: Any, *, with_inline: bool) -> None:
    """Pictures keep their Content-ID. An invitation goes as a file: services take no third alternative."""
    content = part.get_payload(decode=True)
    if part["Content-ID"]:
        if with_inline:
            message.attach(part)
    elif part.get_content_type() == "text/calendar":
        message.attach("invite.ics", content, f"text/calendar; method={part.get_param('method')}")
    else:
        message.attach(part.get_filename() or "attachment", content, part.get_content_type())


def _said(error: Exception) -> str:
    """With the service's own words, which tell a repeated request from a wrong one."""
    return f"{type(error).__name__}: {error}"
