"""Who registered, or was invited, hears it when the page is taken down; who waits in vain, when the event begins."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.utils import timezone

from base.tasks import in_this_process
from events import actions, invitations, publishing, reminders, texts
from events.models import Event, EventPage, Invitation, MeetingPage, Registration
from mail.models import Delivery
from tests import factories, letters
from tests.events.test_meetings import came

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django import DjangoCaptureOnCommitCallbacks

    from events.models import EventsPage
    from themes.models import Goal

State = Registration.State
KEY = "events.unpublished:"


@pytest.fixture
def unpublish(django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> Callable[[Any], None]:
    def unpublish(page: Any) -> None:
        with in_this_process(), django_capture_on_commit_callbacks(execute=True):
            type(page).objects.get(pk=page.pk).unpublish()

    return unpublish


def told(prefix: str = KEY) -> list[Delivery]:
    return list(Delivery.objects.filter(key__startswith=prefix).order_by("pk"))


def open_line() -> None:
    Event.objects.update(has_waiting_list=True)


def test_everybody_who_stands_is_told_once_in_their_language(
    ask: Callable[..., Registration], page: EventPage, unpublish: Callable[[Any], None]
) -> None:
    open_line()
    for name, language in (("a", "fi"), ("b", "sv"), ("waits", "en")):
        actions.confirm_registration(ask(f"{name}@example.org", language=language))
    ask("held@example.org")
    actions.cancel_registration(actions.confirm_registration(ask("gone@example.org")))
    unpublish(page)
    assert [(row.address, row.subject.endswith(page.title)) for row in told()] == [(f"{name}@example.org", True) for name in ("a", "b", "waits")]
    assert "taken the event off the site" in letters.text_of(told()[2])
    assert set(Registration.objects.filter(state=State.CONFIRMED).values_list("person__email", flat=True)) == {"a@example.org", "b@example.org"}


def test_a_second_taking_down_is_told_anew_and_a_repeat_of_the_worker_is_not(
    ask: Callable[..., Registration], page: EventPage, unpublish: Callable[[Any], None]
) -> None:
    from events import telling

    actions.confirm_registration(ask())
    unpublish(page)
    mark = told()[0].key.rsplit(":", 1)[1]  # type: ignore[union-attr]  # it has one
    telling.tell_unpublished(str(page.translation_key), mark)
    assert len(told()) == 1
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        EventPage.objects.get(pk=page.pk).save_revision().publish()
        telling.tell_unpublished(str(page.translation_key), "published again by now")
        assert len(told()) == 1
        unpublish(page)
    assert len(told()) == 2


def test_as_long_as_one_language_is_there_nobody_is_told(ask: Callable[..., Registration], page: EventPage, unpublish: Callable[[Any], None]) -> None:
    from tests.translations.making import translated

    swedish = translated(page)
    actions.confirm_registration(ask())
    unpublish(page)
    assert told() == []
    unpublish(swedish)
    assert len(told()) == 1


def test_of_what_was_held_or_cancelled_there_is_nothing_to_tell(
    ask: Callable[..., Registration], page: EventPage, event: Event, unpublish: Callable[[Any], None]
) -> None:
    actions.confirm_registration(ask())
    publishing.cancel_event(event=event)
    unpublish(page)
    assert told() == []


def test_an_editors_own_words_stand_in_it(ask: Callable[..., Registration], page: EventPage, unpublish: Callable[[Any], None]) -> None:
    page.messages = texts.MessagesBlock().to_python([{"type": "unpublished", "value": {"subject": "", "text": "Hei {first_name}, palaamme."}}])
    page.save_revision().publish()
    actions.confirm_registration(ask())
    unpublish(page)
    assert "Hei Aino, palaamme." in letters.text_of(told()[0])


def test_who_was_invited_to_a_meeting_is_told(calendar_page: EventsPage, goal: Goal, unpublish: Callable[[Any], None]) -> None:
    person, silent = factories.make_person(goal.theme, language="sv"), factories.make_person(goal.theme)
    starts = timezone.now() + timedelta(days=2)
    page = MeetingPage(title="Ohjausryhmä", slug="ohjausryhma", starts_at=starts, ends_at=starts + timedelta(hours=2), place="Huone")
    page.attendance = page._meta.get_field("attendance").stream_block.to_python([came(person, "invited"), came(silent, "invited")])
    page = factories.publish(page, calendar_page, goals=[goal])
    invitations.send(page=page, rows=Invitation.objects.filter(person=person).select_related("person", "theme"))
    unpublish(page)
    [row] = told("events.meeting_unpublished:")
    assert (row.address, "Ohjausryhmä" in row.subject) == (person.email, True)
    unpublish(page)
    assert len(told("events.meeting_unpublished:")) == 1


# ---- who waits in vain
def test_who_still_waits_when_it_begins_is_told_once(ask: Callable[..., Registration], event: Event) -> None:
    open_line()
    for name in ("a", "b", "waits"):
        actions.confirm_registration(ask(f"{name}@example.org"))
    # Never confirmed that it would wait.
    ask("silent@example.org")
    for moment in (event.starts_at - timedelta(minutes=1), event.starts_at, event.starts_at + timedelta(minutes=1)):
        with time_machine.travel(moment, tick=False):
            reminders.send_due()
    [row] = told("events.reminder:unseated")
    assert row.address == "waits@example.org"
    assert event.starts_at <= row.created_at


def test_word_that_comes_hours_late_is_none(ask: Callable[..., Registration], event: Event) -> None:
    open_line()
    for name in ("a", "b", "waits"):
        actions.confirm_registration(ask(f"{name}@example.org"))
    with time_machine.travel(event.starts_at + reminders.UNSEATED_GRACE, tick=False):
        reminders.send_due()
    assert told("events.reminder:unseated") == []
