"""From asking for a seat to having been there."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from contacts.models import Touch
from contacts.people import erase_person, export_person, merge_people
from events import actions, attendance, lapsing, publishing, refusals, telling
from events.models import Event, EventPage, Registration
from mail.models import Delivery

if TYPE_CHECKING:
    from collections.abc import Callable

    from themes.models import Goal

State = Registration.State


def taken(event: Event) -> int:
    event.refresh_from_db()
    return event.taken


def end_hold(registration: Registration) -> None:
    Registration.objects.filter(pk=registration.pk).update(held_until=timezone.now() - timedelta(minutes=1))


def test_asking_holds_a_seat_and_mails_a_link(ask: Callable[..., Registration], event: Event) -> None:
    registration = ask(needs="gluteeniton")
    mail = Delivery.objects.get()
    assert (registration.state, taken(event)) == (State.HELD, 1)
    assert mail.address == "aino@example.org"
    assert "/fi/events/registration/" in bytes(mail.mime).decode().replace("=\r\n", "").replace("=\n", "")


def test_asking_again_takes_no_other_seat_and_mails_nothing_more(ask: Callable[..., Registration], event: Event) -> None:
    first = ask()
    assert {ask(email).pk for email in ("aino@example.org", "AINO@example.org", "aino@example.org")} == {first.pk}
    assert (taken(event), Delivery.objects.count()) == (1, 1)


def test_no_address_is_flooded(ask: Callable[..., Registration], event: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "LINKS_A_DAY", 1)
    ask()
    with pytest.raises(refusals.TooManyMails):
        ask()
    assert (taken(event), Delivery.objects.count()) == (1, 1)


def test_a_full_event_keeps_nothing_of_who_asked(ask: Callable[..., Registration], event: Event, people: Callable[[], int]) -> None:
    ask("a@example.org"), ask("b@example.org")
    with pytest.raises(refusals.EventFull):
        ask("c@example.org")
    assert (taken(event), people(), Delivery.objects.count()) == (2, 2, 2)


def test_a_past_event_and_a_cancelled_one_are_closed(ask: Callable[..., Registration], event: Event) -> None:
    now = timezone.now()
    Event.objects.update(starts_at=now - timedelta(hours=2), ends_at=now - timedelta(hours=1))
    with pytest.raises(refusals.RegistrationClosed):
        ask()
    Event.objects.update(ends_at=now + timedelta(hours=1), is_cancelled=True)
    with pytest.raises(refusals.RegistrationClosed):
        ask()


def test_confirming_twice_counts_once(ask: Callable[..., Registration], event: Event) -> None:
    registration = ask()
    actions.confirm_registration(registration)
    actions.confirm_registration(registration)
    assert (registration.state, taken(event)) == (State.CONFIRMED, 1)
    assert Touch.objects.get().cause == f"events.registration:{registration.pk}"
    assert Delivery.objects.filter(key__startswith="events.invitation").count() == 1


def test_a_hold_that_ran_out_gives_its_seat_back_and_may_try_again(ask: Callable[..., Registration], event: Event) -> None:
    late = ask("late@example.org")
    end_hold(late)
    assert (lapsing.release_expired_holds(), lapsing.release_expired_holds(), taken(event)) == (1, 0, 0)
    assert actions.confirm_registration(late).state == State.CONFIRMED
    assert taken(event) == 1


def test_who_confirms_too_late_gets_no_seat_of_a_full_event(ask: Callable[..., Registration], event: Event) -> None:
    late = ask("late@example.org")
    end_hold(late)
    lapsing.release_expired_holds()
    ask("a@example.org"), ask("b@example.org")
    with pytest.raises(refusals.EventFull):
        actions.confirm_registration(late)
    late.refresh_from_db()
    assert (late.state, taken(event)) == (State.EXPIRED, 2)


def test_cancelling_frees_the_seat_once_and_takes_the_touch_back(ask: Callable[..., Registration], event: Event) -> None:
    registration = actions.confirm_registration(ask())
    actions.cancel_registration(registration)
    actions.cancel_registration(registration)
    assert (registration.state, taken(event), Touch.objects.count()) == (State.CANCELLED, 0, 0)
    assert Delivery.objects.filter(key__startswith="events.cancel").count() == 1
    with pytest.raises(refusals.RegistrationClosed):
        actions.confirm_registration(registration)


def test_a_hold_that_is_let_go_sends_no_cancellation(ask: Callable[..., Registration], event: Event) -> None:
    actions.cancel_registration(ask())
    assert (taken(event), Delivery.objects.count()) == (0, 1)


def test_who_cancelled_may_come_back_with_a_higher_sequence(ask: Callable[..., Registration]) -> None:
    actions.cancel_registration(actions.confirm_registration(ask()))
    again = actions.confirm_registration(ask())
    assert (again.state, again.sequence) == (State.CONFIRMED, 2)


def test_only_who_confirmed_can_have_attended(ask: Callable[..., Registration]) -> None:
    came, held = actions.confirm_registration(ask("a@example.org")), ask("b@example.org")
    assert (attendance.mark([came, held]), attendance.mark([came])) == (1, 0)
    assert Touch.objects.filter(kind=Touch.Kind.ATTENDED).count() == 1


def publish_again(page: EventPage, **values: object) -> Event:
    for name, value in values.items():
        setattr(page, name, value)
    page.save_revision().publish()
    assert page.event
    return page.event


def test_only_time_and_place_raise_the_sequence(page: EventPage, event: Event) -> None:
    typo = publish_again(page, title="Toinen otsikko")
    assert (typo.sequence, typo.updated_at) == (0, event.updated_at)
    moved = publish_again(page, place="Turku")
    assert moved.sequence == 1
    assert moved.updated_at > event.updated_at


def test_the_capacity_never_goes_below_the_seats_taken(page: EventPage, ask: Callable[..., Registration]) -> None:
    ask("a@example.org"), ask("b@example.org")
    assert publish_again(page, capacity=1).capacity == 2
    assert publish_again(page, capacity=5).capacity == 5


def test_a_change_is_sent_once_to_who_confirmed(page: EventPage, ask: Callable[..., Registration]) -> None:
    registration = actions.confirm_registration(ask())
    event = publish_again(page, place="Turku")
    telling.send_updates(event.pk)
    telling.send_updates(event.pk)
    registration.refresh_from_db()
    assert registration.sequence == 1
    assert Delivery.objects.filter(key__startswith="events.update").count() == 1


def test_a_cancelled_event_ends_its_registrations(ask: Callable[..., Registration], event: Event) -> None:
    registration = actions.confirm_registration(ask())
    publishing.cancel_event(event=event)
    telling.end_registrations(event.pk)
    registration.refresh_from_db()
    assert (registration.state, taken(event)) == (State.CANCELLED, 0)


def test_an_export_holds_the_needs(ask: Callable[..., Registration]) -> None:
    person = ask(needs="gluteeniton").person
    assert export_person(person)["events.Registration"][0]["needs"] == "gluteeniton"


def test_merging_keeps_the_stronger_registration_and_one_seat(ask: Callable[..., Registration], event: Event) -> None:
    held, confirmed = ask("a@example.org", needs="pyörätuoli"), actions.confirm_registration(ask("b@example.org"))
    merge_people(winner=held.person, loser=confirmed.person)
    kept = Registration.objects.get()
    assert (kept.pk, kept.person_id, kept.state, kept.needs, taken(event)) == (confirmed.pk, held.person_id, State.CONFIRMED, "pyörätuoli", 1)


def test_erasing_frees_the_seat_of_an_event_to_come(ask: Callable[..., Registration], event: Event) -> None:
    erase_person(actions.confirm_registration(ask()).person)
    assert (Registration.objects.count(), taken(event)) == (0, 0)


def test_a_page_of_an_event_names_its_goal(event: Event, goal: Goal) -> None:
    assert goal.outreaches.get().item_key == event.item_key
