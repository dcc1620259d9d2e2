"""An event made anew: last year's words in every language, its dates moved, nobody registered."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from base.roles import Role
from events import actions
from events.making_anew import make_anew
from events.models import Event, EventPage, Registration
from tests import factories
from tests.events.test_dates import on, publish, rule
from tests.events.test_programmes import session
from tests.translations.making import translated

if TYPE_CHECKING:
    from django.test import Client

    from events.models import EventsPage
    from tests.cast import Cast
    from tests.events.conftest import Opened
    from themes.models import Goal

HELSINKI = ZoneInfo("Europe/Helsinki")


def at(day: str, clock: str = "09:00") -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=HELSINKI)


@pytest.fixture(scope="module")
def made(made: Opened) -> Opened:
    """A spring tour in two languages with a registration, a rule, a programme over two days and a paper."""
    page = made[2]
    publish(
        page,
        on(date(2027, 2, 10), place="Oulu"),
        rule(until=date(2027, 2, 24), leave_out=[date(2027, 2, 17)]),
        starts_at=at("2027-02-03"),
        ends_at=at("2027-02-03", "16:00"),
        programme=[session("Paja", 10, 11, capacity=3), session("Toinen päivä", 9, 10, day=date(2027, 2, 4))],
    )
    translated(EventPage.objects.get(pk=page.pk))
    event = page.event
    assert event is not None
    actions.ask_registration(event=event, email="aino@example.org", first_name="Aino", last_name="Esimerkki", language="fi")
    return made


@pytest.fixture
def last_year(page: EventPage) -> EventPage:
    return EventPage.objects.get(pk=page.pk)


def test_its_dates_move_and_nobody_is_registered(last_year: EventPage) -> None:
    made = make_anew(last_year, starts_at=at("2028-04-05"), title="Kevät 2028")
    assert not made.live
    assert not Event.objects.filter(item_key=made.translation_key).exists()
    # From winter time into summer time, and still from nine to four.
    assert (made.starts_at, made.ends_at) == (at("2028-04-05"), at("2028-04-05", "16:00"))
    tour, weekly = made.dates
    assert (tour.value["day"], tour.value["place"]) == (date(2028, 4, 12), "Oulu")
    assert (weekly.value["until"], list(weekly.value["leave_out"])) == (date(2028, 4, 26), [date(2028, 4, 19)])
    assert [child.value["day"] for child in made.programme] == [None, date(2028, 4, 6)]
    made.save_revision().publish()
    old, new = (set(Event.objects.filter(item_key=page.translation_key).values_list("uid", flat=True)) for page in (last_year, made))
    assert old
    assert len(new) == len(old)
    assert not old & new
    assert Registration.objects.filter(event__item_key=made.translation_key).count() == 0
    keys = Event.objects.filter(item_key__in=[made.translation_key, last_year.translation_key]).values_list("date_key", flat=True)
    assert len(set(keys)) == len(keys)


def test_it_comes_in_every_language_as_a_draft(last_year: EventPage) -> None:
    made = make_anew(last_year, starts_at=at("2028-04-05"), title=last_year.title)
    swedish = made.get_translations().get(locale__language_code="sv").specific
    draft = swedish.get_latest_revision_as_object()
    assert not swedish.live
    assert draft.title == f"sv {last_year.title}"
    assert draft.programme[0].value["title"] == "sv Paja"
    assert draft.dates[0].value["place"] == "sv Oulu"
    assert draft.starts_at == at("2028-04-05")


def test_materials_stay_behind_and_the_original_is_untouched(last_year: EventPage) -> None:
    before = last_year.serializable_data()
    materials = [("outside_recording", {"title": "Tallenne", "url": "https://vimeo.com/123456", "has_captions": True, "transcript": ""})]
    publish(last_year, materials=materials)
    made = make_anew(last_year, starts_at=at("2028-04-05"), title="Uusi")
    assert not made.materials
    again = EventPage.objects.get(pk=last_year.pk)
    assert (again.starts_at, again.title, len(again.materials)) == (last_year.starts_at, before["title"], 1)


def test_two_of_the_same_name_get_addresses_of_their_own(last_year: EventPage) -> None:
    first = make_anew(last_year, starts_at=at("2028-04-05"), title="Uusi")
    second = make_anew(last_year, starts_at=at("2029-04-05"), title="Uusi")
    assert first.slug != second.slug


def test_a_date_that_meets_a_missing_hour_is_told(calendar_page: EventsPage, goal: Goal) -> None:
    page = factories.make_event_page(calendar_page, goals=[goal])
    before = EventPage.objects.count()
    publish(page, starts_at=at("2027-02-07", "02:00"), ends_at=at("2027-02-07", "03:30"))
    with pytest.raises(ValidationError):
        make_anew(EventPage.objects.get(pk=page.pk), starts_at=at("2027-03-28", "02:00"), title="Yöllä")
    assert EventPage.objects.count() == before


def test_the_screen_asks_for_the_new_start(client: Client, cast: Cast, last_year: EventPage) -> None:
    cast.enter(Role.ORGANISERS)
    address = f"/admin/events/{last_year.pk}/anew/"
    assert address in client.get(f"/admin/pages/{last_year.pk}/edit/").content.decode()
    # A year later on the same day of the week.
    assert "02.02.2028 09.00" in client.get(address).content.decode()
    past = timezone.localtime() - timedelta(days=1)
    refused: Any = client.post(address, {"title": "Uusi", "starts_at": past.strftime("%d.%m.%Y %H.%M")})
    assert refused.status_code == 422
    assert EventPage.objects.filter(title="Uusi").count() == 0
    assert client.post(address, {"title": "Uusi", "starts_at": "05.04.2028 9.00"}).status_code == 302
    assert EventPage.objects.get(title="Uusi", locale__language_code="fi").starts_at == at("2028-04-05")


def test_who_may_not_add_events_makes_none(client: Client, cast: Cast, last_year: EventPage) -> None:
    cast.enter(Role.COORDINATORS)
    before = EventPage.objects.count()
    assert client.post(f"/admin/events/{last_year.pk}/anew/", {"title": "Uusi", "starts_at": "05.04.2028 9.00"}).status_code == 403
    assert EventPage.objects.count() == before
