"""What scripted sign-ups cannot do, and what a person can all the same."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from django.utils import timezone

from base import proof
from base.public_forms import new_token
from base.roles import Role
from events import actions, approving, lapsing, refusals, rush, views
from events.models import Event, Pool, Registration
from events.organising import hand
from mail.models import Delivery
from tests.proofs import solve

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from events.models import EventPage
    from tests.cast import Cast

State = Registration.State
HIDDEN = re.compile(r'name="proof" value="([^"]+)"')


@pytest.fixture
def wide(event: Event) -> Event:
    """A waiting list, and more seats than the other tests need."""
    Event.objects.update(has_waiting_list=True)
    Pool.objects.update(capacity=12)
    return Event.objects.get(pk=event.pk)


def mails() -> int:
    return Delivery.objects.count()


def taken(event: Event) -> int:
    return Event.objects.get(pk=event.pk).taken


def let_lapse(registration: Registration) -> None:
    Registration.objects.filter(pk=registration.pk).update(held_until=timezone.now())
    lapsing.release_expired_holds()


def a_day_later() -> None:
    Registration.objects.update(link_sent_at=timezone.now() - rush.A_DAY)


def test_a_hold_cannot_be_renewed_and_the_link_in_the_mailbox_still_works(ask: Callable[..., Registration], event: Event) -> None:
    held = ask()
    let_lapse(held)
    again = ask(needs="gluteeniton")
    assert (again.pk, again.state, again.asked_as, taken(event), mails()) == (held.pk, State.EXPIRED, State.HELD, 0, 1)
    assert actions.confirm_registration(again).state == State.CONFIRMED
    assert (taken(event), Registration.objects.get().needs) == (1, "gluteeniton")


def test_an_overdue_hold_that_the_clock_has_not_seen_is_not_renewed_either(ask: Callable[..., Registration], event: Event) -> None:
    Event.objects.update(has_waiting_list=True)
    held, _other = ask(), ask("b@example.org")
    waits = actions.confirm_registration(ask("c@example.org"))
    Registration.objects.filter(pk=held.pk).update(held_until=timezone.now())
    assert (ask().state, taken(event)) == (State.EXPIRED, 2)
    waits.refresh_from_db()
    assert waits.state == State.OFFERED


def test_the_next_day_a_link_goes_and_a_seat_is_held_again(ask: Callable[..., Registration], event: Event) -> None:
    let_lapse(ask())
    a_day_later()
    assert (ask().state, taken(event), mails()) == (State.HELD, 1, 2)


def test_who_confirmed_and_cancelled_comes_again_the_same_day(ask: Callable[..., Registration]) -> None:
    actions.cancel_registration(actions.confirm_registration(ask()))
    before = mails()
    again = ask()
    assert (again.state, mails()) == (State.HELD, before + 1)
    let_lapse(again)
    assert (ask().state, mails()) == (State.EXPIRED, before + 1)


def test_who_cancelled_what_was_never_confirmed_gets_in_by_the_same_link(ask: Callable[..., Registration]) -> None:
    actions.cancel_registration(ask())
    again = ask()
    assert (again.state, mails()) == (State.EXPIRED, 1)
    assert actions.confirm_registration(again).state == State.CONFIRMED


def test_staff_send_the_link_again_but_not_by_a_double_click(ask: Callable[..., Registration], event: Event, cast: Cast) -> None:
    registration, olli = ask(), cast.user(Role.ORGANISERS)
    let_lapse(registration)
    assert "resend" in {act.key for act in hand.acts_on(registration)}
    with pytest.raises(refusals.RegistrationClosed):
        hand.do(registration, "resend", by=olli)
    Registration.objects.update(link_sent_at=timezone.now() - rush.A_MINUTE)
    hand.do(registration, "resend", by=olli)
    assert (registration.state, taken(event), mails()) == (State.HELD, 1, 2)
    actions.confirm_registration(registration)
    assert "resend" not in {act.key for act in hand.acts_on(registration)}


def test_a_late_link_of_an_application_takes_no_seat_without_the_organiser(ask: Callable[..., Registration], event: Event, cast: Cast) -> None:
    Event.objects.update(needs_approval=True)
    applied = ask()
    let_lapse(applied)
    assert (actions.confirm_registration(applied).state, taken(event)) == (State.APPLIED, 0)
    assert approving.approve_registration(applied, by=cast.user(Role.ORGANISERS)).state == State.CONFIRMED


def test_half_of_the_seats_go_to_who_confirms_first(ask: Callable[..., Registration], wide: Event) -> None:
    asked = [ask(f"p{number}@example.org") for number in range(8)]
    assert [row.state for row in asked] == [State.HELD] * 6 + [State.WAITING] * 2
    assert "Jonotuslista" not in Delivery.objects.order_by("pk").last().subject
    assert actions.confirm_registration(asked[-1]).state == State.CONFIRMED
    assert taken(wide) == 7


def test_without_a_waiting_list_who_comes_too_late_is_told(ask: Callable[..., Registration], wide: Event) -> None:
    Event.objects.update(has_waiting_list=False)
    late = [ask(f"p{number}@example.org") for number in range(7)][-1]
    Pool.objects.update(taken=12)
    with pytest.raises(refusals.EventFull):
        actions.confirm_registration(late)


def test_the_last_seat_is_nobodys_in_a_rush(ask: Callable[..., Registration], wide: Event) -> None:
    for number in range(10):
        let_lapse(ask(f"p{number}@example.org"))
    Pool.objects.update(taken=11)
    assert (rush.strength(wide), ask("late@example.org").state, taken(wide)) == (1, State.WAITING, 11)


def test_the_proof_grows_with_what_stands_unconfirmed(ask: Callable[..., Registration], wide: Event) -> None:
    assert (rush.strength(wide), rush.strength(wide, 11)) == (0, 1)
    rows = [ask(f"p{number}@example.org") for number in range(10)]
    assert rush.strength(wide) == 1
    actions.confirm_registration(rows[0])
    assert rush.strength(wide) == 0


def test_who_brings_no_proof_waits_and_holds_nothing(ask: Callable[..., Registration], wide: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = ask("a@example.org", is_slow=True), ask("b@example.org", is_slow=True)
    assert (first.state, second.state, taken(wide)) == (State.WAITING, State.WAITING, 0)
    due = list(Delivery.objects.order_by("pk").values_list("due_at", flat=True))
    assert due[0] > timezone.now() + timedelta(seconds=50)
    assert due[1] - due[0] == rush.SLOW_GAP
    assert ask("a@example.org", is_slow=True).link_sent_at == due[0]
    assert second.held_until == due[1] + actions.HOLD
    monkeypatch.setattr(rush, "LONGEST_SLOW", rush.FIRST_SLOW)
    with pytest.raises(rush.TooManyAtOnce):
        ask("c@example.org", is_slow=True)
    assert actions.confirm_registration(second).state == State.CONFIRMED


def test_who_brings_a_proof_does_not_wait_for_what_somebody_else_put_in_line(ask: Callable[..., Registration], wide: Event) -> None:
    before = ask("a@example.org", is_slow=True)
    assert before.link_sent_at
    assert before.link_sent_at > timezone.now()
    own = ask("a@example.org")
    now = timezone.now()
    mail = Delivery.objects.get()
    assert own.link_sent_at
    assert (own.pk, own.link_sent_at <= now, mail.due_at <= now) == (before.pk, True, True)
    # One mail a day, whoever asks and in whatever order.
    assert ask("a@example.org", is_slow=True).link_sent_at == own.link_sent_at
    assert mails() == 1
    assert actions.confirm_registration(own).state == State.CONFIRMED


def test_a_mail_that_has_left_is_not_called_back_to_leave_again(ask: Callable[..., Registration], wide: Event) -> None:
    asked = ask("a@example.org", is_slow=True)
    Delivery.objects.update(state=Delivery.State.SENT)
    assert ask("a@example.org").link_sent_at == asked.link_sent_at
    assert mails() == 1


def test_what_stands_behind_a_plus_makes_no_other_mailbox(ask: Callable[..., Registration], wide: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "UNANSWERED_A_DAY", 2)
    for tag in ("a", "b"):
        ask(f"aino+{tag}@example.org")
    with pytest.raises(refusals.TooManyMails):
        ask("aino+c@example.org")
    ask("ainot@example.org")
    actions.confirm_registration(Registration.objects.get(person__email="aino+a@example.org"))
    ask("aino+c@example.org")


def test_a_full_event_says_the_same_to_who_is_known(ask: Callable[..., Registration], event: Event) -> None:
    actions.confirm_registration(ask("a@example.org")), actions.confirm_registration(ask("b@example.org"))
    for address in ("a@example.org", "new@example.org"):
        with pytest.raises(refusals.EventFull):
            ask(address)


@pytest.fixture
def rushed(page: EventPage, wide: Event, ask: Callable[..., Registration], monkeypatch: pytest.MonkeyPatch) -> EventPage:
    cache.clear()
    monkeypatch.setattr(proof, "LEAST", 4)
    for number in range(10):
        let_lapse(ask(f"p{number}@example.org"))
    return page


def send(client: Client, page: EventPage, name: str = "aino", source: str = "127.0.0.1", **values: object) -> tuple[int, str]:
    fields = {"first_name": "Aino", "last_name": "Esimerkki", "email": f"{name}@example.org", "language": "sv", "token": new_token()}
    answer = client.post(f"/fi/events/{page.pk}/register/", fields | values, REMOTE_ADDR=source)
    return answer.status_code, answer.content.decode()


def state_of(name: str) -> str:
    return Registration.objects.get(person__email=f"{name}@example.org").state


def test_in_a_rush_the_form_comes_back_once_with_all_that_was_typed_and_a_challenge(client: Client, rushed: EventPage) -> None:
    before = mails()
    status, text = send(client, rushed, needs="gluteeniton")
    assert (status, "data-prove=" in text, "gluteeniton" in text, "error-summary" in text, mails()) == (422, True, True, False, before)
    status, text = send(client, rushed, proof=solve(HIDDEN.findall(text)[0]))
    assert (status, state_of("aino"), "30 minuuttia" in text, mails()) == (200, State.HELD, True, before + 1)


def test_on_a_usual_day_nothing_is_asked_of_anybody(client: Client, page: EventPage, wide: Event) -> None:
    cache.clear()
    assert send(client, page)[0] == 200
    assert "proof" not in send(client, page, "bo")[1]


def test_without_scripts_a_second_press_gets_the_link_a_little_later(client: Client, rushed: EventPage) -> None:
    status, text = send(client, rushed)
    status, text = send(client, rushed, proof=HIDDEN.findall(text)[0])
    assert (status, state_of("aino"), "jopa tunnin" in text) == (200, State.WAITING, True)
    assert Delivery.objects.order_by("pk").last().due_at > timezone.now() + timedelta(seconds=50)


def test_a_proof_is_no_good_for_another_address(client: Client, rushed: EventPage) -> None:
    solved = solve(HIDDEN.findall(send(client, rushed)[1])[0])
    status, text = send(client, rushed, "bo", proof=solved)
    assert (status, "data-prove=" in text) == (422, True)
    assert HIDDEN.findall(text) != [solved]


def test_when_too_many_wait_the_form_says_so(client: Client, rushed: EventPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rush, "LONGEST_SLOW", timedelta(seconds=1))
    unsolved = HIDDEN.findall(send(client, rushed)[1])[0]
    status, text = send(client, rushed, proof=unsolved)
    assert (status, "error-summary" in text, Registration.objects.filter(person__email="aino@example.org").exists()) == (422, True, False)


def test_an_office_may_send_more_forms_with_proofs(client: Client, page: EventPage, wide: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr(proof, "LEAST", 4)
    monkeypatch.setattr(views, "RATE_PROVED", "2/h")
    for _number in range(20):
        assert send(client, page)[0] == 200
    status, text = send(client, page, "bo")
    assert (status, "data-prove=" in text) == (422, True)
    challenge = HIDDEN.findall(text)[0]
    assert send(client, page, "bo", proof=challenge)[0] == 429
    assert send(client, page, "bo", proof=solve(challenge))[0] == 200
    assert send(client, page, "bo", proof=solve(challenge))[0] == 429
    assert send(client, page, "bo", source="127.0.0.2")[0] == 200


def test_a_closed_event_asks_for_no_proof(client: Client, rushed: EventPage) -> None:
    Event.objects.update(is_cancelled=True)
    status, text = send(client, rushed)
    assert (status, "data-prove=" in text, "Tapahtuma on peruttu" in text) == (422, False, True)
