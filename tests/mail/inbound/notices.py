"""Notices about our own copies, as servers write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mail.inbound import verp

if TYPE_CHECKING:
    from mail.models import Delivery


def dsn(
    *, to: str = "bounces@example.fi", about: str = "a@example.org", status: str = "5.1.1", said: str = "", action: str = "failed", quoted: str = ""
) -> bytes:
    said = said or f"smtp; 550 {status} <{about}>: refused"
    return f"""Return-Path: <>
From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain

This is the mail system at host mx.example.org.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; {about}
Action: {action}
Status: {status}
Diagnostic-Code: {said}

--b1
Content-Type: text/rfc822-headers

From: uutiskirje@example.fi
To: {about}
Message-ID: {quoted or "<1@example.fi>"}

--b1--
""".encode()


def complaint(*, to: str = "fbl@example.fi", quoted: str = "", about: str = "a@example.org") -> bytes:
    return f"""From: <feedback@arf.example.org>
To: {to}
Subject: FW: Uutiskirje
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b1"

--b1
Content-Type: text/plain

This is an abuse report.

--b1
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Example/1.0
Version: 1
Original-Rcpt-To: <{about}>

--b1
Content-Type: message/rfc822

From: uutiskirje@example.fi
To: {about}
Message-ID: {quoted or "<1@example.fi>"}

Hei
--b1--
""".encode()


def message_id(delivery: Delivery) -> str:
    return verp.message_id(delivery.pk, "example.fi")
