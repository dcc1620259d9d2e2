"""Internal events: who reads one and registers for it, and how little anybody else learns of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from wagtail.models import Page, PageLogEntry

from base.models import User
from base.pages import listed_pages
from base.roles import Role
from events import inside, links, network
from events.models import EventPage, Registration
from tests import factories
from tests.events.test_pages import filled

if TYPE_CHECKING:
    from django.test import Client

    from events.models import EventsPage
    from tests.cast import Cast
    from themes.models import Goal

SECRET = "Salainen"


@pytest.fixture
def page(calendar_page: EventsPage) -> EventPage:
    page = factories.make_event_page(
        calendar_page, title="Salainen kahvi", slug="kahvi", place="Salainen huone", lead="Salainen asia", scope="internal"
    )
    return EventPage.objects.get(pk=page.pk)


@pytest.fixture(params=["a visitor", "somebody with a login"])
def stranger(db: None, request: pytest.FixtureRequest, client: Client) -> Client:
    """Two kinds: the second passes Wagtail's own restriction."""
    if request.param == "somebody with a login":
        client.force_login(User.objects.create_user("vieras", "vieras@example.org", "vieras-salasana-71"))
    return client


def addresses(page: EventPage, calendar_page: EventsPage) -> list[str]:
    event = page.event
    assert event
    by_number = [f"/fi/events/{page.pk}/event.ics", f"/fi/events/{page.pk}/{event.pk}/event.ics", f"/fi/events/{page.pk}/organisations/?q=sa"]
    lists = [calendar_page.url, f"{calendar_page.url}?view=month&day={event.starts_at:%Y-%m-%d}", "/fi/events/calendar.ics", "/fi/events/events.atom"]
    rest = ["/sitemap.xml", "/fi/sitemap.xml", "/fi/search/?q=salainen", f"/sv/untranslated/{page.pk}/", f"/sv{page.url.removeprefix('/fi')}", "/fi/"]
    return [page.url, *by_number, f"/fi/events/{page.pk}/moments.ics", *lists, *rest]


def test_a_stranger_learns_nothing_of_it_by_any_address(stranger: Client, page: EventPage, calendar_page: EventsPage) -> None:
    factories.make_organisation(page.theme, name_fi="Salainen yhdistys")
    for address in addresses(page, calendar_page):
        answer = stranger.get(address)
        content = answer.content.decode()
        assert answer.status_code < 500, address
        assert SECRET not in content, address
        assert "schema.org/EventScheduled" not in content, address
    assert not listed_pages().filter(pk=page.pk).exists()
    assert not Page.objects.public().filter(pk=page.pk).exists()


def test_a_stranger_who_guesses_its_number_neither_registers_nor_gets_its_file(stranger: Client, page: EventPage) -> None:
    event = page.event
    assert event
    for path in (f"{page.pk}/event.ics", f"{page.pk}/{event.pk}/event.ics", f"{page.pk}/organisations/?q=sa", f"{page.pk}/register/"):
        assert stranger.get(f"/fi/events/{path}").status_code == 404
    refused = stranger.post(f"/fi/events/{page.pk}/register/", filled())
    assert refused.status_code == 404
    assert "<h1" in refused.content.decode()
    assert not Registration.objects.exists()


def test_each_stranger_gets_a_clear_page(client: Client, page: EventPage) -> None:
    answer = client.get(page.url)
    assert (answer.status_code, "login" in answer["Location"]) == (302, True)
    client.force_login(User.objects.create_user("vieras", "vieras@example.org", "vieras-salasana-71"))
    answer = client.get(page.url)
    assert answer.status_code == 403
    assert "<h1" in answer.content.decode()


def test_it_stays_closed_when_somebody_takes_the_restriction_away(client: Client, page: EventPage) -> None:
    page.get_view_restrictions().delete()
    assert client.get(page.url).status_code == 403
    assert client.post(f"/fi/events/{page.pk}/register/", filled()).status_code == 404
    assert client.get(f"/fi/events/{page.pk}/event.ics").status_code == 404


@pytest.mark.parametrize("role", [Role.ORGANISERS, Role.COORDINATORS, Role.COMMUNICATIONS, Role.ADMINISTRATORS])
def test_the_staff_of_the_theme_read_it_and_register_and_no_cache_keeps_it(cast: Cast, page: EventPage, role: Role) -> None:
    client = cast.enter(role)
    answer = client.get(page.url)
    assert (answer.status_code, SECRET in answer.content.decode()) == (200, True)
    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))
    assert "X-Page-Cache" not in answer
    file = client.get(f"/fi/events/{page.pk}/event.ics")
    assert (file.status_code, "no-store" in file["Cache-Control"]) == (200, True)
    assert client.post(f"/fi/events/{page.pk}/register/", filled()).status_code == 200
    assert Registration.objects.get().event == page.event


def test_a_projects_staff_read_the_events_of_their_project(cast: Cast, page: EventPage, goal: Goal) -> None:
    from desk.models import ProjectStaff

    user, project = cast.user(Role.PROJECTS), factories.make_project(goal.theme)
    ProjectStaff.objects.create(user=user, project=project)
    assert not network.may_see(user, page)
    page.project = project
    assert network.may_see(user, page)


# ---- who has no login
def test_who_has_the_organisers_link_reads_and_registers(client: Client, cast: Cast, page: EventPage) -> None:
    desk = cast.enter(Role.ORGANISERS).get(reverse("events_desk", args=[page.pk])).content.decode()
    address = inside.url(page)
    assert address in desk
    client.logout()
    path = "/" + address.split("/", 3)[3]
    shown = client.get(path)
    content = shown.content.decode()
    assert (shown.status_code, shown["X-Robots-Tag"]) == (200, "noindex")
    assert SECRET in content
    assert f'action="{path}register/#register"' in content
    assert "schema.org/EventScheduled" not in content
    # No address of it is one that only a login opens.
    assert page.url not in content
    file = client.get(f"{path}event.ics")
    assert (file.status_code, file["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    answer = client.post(f"{path}register/", filled())
    assert (answer.status_code, path in answer.content.decode()) == (200, True)
    registration = Registration.objects.get()
    assert registration.event == page.event
    # Whoever registered finds the way back from their own link.
    confirmed = client.post(f"/fi/events/registration/{links.registration_url(registration).rstrip('/').rsplit('/', 1)[1]}/")
    assert (confirmed.status_code, path in confirmed.content.decode()) == (200, True)


def test_a_link_with_errors_keeps_what_was_typed(client: Client, page: EventPage) -> None:
    path = f"/fi/events/inside/{inside.token(page)}/register/"
    answer = client.post(path, filled(email="eiosoite", last_name="Esimerkkinen"))
    assert (answer.status_code, "Esimerkkinen" in answer.content.decode()) == (422, True)
    assert client.get(path).status_code == 302


def test_a_link_that_was_changed_or_whose_event_is_gone_opens_nothing(client: Client, page: EventPage, calendar_page: EventsPage) -> None:
    token = inside.token(page)
    other = factories.make_event_page(calendar_page, title="Salainen toinen", scope="internal")
    forged = f"{inside.token(other).split('.')[0]}.{token.split('.')[1]}"
    for path in (f"{forged}/", f"{forged}/event.ics", f"{forged}/register/"):
        answer = client.get(f"/fi/events/inside/{path}")
        assert (answer.status_code, SECRET in answer.content.decode()) == (404, False)
    page.unpublish()
    assert client.get(f"/fi/events/inside/{token}/").status_code == 404


def test_a_link_that_was_replaced_opens_nothing_in_any_language_and_the_new_one_does(client: Client, cast: Cast, page: EventPage) -> None:
    from tests.translations.making import translated

    swedish, first = translated(page), inside.token(page)
    organiser = cast.enter(Role.ORGANISERS)
    assert organiser.post(reverse("events_desk_link", args=[page.pk])).status_code == 302
    second = inside.token(page)
    assert second != first
    client.logout()
    for language, token, status in (("fi", first, 404), ("sv", first, 404), ("fi", second, 200), ("sv", second, 200)):
        assert client.get(f"/{language}/events/inside/{token}/").status_code == status
    assert client.post(f"/fi/events/inside/{first}/register/", filled()).status_code == 404
    assert not Registration.objects.exists()
    # It stands in the event's history, and is made anew as often as one wants.
    assert PageLogEntry.objects.filter(page=page, action="kantama.events.inside_link").count() == 1
    inside.renew(page=page, by=cast.user(Role.ORGANISERS))
    assert client.get(f"/sv/events/inside/{second}/").status_code == 404
    assert inside.token(swedish) == inside.token(page)


@pytest.mark.parametrize("role", [Role.COORDINATORS, Role.PROJECTS, None])
def test_only_organisers_replace_the_link(client: Client, cast: Cast, page: EventPage, role: Role | None) -> None:
    first = inside.token(page)
    visitor = cast.enter(role) if role else client
    assert visitor.post(reverse("events_desk_link", args=[page.pk])).status_code in (302, 403)
    assert inside.token(page) == first


# ---- when it changes
def test_opening_it_to_all_opens_its_page_and_closing_closes_it_in_every_language(client: Client, page: EventPage) -> None:
    from tests.translations.making import translated

    swedish = translated(page)
    assert swedish.scope == "internal"
    assert client.get(swedish.url).status_code == 302
    token = inside.token(page)
    for scope, status in (("external", 200), ("internal", 302)):
        source = EventPage.objects.get(pk=page.pk)
        source.scope = scope
        source.save_revision().publish()
        for one in (page, swedish):
            assert client.get(one.url).status_code == status
        assert source.event
        assert source.event.scope == scope
        # The link that was handed out leads on to what everybody may read.
        assert client.get(f"/fi/events/inside/{token}/").status_code == (302 if scope == "external" else 200)


def test_a_restriction_of_an_editors_own_stays_on_a_public_event(client: Client, calendar_page: EventsPage) -> None:
    from wagtail.models import PageViewRestriction

    page = factories.make_event_page(calendar_page)
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    page = EventPage.objects.get(pk=page.pk)
    page.ends_at += timedelta(hours=1)
    page.save_revision().publish()
    assert client.get(page.url).status_code == 302


def test_the_publication_checks_read_the_page_and_no_refusal(page: EventPage) -> None:
    from base.gate.subject import render

    assert SECRET in render(page)
