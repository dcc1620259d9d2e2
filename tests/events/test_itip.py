"""The life of an invitation, mail by mail. The checker itself is tried first: a rule that nothing can break holds nothing."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from typing import TYPE_CHECKING

import pytest

from events import actions, publishing, telling
from events.models import Event, EventPage, Registration
from mail import ledger
from mail.models import Delivery
from tests.events.itip import broken

if TYPE_CHECKING:
    from collections.abc import Callable

GOOD = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//T//T//EN
METHOD:{method}
BEGIN:VTIMEZONE
TZID:Europe/Helsinki
BEGIN:STANDARD
DTSTART:19701025T040000
TZOFFSETFROM:+0300
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0300
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
UID:a@example.org
DTSTAMP:20261101T100000Z
DTSTART;TZID=Europe/Helsinki:20261201T{hour}0000
DTEND;TZID=Europe/Helsinki:20261201T180000
LOCATION:Tampere
SEQUENCE:{sequence}
STATUS:{status}
ORGANIZER:mailto:office@example.org
ATTENDEE:mailto:aino@example.org
END:VEVENT
END:VCALENDAR
"""


def mail(method: str, sequence: int, *, hour: int = 12, key: str = "", part: str = "", **changes: str) -> tuple[str, bytes]:
    status = "CANCELLED" if method == "CANCEL" else "CONFIRMED"
    text = GOOD.format(method=method, sequence=sequence, hour=hour, status=status)
    for old, new in changes.items():
        text = text.replace(old.replace("_", ":"), new)
    made = EmailMessage()
    made["To"] = "aino@example.org"
    made.set_content("Peru: http://localhost/fi/events/registration/WzEyXQ.abcdefghijklmnopqrstuvwxyz/cancel/")
    made.add_alternative(text.replace("\n", "\r\n"), subtype="calendar", params={"method": part or method})
    return key or ("events.cancel:1:1" if method == "CANCEL" else "events.invitation:1:0"), made.as_bytes()


def test_the_checker_lets_a_good_life_pass() -> None:
    life = [mail("REQUEST", 0), mail("REQUEST", 1, hour=13), mail("CANCEL", 2, hour=13), mail("REQUEST", 3, hour=13)]
    assert broken(life) == []


@pytest.mark.parametrize(
    ("rule", "life"),
    [
        (1, [mail("REQUEST", 0, ATTENDEE_mailto="ATTENDEE:mailto:mikko@example.org\nATTENDEE:mailto")]),
        (1, [mail("REQUEST", 0, aino="mikko")]),
        (2, [mail("REQUEST", 0, part="PUBLISH")]),
        (2, [mail("PUBLISH", 0)]),
        (3, [mail("REQUEST", 0), mail("CANCEL", 0)]),
        (3, [mail("REQUEST", 0), mail("CANCEL", 1, UID_a="UID:b")]),
        (3, [mail("REQUEST", 0, STATUS_CONFIRMED="STATUS:CANCELLED")]),
        (4, [mail("REQUEST", 0), mail("REQUEST", 1)]),
        (4, [mail("REQUEST", 0), mail("REQUEST", 0, hour=13)]),
        (4, [mail("REQUEST", 0), mail("CANCEL", 1), mail("REQUEST", 1)]),
        (5, [mail("REQUEST", 0, office="noreply")]),
        (6, [mail("CANCEL", 1), mail("REQUEST", 0)]),
        (7, [mail("REQUEST", 0, METHOD_REQUEST="METHOD:REQUEST\nX-WR-CALNAME:Oma")]),
        (
            8,
            [
                mail(
                    "REQUEST",
                    0,
                    LOCATION_Tampere="URL:http://localhost/fi/events/registration/WzEyXQ.abcdefghijklmnopqrstuvwxyz/cancel/\nLOCATION:Tampere",
                )
            ],
        ),
        (9, [mail("REQUEST", 0, key="events.waiting:1:1")]),
        (10, [mail("REQUEST", 0, RRULE_FREQ="RDATE:20261025T010000\nX-WAS:FREQ")]),
        (10, [mail("REQUEST", 0, TZID_Europe="TZID:Asia")]),
    ],
)
def test_the_checker_finds_each_fault(rule: int, life: list[tuple[str, bytes]]) -> None:
    assert any(found.startswith(f"{rule}: ") for found in broken(life)), broken(life)


# ---- the product
def mails_to(registration: Registration) -> list[tuple[str, bytes]]:
    rows = Delivery.objects.filter(recipient_key=registration.person.key).order_by("pk")
    return [(str(row.key), bytes(row.mime or b"")) for row in rows]


def methods(registration: Registration) -> list[str]:
    found = []
    for _key, raw in mails_to(registration):
        found += [word for word in ("REQUEST", "CANCEL") if f'method="{word}"'.encode() in raw]
    return found


def move(page: EventPage, **values: object) -> None:
    for name, value in values.items():
        setattr(page, name, value)
    page.save_revision().publish()
    assert page.event
    telling.send_updates(page.event.pk)


def test_a_whole_life_keeps_every_rule(ask: Callable[..., Registration], page: EventPage, event: Event) -> None:
    registration = actions.confirm_registration(ask())
    move(page, title="Sama tapahtuma, kirjoitusvirhe korjattu")
    move(page, starts_at=page.starts_at + timedelta(hours=1), ends_at=page.ends_at + timedelta(hours=1))
    move(page, place="Turku")
    actions.cancel_registration(registration)
    move(page, place="Oulu")
    again = actions.confirm_registration(ask())
    publishing.cancel_event(event=again.event)
    telling.end_registrations(event.pk)
    assert methods(registration) == ["REQUEST", "REQUEST", "REQUEST", "CANCEL", "REQUEST", "CANCEL"]
    assert broken(mails_to(registration)) == []


def test_who_has_no_seat_is_never_invited_nor_cancelled(ask: Callable[..., Registration], page: EventPage) -> None:
    held = ask()
    move(page, place="Turku")
    actions.cancel_registration(held)
    assert methods(held) == []


def test_a_move_that_is_read_after_the_cancellation_invites_nobody(ask: Callable[..., Registration], page: EventPage, event: Event) -> None:
    registration = actions.confirm_registration(ask())
    page.place = "Turku"
    page.save_revision().publish()
    publishing.cancel_event(event=event)
    telling.send_updates(event.pk)
    telling.end_registrations(event.pk)
    assert methods(registration) == ["REQUEST", "CANCEL"]
    assert broken(mails_to(registration)) == []


def test_a_cancel_never_overtakes_its_request(ask: Callable[..., Registration]) -> None:
    """The mail server put the invitation off; the cancellation is due before it."""
    registration = actions.confirm_registration(ask())
    [request] = Delivery.objects.filter(key__startswith="events.invitation")
    Delivery.objects.filter(pk=request.pk).update(due_at=request.due_at + timedelta(minutes=10))
    actions.cancel_registration(registration)
    [cancel] = Delivery.objects.filter(key__startswith="events.cancel")
    assert cancel.pk not in {row.pk for row in ledger.claim()}
    Delivery.objects.filter(pk__lte=request.pk).update(state=Delivery.State.SENT)
    assert [row.pk for row in ledger.claim()] == [cancel.pk]


def test_who_takes_part_in_the_room_gets_no_link_and_who_is_online_no_room(ask: Callable[..., Registration], page: EventPage) -> None:
    move(page, mode="hybrid", place="Tampere-talo")
    there, online = (actions.confirm_registration(ask(f"{mode}@example.org", mode=mode)) for mode in ("in_person", "online"))
    texts = [b"".join(raw for key, raw in mails_to(one) if key.startswith("events.invitation")).replace(b"=\r\n", b"") for one in (there, online)]
    assert [b"meet.example.org" in text for text in texts] == [False, True]
    assert [b"LOCATION:Tampere-talo" in text for text in texts] == [True, False]
