"""Many dates of one page: tours and rules, by the clock of their place, each with its own seats."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from base.gate import findings
from base.public_forms import new_token
from base.roles import Role
from events import actions, dates, telling, wall
from events.blocks import coming
from events.models import Event, EventPage, EventsPage, Registration
from mail.models import Delivery
from tests import factories
from tests.translations.making import translated
from themes.models import Region

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from tests.cast import Cast
    from themes.models import Goal

HELSINKI = ZoneInfo("Europe/Helsinki")
TOUR = {"place": "Oulu", "region": "17", "mode": "", "capacity": 5, "online_capacity": None, "online_link": ""}
RULE: dict[str, Any] = {"every": 1, "unit": "weeks", "until": None, "times": None, "leave_out": []}
AS_EVER = {"starts": None, "ends": None, "place": "", "region": "", "mode": "", "capacity": None, "online_capacity": None, "online_link": ""}


def at(day: str, clock: str = "09:00") -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=HELSINKI)


def on(day: date, **values: Any) -> tuple[str, dict[str, Any]]:
    return "date", AS_EVER | {"day": day, "last_day": None} | values


def rule(**values: Any) -> tuple[str, dict[str, Any]]:
    return "repeat", AS_EVER | RULE | values


def publish(page: EventPage, *blocks: Any, **values: Any) -> list[Event]:
    page = EventPage.objects.get(pk=page.pk)
    if blocks or "dates" in values:
        values.setdefault("dates", list(blocks))
    for name, value in values.items():
        setattr(page, name, value)
    page.save_revision().publish()
    return list(page.events)


@pytest.fixture
def tour(page: EventPage) -> EventPage:
    """The event of the fixtures, and a week later in Oulu."""
    publish(page, on(page.starts_at.date() + timedelta(days=7), **TOUR))
    return EventPage.objects.get(pk=page.pk)


def test_each_date_of_a_tour_has_its_own_uid_place_region_and_seats(tour: EventPage) -> None:
    first, second = tour.events
    assert (first.date_key, first.place, first.capacity, first.region) == (tour.translation_key, "Tampere", 2, None)
    assert (second.place, second.capacity, second.region) == ("Oulu", 5, Region.objects.get(code="17"))
    assert second.starts_at - first.starts_at == timedelta(days=7)
    assert first.uid != second.uid


def test_publishing_again_keeps_every_date(tour: EventPage) -> None:
    before = {(event.pk, event.uid, event.sequence) for event in tour.events}
    assert {(event.pk, event.uid, event.sequence) for event in publish(tour, title="Toinen otsikko")} == before


def test_a_date_that_moves_is_the_same_date(tour: EventPage) -> None:
    first, second = tour.events
    tour.dates[0].value["day"] += timedelta(days=1)
    _first, moved = publish(tour, dates=tour.dates)
    assert (moved.pk, moved.uid, moved.sequence) == (second.pk, second.uid, 1)
    first.refresh_from_db()
    assert first.sequence == 0


def test_nine_in_the_morning_stays_nine_over_daylight_saving(page: EventPage) -> None:
    found = publish(page, rule(times=3), starts_at=at("2027-03-15"), ends_at=at("2027-03-15", "11:00"))
    assert [event.starts_at.astimezone(HELSINKI) for event in found] == [at("2027-03-15"), at("2027-03-22"), at("2027-03-29"), at("2027-04-05")]
    assert {(event.ends_at - event.starts_at) for event in found} == {timedelta(hours=2)}
    assert [event.starts_at.astimezone(ZoneInfo("UTC")).hour for event in found] == [7, 7, 6, 6]


@pytest.mark.parametrize(
    ("first", "unit", "expected"),
    [
        ("2027-01-12", "months", ["2027-02-09", "2027-03-09"]),  # the second Tuesday
        ("2027-01-29", "months", ["2027-02-26", "2027-03-26"]),  # the last Friday
        ("2027-01-12", "weeks", ["2027-01-26", "2027-02-09"]),
    ],
)
def test_a_rule_keeps_the_day_of_the_week(page: EventPage, first: str, unit: str, expected: list[str]) -> None:
    every = 2 if unit == "weeks" else 1
    found = publish(page, rule(unit=unit, every=every, times=2), starts_at=at(first), ends_at=at(first, "10:00"))
    assert [event.starts_at.astimezone(HELSINKI).date().isoformat() for event in found[1:]] == expected


def test_a_day_that_is_left_out_leaves_the_others_what_they_were(page: EventPage) -> None:
    times = {"starts_at": at("2027-05-04"), "ends_at": at("2027-05-04", "10:00")}
    before = publish(page, rule(until=date(2027, 5, 25)), **times)
    assert len(before) == 4
    page = EventPage.objects.get(pk=page.pk)
    page.dates[0].value["leave_out"].append(date(2027, 5, 11))
    after = publish(page, dates=page.dates)
    assert [event.uid for event in after] == [event.uid for event in before if event.starts_at.astimezone(HELSINKI).day != 11]


def test_the_clock_of_a_rule_may_change_without_new_dates(page: EventPage) -> None:
    times = {"starts_at": at("2027-05-04"), "ends_at": at("2027-05-04", "10:00")}
    before = publish(page, rule(times=2), **times)
    after = publish(page, starts_at=at("2027-05-04", "13:00"), ends_at=at("2027-05-04", "15:00"))
    assert [event.uid for event in after] == [event.uid for event in before]
    assert {event.starts_at.astimezone(HELSINKI).hour for event in after} == {13}


@pytest.mark.parametrize(("day", "words"), [("2027-03-28", "does not exist"), ("2027-10-31", "exists twice")])
def test_a_time_that_no_clock_or_two_clocks_show_is_refused_in_words(day: str, words: str) -> None:
    with translation.override("en"), pytest.raises(ValidationError, match=words):
        wall.moment(date.fromisoformat(day), time(3, 30), "Europe/Helsinki")
    # An hour west the clocks change at another hour.
    assert wall.moment(date.fromisoformat(day), time(3, 30), "Europe/Stockholm").hour == 3


def test_a_rule_that_meets_such_a_time_is_refused_at_its_block(page: EventPage) -> None:
    page.starts_at, page.ends_at = at("2027-03-21", "03:30"), at("2027-03-21", "05:00")
    page.dates = [rule(times=1)]
    with pytest.raises(ValidationError) as refusal:
        dates.dates_of(page)
    assert list(refusal.value.block_errors[0].block_errors) == ["starts"]
    assert "event.dates" in {finding.code for finding in findings(page) if finding.is_error}


def test_a_rule_without_end_is_told_and_not_cut(page: EventPage) -> None:
    page.dates = [rule(until=page.starts_at.date() + timedelta(days=7 * 90))]
    with pytest.raises(ValidationError) as refusal:
        dates.dates_of(page)
    assert refusal.value.non_block_errors


def test_the_zone_of_the_event_is_that_of_its_clock(page: EventPage, client: Client) -> None:
    london = at("2027-06-01").replace(tzinfo=ZoneInfo("Europe/London"))
    event = publish(page, rule(times=1), starts_at=london, ends_at=london + timedelta(hours=1), time_zone="Europe/London")[0]
    assert event.time_zone == "Europe/London"
    content = client.get(page.url).content.decode()
    assert "9.00–10.00 (London)" in content
    assert "paikallista aikaa (London)" in content


def registered(event: Event, email: str = "aino@example.org") -> Registration:
    asked = actions.ask_registration(event=event, email=email, first_name="Aino", last_name="Esimerkki", language="fi")
    return actions.confirm_registration(asked)


def test_a_date_that_is_taken_away_goes_and_one_with_registrations_is_cancelled(tour: EventPage) -> None:
    first, second = tour.events
    tour.dates.append(on(first.starts_at.date() + timedelta(days=14)))
    publish(tour, dates=tour.dates)
    third = tour.events.last()
    registration = registered(second)
    publish(tour, dates=[])
    assert not Event.objects.filter(pk=third.pk).exists()
    second.refresh_from_db()
    assert second.is_cancelled
    telling.end_registrations(second.pk)
    registration.refresh_from_db()
    assert registration.state == "cancelled"
    assert b"METHOD:CANCEL" in bytes(Delivery.objects.get(key__startswith="events.cancel").mime)
    first.refresh_from_db()
    assert not first.is_cancelled


def test_what_has_been_held_stays_when_the_page_names_it_no_more(tour: EventPage) -> None:
    second = tour.events.last()
    past = timezone.now() - timedelta(days=3)
    Event.objects.filter(pk=second.pk).update(starts_at=past, ends_at=past + timedelta(hours=1))
    publish(tour, dates=[])
    second.refresh_from_db()
    assert not second.is_cancelled


def test_the_editor_is_told_before_dates_with_registrations_end(client: Client, cast: Cast, tour: EventPage) -> None:
    second = tour.events.last()
    registered(second)
    tour.dates = []
    tour.save_revision()
    assert "event.ending" in {finding.code for finding in findings(tour)}
    cast.enter(Role.ORGANISERS)
    address = f"/admin/events/{tour.pk}/dates/"
    assert "Oulu" in client.get(address).content.decode()
    second.refresh_from_db()
    assert not second.is_cancelled
    assert client.post(address).status_code == 302
    second.refresh_from_db()
    assert second.is_cancelled
    # There is nothing more to ask.
    assert client.get(address).status_code == 302


def test_a_stranger_ends_no_dates(client: Client, cast: Cast, tour: EventPage) -> None:
    registered(tour.events.last())
    tour.dates = []
    tour.save_revision()
    cast.enter(Role.COORDINATORS)
    client.post(f"/admin/events/{tour.pk}/dates/")
    assert not Event.objects.filter(is_cancelled=True).exists()


def test_one_date_is_cancelled_and_the_others_stand(client: Client, cast: Cast, tour: EventPage) -> None:
    _first, second = tour.events
    cast.enter(Role.ORGANISERS)
    address = f"/admin/events/{tour.pk}/cancel/"
    assert "Oulu" in client.get(address).content.decode()
    assert client.post(address).status_code == 200
    assert client.post(address, {"date": second.pk}).status_code == 302
    assert [event.is_cancelled for event in tour.events] == [False, True]


def form_of(**values: Any) -> dict[str, Any]:
    return {"first_name": "Aino", "last_name": "Esimerkki", "email": "aino@example.org", "language": "fi", "token": new_token()} | values


def test_the_form_asks_which_date_and_takes_a_seat_of_that_one(client: Client, tour: EventPage) -> None:
    _first, second = tour.events
    content = client.get(tour.url).content.decode()
    assert 'id="dates"' in content
    assert f'value="{second.pk}"' in content
    assert client.post(f"/fi/events/{tour.pk}/register/", form_of()).status_code == 422
    assert client.post(f"/fi/events/{tour.pk}/register/", form_of(date=str(second.pk))).status_code == 200
    assert Registration.objects.get().event == second
    assert [event.taken for event in tour.events] == [0, 1]


def test_who_chose_a_date_that_was_cancelled_meanwhile_gets_no_other(client: Client, tour: EventPage) -> None:
    second = tour.events.last()
    Event.objects.filter(pk=second.pk).update(is_cancelled=True)
    answer = client.post(f"/fi/events/{tour.pk}/register/", form_of(date=str(second.pk)))
    assert answer.status_code == 422
    assert client.post(f"/fi/events/{tour.pk}/register/", form_of(date="999999")).status_code == 422
    assert not Registration.objects.exists()


def test_lists_show_the_next_date_and_how_many_more(client: Client, tour: EventPage, calendar_page: EventsPage) -> None:
    assert "ja 1 muu ajankohta" in tour.digest().note
    (next_one,) = coming(calendar_page)
    assert (next_one.place, next_one.further) == ("Tampere", 1)
    assert [event.place for event in coming(calendar_page, region="17")] == ["Oulu"]
    assert not coming(calendar_page, region="01")


def test_the_calendar_finds_a_date_by_its_own_region(client: Client, tour: EventPage, calendar_page: EventsPage) -> None:
    publish(tour, regions=[Region.objects.get(code="06")])
    assert client.get(calendar_page.url).content.decode().count(f'href="{tour.url}"') == 2
    there = client.get(f"{calendar_page.url}?region=17").content.decode()
    assert there.count(f'href="{tour.url}"') == 1
    assert "Oulu" in there


def test_the_search_finds_the_places_of_a_tour(tour: EventPage) -> None:
    assert "Oulu" in tour.also_found_by()


def test_each_date_has_a_file_and_all_are_in_the_feed(client: Client, tour: EventPage) -> None:
    first, second = tour.events
    content = client.get(f"/fi/events/{tour.pk}/{second.pk}/event.ics").content.decode()
    assert str(second.uid) in content
    assert "LOCATION:Oulu" in content
    feed = client.get("/fi/events/calendar.ics").content.decode()
    assert str(first.uid) in feed
    assert str(second.uid) in feed
    assert client.get(f"/fi/events/{tour.pk}/999999/event.ics").status_code == 404


def test_a_translation_has_the_dates_at_once_and_its_own_words_for_places(tour: EventPage) -> None:
    key = str(tour.dates[0].id)
    swedish = translated(tour, words={f"dates.{key}.place": "Uleåborg"})
    second = tour.events.last()
    assert dates.place_on(swedish, second) == "Uleåborg"
    again = EventPage.objects.get(pk=tour.pk)
    again.dates[0].value["day"] += timedelta(days=1)
    again.dates.append(on(again.starts_at.date() + timedelta(days=21), place="Rauma"))
    publish(again, dates=again.dates)
    swedish = EventPage.objects.get(pk=swedish.pk)
    assert [child.value["place"] for child in swedish.dates] == ["Uleåborg", "Rauma"]
    assert swedish.dates[0].value["day"] == again.dates[0].value["day"]
    assert swedish.live


def test_dates_ask_the_database_no_more_when_there_are_more(
    page: EventPage, goal: Goal, calendar_page: EventsPage, client: Client, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    def queries() -> int:
        with django_assert_max_num_queries(200) as counted:
            client.get(page.url)
        return len(counted)

    publish(page, rule(times=2))
    client.get(page.url)
    few = queries()
    publish(page, rule(times=30))
    client.get(page.url)
    assert queries() == few


def test_a_new_key_is_never_that_of_another_rule(page: EventPage) -> None:
    publish(page, rule(times=2), rule(times=2, every=2))
    keys = Event.objects.filter(item_key=page.translation_key).values_list("date_key", flat=True)
    assert len(set(keys)) == len(keys) == 5
    assert all(isinstance(key, uuid.UUID) for key in keys)


def test_an_event_page_names_what_people_need_to_know(page: EventPage) -> None:
    assert "event.access" in {finding.code for finding in findings(page)}
    page.access = ["step_free"]
    assert "event.access" not in {finding.code for finding in findings(page)}


def test_an_event_that_is_only_past_is_told(calendar_page: EventsPage, goal: Goal) -> None:
    past = timezone.now() - timedelta(days=2)
    draft = factories.make_event_page(calendar_page, goals=[goal], starts_at=past, ends_at=past + timedelta(hours=1))
    draft.first_published_at = None
    assert "event.past" in {finding.code for finding in findings(draft)}
