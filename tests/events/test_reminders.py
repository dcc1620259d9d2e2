"""What goes out by the clock: once each, to the right people, and nothing that is no longer true."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.core.exceptions import ValidationError

from events import actions, attendance, publishing, reminders, telling, texts
from events.models import Event, EventPage, Registration
from mail.models import Delivery
from tests.events.itip import broken
from tests.events.test_itip import mails_to, move

if TYPE_CHECKING:
    from collections.abc import Callable

DAY = timedelta(days=1)


@pytest.fixture
def confirmed(ask: Callable[..., Registration]) -> Registration:
    return actions.confirm_registration(ask())


def sent() -> list[str]:
    rows = Delivery.objects.filter(key__startswith=reminders.KEY).exclude(state=Delivery.State.SUPPRESSED).order_by("pk")
    return [str(row.key).split(":")[1] for row in rows]


def run(at: datetime) -> list[str]:
    """The schedule at that minute. What has gone out until then."""
    with time_machine.travel(at, tick=False):
        reminders.send_due()
    return sent()


def test_each_reminder_goes_once_at_its_time(confirmed: Registration, event: Event) -> None:
    starts = event.starts_at
    assert run(starts - 7 * DAY - timedelta(minutes=1)) == []
    assert run(starts - 7 * DAY) == run(starts - 7 * DAY + timedelta(minutes=1)) == ["week"]
    assert run(starts - DAY) == ["week", "day"]
    assert run(starts - timedelta(hours=1)) == run(starts - timedelta(minutes=59)) == ["week", "day", "hour"]
    assert run(event.ends_at + DAY) == run(event.ends_at + 2 * DAY) == ["week", "day", "hour", "thanks"]
    assert broken(mails_to(confirmed)) == []


def test_who_registered_after_a_reminders_time_does_not_get_it(ask: Callable[..., Registration], event: Event) -> None:
    with time_machine.travel(event.starts_at - DAY + timedelta(minutes=2), tick=False):
        actions.confirm_registration(ask())
    assert run(event.starts_at - DAY + timedelta(minutes=3)) == []
    assert run(event.starts_at - timedelta(hours=1)) == ["hour"]


def test_only_a_confirmed_seat_is_reminded_of(ask: Callable[..., Registration], event: Event) -> None:
    ask("held@example.org")
    actions.cancel_registration(actions.confirm_registration(ask("gone@example.org")))
    assert run(event.starts_at - DAY) == []


def test_a_reminder_that_is_too_late_is_none(confirmed: Registration, event: Event) -> None:
    """The worker was down over the time of each."""
    assert run(event.starts_at - 7 * DAY + timedelta(hours=25)) == []
    assert run(event.starts_at - DAY + timedelta(hours=7)) == []
    assert run(event.starts_at + timedelta(minutes=1)) == []


def test_a_move_takes_back_what_waits_and_reminds_anew(confirmed: Registration, page: EventPage, event: Event) -> None:
    assert run(event.starts_at - 7 * DAY) == ["week"]
    move(page, starts_at=page.starts_at + 3 * DAY, ends_at=page.ends_at + 3 * DAY)
    assert sent() == []
    assert run(event.starts_at - 7 * DAY + timedelta(minutes=1)) == []
    assert run(event.starts_at - 4 * DAY) == ["week"]


def test_nothing_goes_out_of_a_cancelled_event_nor_what_waits(confirmed: Registration, event: Event) -> None:
    assert run(event.starts_at - 7 * DAY) == ["week"]
    publishing.cancel_event(event=event)
    telling.end_registrations(event.pk)
    assert sent() == []
    assert run(event.starts_at - DAY) == []
    assert run(event.ends_at + DAY) == []


def test_thanks_go_to_who_was_there(ask: Callable[..., Registration], event: Event) -> None:
    came, _away = (actions.confirm_registration(ask(email)) for email in ("came@example.org", "away@example.org"))
    attendance.mark([came])
    assert run(event.ends_at + DAY) == ["thanks"]
    assert Delivery.objects.get(key__startswith=reminders.KEY).address == "came@example.org"


def test_a_crash_in_the_middle_sends_nobody_two(ask: Callable[..., Registration], event: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    for email in ("a@example.org", "b@example.org"):
        actions.confirm_registration(ask(email))
    send, count = reminders.mails.send_by_the_clock, []

    def breaking(registration: Registration, kind: str, *, key: str) -> None:
        count.append(key)
        if len(count) == 2:
            raise RuntimeError("the worker dies")
        send(registration, kind, key=key)

    monkeypatch.setattr(reminders.mails, "send_by_the_clock", breaking)
    with pytest.raises(RuntimeError):
        run(event.starts_at - DAY)
    assert run(event.starts_at - DAY + timedelta(minutes=1)) == ["day", "day"]


def text_of(prefix: str) -> str:
    raw = bytes(Delivery.objects.get(key__startswith=prefix).mime or b"")
    from email import message_from_bytes, policy

    mail = message_from_bytes(raw, policy=policy.default)
    body = mail.get_body(("plain",))
    return f"{mail['Subject']}\n{body.get_content() if body else ''}"


def test_the_link_is_there_when_it_is_needed_and_the_words_are_the_registrants(ask: Callable[..., Registration], event: Event) -> None:
    actions.confirm_registration(ask(language="sv"))
    run(event.starts_at - timedelta(hours=1))
    text = text_of(reminders.KEY)
    assert "https://meet.example.org/abc" in text
    assert "Om en timme" in text


@pytest.fixture
def own_words(page: EventPage) -> None:
    page.messages = [("confirmation", {"subject": "Tervetuloa: {event}", "text": "Hei {first_name}! Nähdään {where}."})]
    page.save_revision().publish()


@pytest.mark.usefixtures("own_words")
def test_an_editors_words_stand_in_the_mail_with_their_placeholders_filled(ask: Callable[..., Registration], page: EventPage) -> None:
    actions.confirm_registration(ask())
    text = text_of("events.invitation")
    assert f"Tervetuloa: {page.title}" in text
    assert "Hei Aino! Nähdään Tampere." in text
    assert "{" not in text


@pytest.mark.usefixtures("own_words")
def test_who_reads_another_language_gets_our_words(ask: Callable[..., Registration]) -> None:
    actions.confirm_registration(ask(language="en"))
    assert "You have registered" in text_of("events.invitation")


def test_a_placeholder_that_does_not_exist_is_an_error_at_its_field() -> None:
    block = texts.MessagesBlock()
    value = block.to_python([{"type": "thanks", "value": {"subject": "", "text": "Hei {etunimi}, kiitos {event}!"}}])
    with pytest.raises(ValidationError) as error:
        block.clean(value)
    told = str(error.value.block_errors[0].block_errors["text"])
    assert "{etunimi}" in told
    assert "{first_name}" in told


@pytest.mark.parametrize("kind", texts.MESSAGES)
def test_every_message_has_a_preview(kind: str, page: EventPage) -> None:
    html = texts.preview(page, kind)
    assert page.title in html
    assert "%(" not in html
    assert "{" not in html.partition("<body")[2].replace("{{", "")


def test_a_name_with_braces_is_a_name(ask: Callable[..., Registration], page: EventPage) -> None:
    assert texts.filled("Hei {first_name}", {"first_name": "{event}"}) == "Hei {event}"
