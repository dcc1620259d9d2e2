"""Anybody may write to the address of bounces: nothing that they write breaks us, keeps us busy, or gets an answer."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mail.inbound import reading
from mail.inbound.receiving import receive
from mail.models import Bounce, Delivery, Suppression
from tests.mail.inbound import notices
from tests.mail.inbound.test_corpus import CORPUS, MESSAGES

if TYPE_CHECKING:
    from collections.abc import Callable

ALL = [(CORPUS / message["file"]).read_bytes() for message in MESSAGES]
BOUNCE_HEADERS = b"From: MAILER-DAEMON@mx.example.org\nReturn-Path: <>\nSubject: Undeliverable\n"


def text_of(words: bytes) -> bytes:
    return BOUNCE_HEADERS + b"Content-Type: text/plain\n\n" + words


def nested(depth: int, kind: bytes) -> bytes:
    message = BOUNCE_HEADERS
    for number in range(depth):
        boundary = b"b%d" % number
        message += b'Content-Type: multipart/mixed; boundary="%s"\n\n--%s\n' % (boundary, boundary)
        message += b"Content-Type: message/rfc822\n\n" if kind == b"rfc822" else b""
    return message + b"\nuser unknown a@example.org"


HEAVY: dict[str, Callable[[], bytes]] = {
    "30 MB of text": lambda: text_of(b"550 5.1.1 user unknown <a@example.org>\n" + b"x y " * 7_500_000),
    "one word of a megabyte": lambda: text_of(b"a" * 1_000_000),
    "a local part of a megabyte": lambda: text_of(b"a." * 500_000 + b"@example.org"),
    "a domain of a megabyte": lambda: text_of(b"a@" + b"a." * 500_000),
    "addresses alone": lambda: text_of(b" ".join(b"a%d@example.org" % number for number in range(60_000))),
    "beginnings of rules": lambda: text_of(b"exceed" * 150_000),
    "more beginnings": lambda: text_of(b"recipient address user automatikautomatik insufficient " * 18_000),
    "codes alone": lambda: text_of(b"550 5.1.1 " * 100_000),
    "codes and spaces": lambda: text_of((b"550" + b" " * 500) * 2_000),
    "empty lines": lambda: text_of(b"\n" * 1_000_000),
    "spaces": lambda: text_of(b" " * 1_000_000),
    "open tags": lambda: BOUNCE_HEADERS + b"Content-Type: text/html\n\n" + b"<style " * 140_000,
    "deep tags": lambda: BOUNCE_HEADERS + b"Content-Type: text/html\n\n" + b"<div>" * 200_000,
    "headers alone": lambda: b"X-A: b\n" * 140_000 + BOUNCE_HEADERS,
    "encoded words": lambda: b"Subject: " + b"=?utf-8?q?a?= " * 70_000 + b"\n" + BOUNCE_HEADERS,
    "encoded words without an end": lambda: b"Subject: " + b"=?utf-8?q?" * 90_000 + b"\n" + BOUNCE_HEADERS,
    "comments in comments": lambda: b"From: " + b"(" * 900_000 + b"\n" + BOUNCE_HEADERS,
    "quotes": lambda: b"From: " + b'"\\' * 400_000 + b"\nTo: " + b"<" * 90_000 + b"\n" + BOUNCE_HEADERS,
    "parts in parts": lambda: nested(90, b"mixed"),
    "parts in parts without end": lambda: nested(5_000, b"mixed"),
    "messages in messages": lambda: nested(90, b"rfc822"),
    "messages in messages without end": lambda: nested(3_000, b"rfc822"),
    "parts side by side": lambda: BOUNCE_HEADERS + b'Content-Type: multipart/mixed; boundary="b"\n\n' + b"--b\n\nx\n" * 120_000,
    "recipients of a report": lambda: notices.dsn().replace(b"Diagnostic-Code: ", b"\n\n".join([b"Final-Recipient: rfc822; a@example.org"] * 20_000)),
    "parameters": lambda: b"Content-Type: text/plain" + b"; charset*0*=a" * 60_000 + b"\n" + BOUNCE_HEADERS,
}


@pytest.mark.parametrize("name", HEAVY)
def test_no_message_keeps_us_busy(name: str) -> None:
    message = HEAVY[name]()
    begun = time.process_time()
    assert reading.rows_of(message)
    # Some take half a second; what this is to catch takes hours.
    assert time.process_time() - begun < 10


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_whatever_is_cut_or_changed_is_read(data: st.DataObject) -> None:
    message = bytearray(data.draw(st.sampled_from(ALL)))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(message)))
        end = place + data.draw(st.integers(0, 200))
        message[place:end] = data.draw(
            st.one_of(st.binary(max_size=20), st.sampled_from([b"", b"\n", b"\n\n", b"\0", b"\xff", b"=?", b";", b'"', b"(", b"<@"]))
        )
    for row in reading.rows_of(bytes(message)):
        assert row.address.isprintable()
        assert " " not in row.address


@settings(deadline=None, max_examples=50)
@given(st.binary(max_size=2000))
def test_noise_is_read(noise: bytes) -> None:
    assert reading.rows_of(noise)
    assert reading.rows_of(BOUNCE_HEADERS + noise)


@pytest.mark.django_db
@pytest.mark.parametrize("bad", ["\0", "\x1b[31m", "\ud800", "\u202e", "\r\nBcc: victim@example.org"])
def test_what_a_server_says_is_kept_as_plain_words(bad: str) -> None:
    said = f"smtp; 550 5.1.1 no{bad}such user"
    message = notices.dsn(said=said.encode("utf-8", "surrogatepass").decode("latin-1"))
    receive(message, source=Bounce.Source.PIPE)
    diagnostic = Bounce.objects.get().diagnostic
    assert diagnostic.isprintable()
    assert "victim@" not in diagnostic


@pytest.mark.django_db
def test_nothing_is_ever_answered(settings: Any) -> None:
    """So there is no loop: neither of bounces, nor with somebody's answering machine."""
    for message in ALL:
        receive(message, source=Bounce.Source.PIPE)
        receive(message, source=Bounce.Source.PIPE)
    assert Delivery.objects.count() == 0
    assert Suppression.objects.count() == 0
