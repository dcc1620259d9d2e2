"""Answers from people's calendars: in the shapes of five programs, through the door that mail comes in by."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from events import actions, links
from events.models import Event, EventPage, Registration
from mail.inbound.receiving import receive
from mail.models import Bounce, Delivery
from tests.events.itip import broken
from tests.events.replies import SHAPES, answer
from tests.events.test_itip import mails_to, move

if TYPE_CHECKING:
    from collections.abc import Callable

State = Registration.State


@pytest.fixture
def confirmed(ask: Callable[..., Registration]) -> Registration:
    return actions.confirm_registration(ask())


def reply_of(registration: Registration, shape: str = "google-declined", **changes: str) -> bytes:
    words = {
        "FROM": "aino@example.org", "ATTENDEE": "aino@example.org", "ORGANIZER": "kantama@example.org", "PARTSTAT": "DECLINED",
        "UID": f"{links.uid_of(registration)}@example.org", "SEQUENCE": str(registration.sequence), "DTSTAMP": "20261127T100000Z",
    }  # fmt: skip
    return answer(shape, **words | changes)


def come(message: bytes) -> bool:
    """Whether it was read as an answer."""
    return receive(message, source=Bounce.Source.PIPE).is_read


def taken(event: Event) -> int:
    return Event.objects.get(pk=event.pk).taken


@pytest.mark.parametrize("shape", SHAPES)
def test_a_decline_frees_the_seat_whatever_program_wrote_it(shape: str, confirmed: Registration, event: Event) -> None:
    assert taken(event) == 1
    assert come(reply_of(confirmed, shape))
    confirmed.refresh_from_db()
    assert (confirmed.state, confirmed.reply, taken(event)) == (State.CANCELLED, "declined", 0)
    assert Delivery.objects.filter(key__startswith="events.cancel").count() == 1
    assert broken(mails_to(confirmed)) == []


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("partstat", ["ACCEPTED", "TENTATIVE"])
def test_other_answers_are_written_down_and_the_seat_stays(shape: str, partstat: str, confirmed: Registration, event: Event) -> None:
    come(reply_of(confirmed, shape, PARTSTAT=partstat))
    confirmed.refresh_from_db()
    assert (confirmed.state, confirmed.reply, taken(event)) == (State.CONFIRMED, partstat.lower(), 1)


def test_the_same_answer_twice_is_one(confirmed: Registration) -> None:
    for _time in range(2):
        come(reply_of(confirmed))
    assert Delivery.objects.filter(key__startswith="events.cancel").count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"FROM": "stranger@example.net"},
        {"ATTENDEE": "stranger@example.net"},
        {"UID": "00000000-0000-0000-0000-000000000000@example.org"},
        {"PARTSTAT": "NEEDS-ACTION"},
        {"PARTSTAT": "DELEGATED"},
    ],
)
def test_what_is_not_the_registrants_own_answer_does_nothing_and_is_logged(
    changes: dict[str, str], confirmed: Registration, event: Event, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    assert come(reply_of(confirmed, **changes))
    confirmed.refresh_from_db()
    assert (confirmed.state, confirmed.reply, taken(event)) == (State.CONFIRMED, "", 1)
    assert "changed nothing" in caplog.text
    assert "example" not in caplog.text


def test_the_events_own_uid_which_everybody_can_see_proves_nothing(confirmed: Registration, event: Event) -> None:
    for uid in (str(event.uid), f"{event.uid}.{confirmed.pk}.{'0' * 16}"):
        come(reply_of(confirmed, UID=f"{uid}@example.org"))
    confirmed.refresh_from_db()
    assert confirmed.state == State.CONFIRMED


def test_an_answer_to_what_was_before_the_move_does_nothing(confirmed: Registration, page: EventPage) -> None:
    old = reply_of(confirmed)
    move(page, place="Turku")
    come(old)
    confirmed.refresh_from_db()
    assert (confirmed.state, confirmed.sequence) == (State.CONFIRMED, 1)
    come(reply_of(confirmed))
    confirmed.refresh_from_db()
    assert confirmed.state == State.CANCELLED


def test_of_two_answers_the_one_that_was_made_later_counts_whichever_comes_first(confirmed: Registration) -> None:
    come(reply_of(confirmed, PARTSTAT="ACCEPTED", DTSTAMP="20261127T110000Z"))
    come(reply_of(confirmed, PARTSTAT="DECLINED", DTSTAMP="20261127T100000Z"))
    confirmed.refresh_from_db()
    assert (confirmed.state, confirmed.reply) == (State.CONFIRMED, "accepted")


def test_who_comes_back_can_answer_again(confirmed: Registration, ask: Callable[..., Registration]) -> None:
    come(reply_of(confirmed))
    again = actions.confirm_registration(ask())
    # The old answer comes once more by another way.
    come(reply_of(again, SEQUENCE="0"))
    again.refresh_from_db()
    assert again.state == State.CONFIRMED
    come(reply_of(again, DTSTAMP="20261127T120000Z"))
    again.refresh_from_db()
    assert again.state == State.CANCELLED
    assert broken(mails_to(again)) == []


@pytest.mark.parametrize("broken_part", [b"END:VEVENT", b"METHOD:REPLY", b"ATTENDEE", b"DTSTAMP"])
def test_a_letter_that_only_looks_like_one_is_for_a_person(broken_part: bytes, confirmed: Registration) -> None:
    message = reply_of(confirmed, "thunderbird-declined").replace(broken_part, b"X-BROKEN")
    received = receive(message, source=Bounce.Source.PIPE)
    assert received.needs_a_person
    confirmed.refresh_from_db()
    assert confirmed.state == State.CONFIRMED


def test_the_outbox_of_an_erased_person_is_no_way_back(confirmed: Registration) -> None:
    message = reply_of(confirmed)
    confirmed.delete()
    assert come(message)
