"""The waiting list: who is offered what, when, and for how long."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from events import actions, approving, changing, lapsing, refusals, telling, texts, waiting
from events.models import Event, Pool, Registration
from mail.models import Delivery
from tests import factories, letters

if TYPE_CHECKING:
    from collections.abc import Callable

    from events.models import EventPage
    from tests.events.conftest import Opened

    Ask = Callable[..., Registration]

State = Registration.State


def group(number: int) -> list[dict[str, str]]:
    return [{"first_name": "Vieno", "last_name": f"Vieras {one}"} for one in range(number - 1)]


@pytest.fixture(scope="module")
def made_waited(made: Opened) -> EventPage:
    goal, calendar_page, _page = made
    return factories.make_event_page(calendar_page, goals=[goal], capacity=2, largest_group=5)


@pytest.fixture
def waited(db: None, made_waited: EventPage) -> EventPage:
    return deepcopy(made_waited)


@pytest.fixture
def ask(waited: EventPage) -> Ask:
    """Asks and confirms: whoever gets no seat waits."""

    def ask(name: str, **details: object) -> Registration:
        given = {"first_name": "Aino", "last_name": "Esimerkki", "language": "fi"} | details
        return actions.confirm_registration(actions.ask_registration(event=waited.event, email=f"{name}@example.org", **given))

    return ask


def states(*registrations: Registration) -> list[str]:
    for registration in registrations:
        registration.refresh_from_db()
    return [registration.state for registration in registrations]


def taken(page: EventPage) -> int:
    assert page.event
    return page.event.taken


def mails(prefix: str) -> int:
    return Delivery.objects.filter(key__startswith=f"events.{prefix}").count()


def lapse(registration: Registration) -> None:
    Registration.objects.filter(pk=registration.pk).update(held_until=timezone.now() - timedelta(seconds=1))
    lapsing.release_expired_holds()


def test_a_seat_that_comes_free_is_offered_at_once_and_held(ask: Ask, waited: EventPage) -> None:
    first, _second, third = ask("a"), ask("b"), ask("c")
    assert (third.state, taken(waited), mails("invitation")) == (State.WAITING, 2, 2)
    actions.cancel_registration(first)
    assert (states(third), taken(waited), mails("offer")) == ([State.OFFERED], 2, 1)
    # It is hers: nobody who comes now gets it.
    assert ask("d").state == State.WAITING
    assert actions.confirm_registration(third).state == State.CONFIRMED
    assert (taken(waited), mails("invitation")) == (2, 3)


def test_whoever_waits_gets_no_calendar(ask: Ask) -> None:
    ask("a"), ask("b")
    waits = ask("c")
    actions.cancel_registration(waits)
    mine = Delivery.objects.filter(recipient_key=waits.person.key)
    # The link, and that the place in line stands.
    assert mine.count() == 2
    assert not any(b"text/calendar" in bytes(mail.mime) for mail in mine)


def test_an_offer_that_lapses_goes_to_the_next(ask: Ask, waited: EventPage) -> None:
    first, _second, third, fourth = ask("a"), ask("b"), ask("c"), ask("d")
    actions.cancel_registration(first)
    lapse(third)
    assert (states(third, fourth), taken(waited)) == ([State.EXPIRED, State.OFFERED], 2)
    assert (mails("lapse"), mails("offer")) == (1, 2)
    # By the old link one waits again, behind the others.
    assert actions.confirm_registration(third).state == State.WAITING


def test_declining_an_offer_passes_it_on(ask: Ask) -> None:
    first, _second, third, fourth = ask("a"), ask("b"), ask("c"), ask("d")
    actions.cancel_registration(first)
    actions.cancel_registration(third)
    assert states(third, fourth) == [State.CANCELLED, State.OFFERED]
    assert mails("cancel:") == 1


def test_an_unconfirmed_address_stands_in_no_line(ask: Ask, waited: EventPage) -> None:
    first, _second = ask("a"), ask("b")
    stranger = actions.ask_registration(event=waited.event, email="x@example.org", first_name="X", last_name="Y", language="fi")
    assert (stranger.state, stranger.verified_at) == (State.WAITING, None)
    actions.cancel_registration(first)
    assert (states(stranger), taken(waited)) == ([State.WAITING], 1)
    # Whoever follows the link while a seat is free has it, without another mail.
    assert actions.confirm_registration(stranger).state == State.CONFIRMED
    assert mails("offer") == 0


def test_an_unconfirmed_place_in_line_goes_by_the_clock(waited: EventPage, ask: Ask) -> None:
    ask("a"), ask("b")
    stranger = actions.ask_registration(event=waited.event, email="x@example.org", first_name="X", last_name="Y", language="fi")
    waits = ask("c")
    Registration.objects.update(held_until=timezone.now() - timedelta(seconds=1))
    assert lapsing.release_expired_holds() == 1
    assert states(stranger, waits) == [State.EXPIRED, State.WAITING]


def test_a_group_is_offered_seats_only_when_all_are_free(ask: Ask, waited: EventPage) -> None:
    first, second = ask("a"), ask("b")
    pair, single = ask("pair", guests=group(2)), ask("single")
    actions.cancel_registration(first)
    assert states(pair, single) == [State.WAITING, State.OFFERED]
    actions.cancel_registration(single)
    actions.cancel_registration(second)
    assert (states(pair), taken(waited)) == ([State.OFFERED], 2)


def test_after_three_were_served_before_it_seats_are_gathered_for_a_group(ask: Ask, waited: EventPage) -> None:
    first, _second = ask("a"), ask("b")
    pair, singles = ask("pair", guests=group(2)), [ask(f"s{number}") for number in range(4)]
    actions.cancel_registration(first)
    for single in singles[:3]:
        actions.cancel_registration(single)
    # Three have been passed a seat; the fourth is not, though it is free.
    assert states(pair, *singles) == [State.WAITING, *[State.CANCELLED] * 3, State.WAITING]
    assert taken(waited) == 1
    # Nor is who comes only now.
    assert ask("late").state == State.WAITING
    # Two days before the event what is left goes to whom it fits.
    Event.objects.update(starts_at=timezone.now() + timedelta(hours=47), ends_at=timezone.now() + timedelta(hours=50))
    assert waiting.offer_everywhere() == 1
    assert states(pair, singles[3]) == [State.WAITING, State.OFFERED]


def test_a_group_that_can_never_fit_is_told_so(ask: Ask) -> None:
    with pytest.raises(refusals.EventFull):
        ask("big", guests=group(3))
    with pytest.raises(refusals.GroupTooLarge):
        ask("huge", guests=group(6))


def test_priority_groups_stand_before_others(ask: Ask, waited: EventPage) -> None:
    first_of_all = factories.make_target_group(waited.theme)
    waited.priority_groups = [first_of_all]
    waited.save_revision().publish()
    first, _second, early = ask("a"), ask("b"), ask("early")
    chosen = ask("chosen", target_group=first_of_all)
    actions.cancel_registration(first)
    assert states(early, chosen) == [State.WAITING, State.OFFERED]


def test_more_seats_are_offered_when_the_capacity_rises(ask: Ask, waited: EventPage) -> None:
    ask("a"), ask("b")
    waits = [ask("c"), ask("d"), ask("e")]
    waited.capacity = 4
    waited.save_revision().publish()
    assert states(*waits) == [State.OFFERED, State.OFFERED, State.WAITING]


def test_a_hold_that_runs_out_is_offered(ask: Ask, waited: EventPage) -> None:
    held = actions.ask_registration(event=waited.event, email="h@example.org", first_name="H", last_name="H", language="fi")
    ask("a")
    waits = ask("b")
    lapse(held)
    assert (states(held, waits), taken(waited)) == ([State.EXPIRED, State.OFFERED], 2)


def test_who_leaves_the_line_lets_others_in(ask: Ask, waited: EventPage) -> None:
    first, _second = ask("a"), ask("b")
    pair = ask("pair", guests=group(2))
    actions.cancel_registration(first)
    actions.cancel_registration(pair)
    assert not Pool.objects.filter(is_queued=True).exists()
    assert ask("new").state == State.CONFIRMED


def test_an_offer_lasts_a_quarter_of_what_is_left(waited: EventPage) -> None:
    event, now = waited.event, timezone.now()
    assert event
    lasts = {}
    for days in (14, 2, 0.1, 0.01):
        event.starts_at = now + timedelta(days=days)
        lasts[days] = waiting.until(event, now) - now
    assert lasts == {14: timedelta(days=1), 2: timedelta(hours=12), 0.1: timedelta(hours=1), 0.01: timedelta(days=0.01)}


def test_nobody_is_offered_a_seat_of_an_event_that_has_begun(ask: Ask) -> None:
    first, _second, waits = ask("a"), ask("b"), ask("c")
    Event.objects.update(starts_at=timezone.now() - timedelta(minutes=1), ends_at=timezone.now() + timedelta(hours=1))
    actions.cancel_registration(first)
    assert states(waits) == [State.WAITING]


def test_who_waits_hears_that_the_event_is_cancelled_without_a_calendar(ask: Ask, waited: EventPage) -> None:
    ask("a"), ask("b"), ask("c")
    Event.objects.update(is_cancelled=True)
    telling.end_registrations(waited.event.pk)
    assert set(Registration.objects.values_list("state", flat=True)) == {State.CANCELLED}
    assert (mails("cancel:"), mails("cancelled:")) == (2, 1)
    assert b"text/calendar" not in bytes(Delivery.objects.get(key__startswith="events.cancelled:").mime)


@pytest.fixture
def approved(waited: EventPage) -> EventPage:
    waited.needs_approval = True
    waited.save_revision().publish()
    return waited


def test_an_application_takes_seats_once_it_is_approved(ask: Ask, approved: EventPage) -> None:
    first, second, third = ask("a"), ask("b"), ask("c")
    assert (states(first), taken(approved), mails("invitation")) == ([State.APPLIED], 0, 0)
    for application in (first, second, third):
        approving.approve_registration(application)
    assert (states(first, second, third), taken(approved)) == ([State.CONFIRMED, State.CONFIRMED, State.WAITING], 2)
    assert (mails("invitation"), mails("approved")) == (2, 1)
    with pytest.raises(refusals.RegistrationClosed):
        approving.approve_registration(first)


def test_an_application_whose_address_nobody_confirmed_is_not_approved(approved: EventPage) -> None:
    asked = actions.ask_registration(event=approved.event, email="x@example.org", first_name="X", last_name="Y", language="fi")
    with pytest.raises(refusals.RegistrationClosed):
        approving.approve_registration(asked)


def test_a_rejection_is_told_without_a_calendar_and_stays(ask: Ask, approved: EventPage) -> None:
    application = approving.reject_registration(ask("a"))
    assert application.state == State.REJECTED
    assert actions.confirm_registration(application).state == ask("a").state == State.REJECTED
    mine = Delivery.objects.filter(recipient_key=application.person.key)
    assert [mail.key.split(":")[0] for mail in mine.order_by("pk")] == ["events.ask", "events.rejection", "events.already"]
    assert not any(b"text/calendar" in bytes(mail.mime) for mail in mine)


def test_one_rejected_from_an_offer_frees_it_for_the_next(ask: Ask) -> None:
    first, _second, third, fourth = ask("a"), ask("b"), ask("c"), ask("d")
    actions.cancel_registration(first)
    approving.reject_registration(third)
    assert states(third, fourth) == [State.REJECTED, State.OFFERED]


def test_a_code_opens_the_event_for_as_many_as_it_says(ask: Ask, waited: EventPage) -> None:
    waited.access_codes = "PARTNER 1\nstaff"
    waited.capacity = 5
    waited.save_revision().publish()
    for wrong in ("", "NOBODY"):
        with pytest.raises(refusals.WrongCode):
            ask("a", access_code=wrong)
    partner = ask("a", access_code="partner ")
    assert (partner.state, partner.further_pools) == (State.CONFIRMED, ["code:PARTNER"])
    assert ask("b", access_code="PARTNER").state == State.WAITING
    assert ask("c", access_code="Staff").state == State.CONFIRMED
    actions.cancel_registration(partner)
    assert Registration.objects.get(person__email="b@example.org").state == State.OFFERED
    waited.access_codes = "STAFF"
    waited.save_revision().publish()
    with pytest.raises(refusals.WrongCode):
        ask("d", access_code="PARTNER")


def test_registration_opens_and_closes_by_the_clock(ask: Ask) -> None:
    now = timezone.now()
    Event.objects.update(registration_opens_at=now + timedelta(hours=1))
    with pytest.raises(refusals.RegistrationClosed):
        ask("a")
    Event.objects.update(registration_opens_at=now - timedelta(hours=2))
    assert ask("a").state == State.CONFIRMED
    Event.objects.update(registration_closes_at=now - timedelta(hours=1))
    with pytest.raises(refusals.RegistrationClosed):
        ask("b")


def test_a_group_grows_and_shrinks_by_its_own_link(ask: Ask, waited: EventPage) -> None:
    one = ask("a")
    changing.change_registration(one, mode="in_person", guests=group(2), needs="vegaani")
    assert (one.size, one.needs, one.guests.count(), taken(waited)) == (2, "vegaani", 1, 2)
    with pytest.raises(refusals.EventFull):
        changing.change_registration(one, mode="in_person", guests=group(3))
    one.refresh_from_db()
    assert (one.size, one.guests.count(), taken(waited)) == (2, 1, 2)
    waits = ask("b")
    changing.change_registration(one, mode="in_person", guests=[])
    assert (states(waits), taken(waited)) == ([State.OFFERED], 2)
    with pytest.raises(refusals.GroupTooLarge):
        changing.change_registration(one, mode="in_person", guests=group(6))


def test_moving_online_gives_the_seat_in_the_room_to_who_waits_for_it(ask: Ask, waited: EventPage) -> None:
    waited.mode, waited.online_capacity = "hybrid", 1
    waited.save_revision().publish()
    first, second, waits = ask("a"), ask("b"), ask("c")
    changing.change_registration(first, mode="online", guests=[])
    assert (states(waits), first.mode, mails("moved")) == ([State.OFFERED], "online", 1)
    assert {pool.key: pool.taken for pool in Pool.objects.all() if pool.event == waited.event} == {"in_person": 2, "online": 1}
    with pytest.raises(refusals.EventFull):
        changing.change_registration(second, mode="online", guests=[])


def test_a_stranger_changes_nothing_that_stands(ask: Ask, waited: EventPage) -> None:
    ask("a", needs="oma")
    again = actions.ask_registration(event=waited.event, email="a@example.org", first_name="X", last_name="Y", language="fi", needs="muu")
    assert (again.state, again.needs) == (State.CONFIRMED, "oma")


def test_the_line_is_told_in_the_events_own_words(ask: Ask, waited: EventPage) -> None:
    own = [{"type": kind, "value": {"subject": "", "text": f"{kind}: {{first_name}}!"}} for kind in ("waiting", "offer", "lapse", "rejection")]
    waited.messages = texts.MessagesBlock().to_python(own)
    waited.save_revision().publish()
    first = ask("a")
    ask("b"), ask("c")
    waits = ask("d")
    actions.cancel_registration(first)
    lapse(Registration.objects.get(state=State.OFFERED))
    approving.reject_registration(waits)
    rows = Delivery.objects.filter(key__regex=r"^events\.(waiting|offer|lapse|rejection)").order_by("pk")
    told = [(row.key.split(".")[1].split(":")[0], row) for row in rows]
    assert [kind for kind, _row in told] == ["waiting", "waiting", "offer", "offer", "lapse", "rejection"]
    for kind, row in told:
        assert f"{kind}: Aino!" in letters.text_of(row)
