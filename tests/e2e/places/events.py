"""Registrations, meetings and the organiser's desk."""

from __future__ import annotations

from base64 import b64encode
from datetime import timedelta
from email import message_from_bytes

from django.urls import reverse

from events import actions, invitations, links, publishing, telling
from events import own_calendar as calendars
from events.models import Event, EventPage, Invitation, MeetingPage, Registration, page_in
from events.organising.rights import source_of
from mail.models import Delivery
from tests.e2e.places.rows import of_list


def of_registrations(language: str) -> dict[str, str]:
    rows = {name: register(f"{name}.{language}@example.org", language) for name in ("holding", "going", "leaving", "renewing")}
    for name in ("going", "leaving", "renewing"):
        actions.confirm_registration(rows[name])
    calendars.make(person=rows["renewing"].person, language=language)
    full = Event.objects.public().upcoming().filter(pools__is_queued=True).first()
    asking, waiting = (register(f"{name}.{language}@example.org", language, full) for name in ("asking", "waiting"))
    actions.confirm_registration(waiting)
    offered = Registration.objects.filter(state=Registration.State.OFFERED).first()
    offered.language = language
    to_come, held = (Invitation.objects.filter(meeting_key=page.translation_key).first() for page in finnish_meetings())
    return {
        "meeting_to_come": reverse("events:meeting", args=[invitations.token_of(to_come)]),
        "meeting_held": reverse("events:meeting", args=[invitations.token_of(held)]),
        "waiting_question": links.registration_url(asking),
        "waiting_answer": links.registration_url(waiting),
        "offer": links.registration_url(offered),
        "change_form": links.registration_url(rows["going"], to="change"),
        "own_calendar_new": calendars.settings_url(rows["going"]),
        "own_calendar": calendars.settings_url(rows["renewing"]),
        "registration_question": links.registration_url(rows["holding"]),
        "registration_answer": links.registration_url(rows["going"]),
        "cancel_question": links.registration_url(rows["leaving"], to="cancel"),
        "broken_link": reverse("events:confirm", args=["broken"]),
    }


def register(email: str, language: str, event: Event | None = None) -> Registration:
    # The one with questions.
    event = event or Event.objects.public().upcoming().filter(pools__key__startswith="option:").first()
    assert event is not None
    details = {"organisation": "Esimerkkikunta", "needs": ""}
    return actions.ask_registration(event=event, first_name="Maija", last_name="Esimerkki", email=email, language=language, **details)


def invite(email: str, language: str) -> str:
    """Registers and confirms. Where the registration is cancelled."""
    return links.registration_url(actions.confirm_registration(register(email, language)), to="cancel")


def begin_rush() -> str:
    """An event of its own, at which ten people have not followed the link. Its address."""
    page = EventPage.objects.filter(locale__language_code="fi", live=True, scope="external").order_by("starts_at").last()
    made: EventPage = page.copy(update_attrs={"title": "Ruuhka", "slug": "ruuhka", "capacity": 40, "questions": []}, copy_revisions=False)
    made.save_revision().publish()
    for number in range(10):
        email = f"ruuhka{number}@example.org"
        actions.ask_registration(event=made.event, email=email, first_name="Maija", last_name="Esimerkki", language="fi")
    return str(made.url)


def states_in_rush() -> list[tuple[str, str]]:
    rows = Registration.objects.filter(event=EventPage.objects.get(slug="ruuhka").event)
    return list(rows.exclude(person__email__startswith="ruuhka").values_list("person__email", "state"))


def end_rush() -> None:
    """Other tests count what the calendar holds."""
    made = EventPage.objects.get(slug="ruuhka")
    Registration.objects.filter(event=made.event).delete()
    made.events.delete()
    made.delete()


def life_of_an_invitation() -> list[str]:
    """The calendars that one registrant is sent while their event is moved, and they leave and come back; in Base64, as they stand in the outbox."""
    page = EventPage.objects.filter(locale__language_code="fi", live=True, scope="external").order_by("starts_at").last()
    made: EventPage = page.copy(update_attrs={"title": "Kutsun elämä", "slug": "kutsun-elama"}, copy_revisions=False)
    made.save_revision().publish()
    asked = {"email": "elama@example.org", "first_name": "Maija", "last_name": "Esimerkki", "language": "fi"}
    registration = actions.confirm_registration(actions.ask_registration(event=made.event, **asked))
    made.starts_at, made.ends_at = made.starts_at + timedelta(hours=1), made.ends_at + timedelta(hours=1)
    made.save_revision().publish()
    telling.send_updates(registration.event_id)
    actions.cancel_registration(registration)
    actions.confirm_registration(actions.ask_registration(event=made.event, **asked))
    publishing.cancel_event(event=made.event)
    telling.end_registrations(registration.event_id)
    mails = Delivery.objects.filter(recipient_key=registration.person.key, stream="events").order_by("pk")
    parts = [part for row in mails for part in message_from_bytes(bytes(row.mime)).walk() if part.get_content_type() == "text/calendar"]
    # Other tests count what the calendar holds.
    registration.delete()
    made.events.delete()
    made.delete()
    return [b64encode(part.get_payload(decode=True)).decode() for part in parts]


def public_events(language: str) -> list[tuple[str, str, float, float]]:
    """(uid, title, start, end) of what the calendar should hold; moments in seconds."""
    return [
        (str(event.uid), page_in(language, event).title, event.starts_at.timestamp(), event.ends_at.timestamp()) for event in Event.objects.public()
    ]


def of_staff() -> dict[str, str]:
    marked = Registration.objects.filter(state=Registration.State.CONFIRMED).first()
    event = page_in("fi", marked.event)
    found = {
        "edit_event": reverse("wagtailadmin_pages:edit", args=[EventPage.objects.filter(locale__language_code="fi").first().pk]),
        "meeting_people": reverse("events_meeting_people", args=[finnish_meetings()[0].pk]),
        "end_dates": reverse("events_end_dates", args=[shortened_tour().pk]),
        "cancel_event": reverse("events_cancel_event", args=[event.pk]),
        "make_anew": reverse("events_anew", args=[event.pk]),
        "mark_attended": f"{reverse('wagtail_bulk_action', args=['events', 'registration', 'mark_attended'])}?id={marked.pk}",
    }
    return found | of_list(Registration) | of_desk(marked)


def of_desk(registration: Registration) -> dict[str, str]:
    """The organiser's desk of the event that somebody has registered for."""
    page = source_of(page_in("fi", registration.event))
    screens = ("desk", "desk_figures", "desk_attendance", "desk_letters", "desk_add")
    found = {f"event_{name}": reverse(f"events_{name}", args=[page.pk]) for name in screens}
    return found | {
        "registration": reverse("events_desk_registration", args=[registration.pk]),
        "write_to_registrants": f"{reverse('wagtail_bulk_action', args=['events', 'registration', 'write'])}?id={registration.pk}",
        "retention": reverse("events_retention"),
    }


def finnish_meetings() -> list[MeetingPage]:
    """The one to come, and the one that was held."""
    return list(MeetingPage.objects.filter(locale__language_code="fi").order_by("-starts_at"))


def shortened_tour() -> EventPage:
    """Its draft leaves out a date that somebody has registered for."""
    page = next(page for page in EventPage.objects.filter(locale__language_code="fi", live=True) if len(page.dates) > 1)
    actions.confirm_registration(register("kiertue@example.org", "fi", page.events.last()))
    page.dates = page.dates.get_prep_value()[:-1]
    page.save_revision()
    return page
