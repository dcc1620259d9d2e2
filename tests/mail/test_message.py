from __future__ import annotations

from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

import pytest

from mail import message, slots
from mail.message import Message
from mail.slots import FrozenMessage
from tests.mail.conftest import variant

if TYPE_CHECKING:
    from email.message import EmailMessage

LONG = "Työhyvinvointikoordinaatiohankkeen vaikuttavuusarviointi ja työelämän kehittäminen vuosina 2021–2027"
VALUES = {
    "address": "maija@example.org",
    "message-id": "<1.abc@example.org>",
    "date": "Mon, 02 Mar 2026 10:00:00 -0000",
    "unsubscribe-token": "u" * 120,
    "preferences-token": "p" * 120,
    "click-0": "https://example.org/" + "a" * 200 + "?x=1&y==",
    "click-1": "https://example.org/b",
}


def parsed(mime: bytes) -> EmailMessage:
    mail = message_from_bytes(mime, policy=policy.default)
    assert not [defect for part in mail.walk() for defect in part.defects]
    return mail


def types(mail: EmailMessage) -> list[str]:
    return [part.get_content_type() for part in mail.walk()]


def body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_a_message_is_ascii_in_short_crlf_lines_and_keeps_its_words() -> None:
    text = "Hyvää päivää!\n.piste\nFrom tämä \n" + "ä" * 500
    mime = message.build(Message("maija@example.org", LONG, text, "<p>Hyvää</p>", "fi"))
    lines = mime.split(b"\r\n")
    assert mime.isascii()
    assert b"\n" not in b"".join(lines)
    assert max(map(len, lines)) <= 78
    mail = parsed(mime)
    assert mail["Subject"] == LONG
    assert body(mail, "plain") == f"{text}\n"
    assert types(mail) == ["multipart/alternative", "text/plain", "text/html"]


def test_headers_of_a_system_mail(settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "Työelämä <office@kantama.example>"
    mail = parsed(message.build(Message("maija@example.org", "Hei", "a", "b", "sv", {"Reply-To": "Mä <m@example.org>"})))
    assert mail["From"] == "Työelämä <office@kantama.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "sv"
    assert mail["Message-ID"].endswith("@kantama.example>")
    assert mail["Reply-To"] == "Mä <m@example.org>"
    assert mail["Date"]


def test_no_value_brings_a_header_of_its_own() -> None:
    mail = parsed(message.build(Message("maija@example.org", "Hei\r\nBcc: all@example.org", "a", "b", "fi", {"X-Note": "a\r\nX-Evil: b"})))
    assert mail["Subject"] == "Hei Bcc: all@example.org"
    assert mail["Bcc"] is None
    assert mail["X-Evil"] is None


def test_an_invitation_names_its_method_and_is_an_alternative() -> None:
    calendar = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Työpaja\r\nEND:VCALENDAR\r\n".encode()
    mail = parsed(message.build(Message("maija@example.org", "Hei", "a", "b", "fi", calendar=(calendar, "REQUEST"))))
    part = list(mail.iter_parts())[-1]
    assert part.get_content_type() == "text/calendar"
    assert part.get_param("method") == "REQUEST"
    assert part.get_payload(decode=True) == calendar
    assert types(mail) == ["multipart/alternative", "text/plain", "text/html", "text/calendar"]


def test_the_emblem_travels_in_the_mail() -> None:
    mail = parsed(message.build(Message("maija@example.org", "Hei", "a", '<img src="cid:eu-emblem">', "fi")))
    assert types(mail) == ["multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png"]
    picture = list(mail.walk())[-1]
    assert picture["Content-ID"] == "<eu-emblem>"
    assert picture.get_payload(decode=True).startswith(b"\x89PNG")  # type: ignore[union-attr]  # one part's payload is bytes


def test_slots_are_filled_whatever_the_length_of_their_values() -> None:
    *_, mime = variant()
    copy = FrozenMessage(mime).fill(VALUES)
    assert max(map(len, copy.partition(b"\r\n\r\n")[2].split(b"\r\n"))) <= 78
    assert max(map(len, copy.split(b"\r\n"))) < 998
    mail = parsed(copy)
    text = f"Hyvää päivää! {VALUES['click-0']} ja {VALUES['click-1']}\nmaija@example.org\nhttps://news.example.org/leave/{'u' * 120}/\n"
    assert body(mail, "plain") == text
    assert f'href="{VALUES["click-0"]}"' in body(mail, "html")
    assert not slots.BYTES_PATTERN.search(copy)


def test_headers_of_a_newsletter() -> None:
    mail = parsed(FrozenMessage(variant()[3]).fill(VALUES))
    token = "u" * 120
    mailto = f"<mailto:kantama@example.org?subject=unsubscribe%20{token}>"
    assert mail["To"] == "maija@example.org"
    assert mail["List-Unsubscribe"] == f"<https://news.example.org/leave/{token}/>, {mailto}"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Id"] == "Työelämä nyt <news.example.org>"
    assert mail["Feedback-ID"] == "issue-1:news:kantama"
    assert mail["Message-ID"] == VALUES["message-id"]
    assert mail["Auto-Submitted"] is None


def test_a_slot_that_nobody_fills_is_found_while_freezing() -> None:
    with pytest.raises(ValueError, match="surprise"):
        slots.replace_clicks(slots.slot("surprise").encode(), int)


def test_a_web_view_has_no_slots() -> None:
    html = f'<a href="{slots.click(0)}">a</a><a href="/{slots.UNSUBSCRIBE_TOKEN}/">b</a>'
    assert slots.without_slots(html, ["https://example.org/"]) == '<a href="https://example.org/">a</a><a href="/#/">b</a>'
