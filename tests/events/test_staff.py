"""What organisers do from the admin: ending one's registration, or the whole event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from wagtail.models import Locale

from base.roles import Role
from events import actions, telling
from mail.models import Delivery

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from events.models import Event, EventPage, Registration
    from tests.cast import Cast


def test_an_organiser_cancels_a_registration(client: Client, ask: Callable[..., Registration], event: Event, cast: Cast) -> None:
    cast.enter(Role.ORGANISERS)
    registration = actions.confirm_registration(ask())
    address = f"/admin/bulk/events/registration/cancel_registrations/?id={registration.pk}&next=/admin/snippets/events/registration/"
    assert "Aino Esimerkki" in client.get(address).content.decode()
    assert client.post(address).status_code == 302
    registration.refresh_from_db()
    event.refresh_from_db()
    assert (registration.state, event.taken) == ("cancelled", 0)
    assert Delivery.objects.filter(key__startswith="events.cancel").count() == 1


def test_an_organiser_cancels_the_event(client: Client, ask: Callable[..., Registration], event: Event, page: EventPage, cast: Cast) -> None:
    cast.enter(Role.ORGANISERS)
    actions.confirm_registration(ask())
    address = f"/admin/events/{page.pk}/cancel/"
    assert address in client.get(f"/admin/pages/{page.pk}/edit/").content.decode()
    assert client.get(address).status_code == 200
    event.refresh_from_db()
    assert not event.is_cancelled
    assert client.post(address).status_code == 302
    event.refresh_from_db()
    assert event.is_cancelled
    assert client.get(address).status_code == client.post(address).status_code == 403
    assert address not in client.get(f"/admin/pages/{page.pk}/edit/").content.decode()


def test_a_coordinator_cancels_no_event(client: Client, event: Event, page: EventPage, cast: Cast) -> None:
    cast.enter(Role.COORDINATORS)
    assert client.post(f"/admin/events/{page.pk}/cancel/").status_code == 403
    event.refresh_from_db()
    assert not event.is_cancelled


def test_a_new_link_reaches_guests_of_every_language(ask: Callable[..., Registration], event: Event, page: EventPage) -> None:
    page.copy_for_translation(Locale.objects.get(language_code="sv"), copy_parents=True).save_revision().publish()
    actions.confirm_registration(ask(language="sv"))
    page.online_link = "https://meet.example.org/new"
    page.save_revision().publish()
    telling.send_updates(event.pk)
    sent = Delivery.objects.get(key__startswith="events.update")
    assert b"https://meet.example.org/new" in bytes(sent.mime)
    assert b"https://meet.example.org/abc" not in bytes(sent.mime)


def test_the_export_has_headings_in_words_and_local_times(client: Client, ask: Callable[..., Registration], event: Event, cast: Cast) -> None:
    ask()
    cast.enter(Role.ORGANISERS)
    heading, row = b"".join(client.get("/admin/snippets/events/registration/?export=csv")).decode("utf-8-sig").splitlines()[:2]
    assert "." not in heading
    assert "_" not in heading
    assert date_format(timezone.localtime(event.starts_at), "SHORT_DATETIME_FORMAT") in row
    assert "+00:00" not in row
