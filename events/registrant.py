"""What a registrant does by the link in the mails: confirms, takes what is offered, changes, cancels. The token is the right to do it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _

from base.by_link import broken, private
from base.languages import active
from base.public_forms import guarded
from base.uploads.limits import takes_files
from events import actions, changing, fullness, inside, links, own_calendar, refusals, words
from events.change_form import ChangeForm
from events.models import Registration, page_in
from events.replies import GONE, UNPROCESSABLE, answer, question
from mail.signing import BadToken

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from events.models import EventPage

State = Registration.State


@guarded(group="events.confirm", rate=None)
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    return _by_token(request, token, _confirmed if request.method == "POST" else _ask_to_confirm)


@guarded(group="events.cancel", rate=None)
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    return _by_token(request, token, _cancelled if request.method == "POST" else _ask_to_cancel)


@guarded(group="events.change", rate=None)
@takes_files
def change(request: HttpRequest, token: str) -> HttpResponse:
    return _by_token(request, token, _changed)


def _by_token(request: HttpRequest, token: str, reply: Callable[[HttpRequest, Registration, EventPage], HttpResponse]) -> HttpResponse:
    try:
        registration = links.registration_at(token)
    except BadToken:
        text = _("The link is not whole, or the registration is no longer there. Open the link in the mail again, or register anew.")
        return broken(request, text)
    page = page_in(active(), registration.event)
    # Whoever registered is among those whom an internal event is for.
    page.token = inside.token(page) if page.is_closed else ""
    # In one language, that of the page: it may not be there in the one of the address.
    with translation.override(page.locale.language_code):
        return reply(request, registration, page)


def _ask_to_confirm(request: HttpRequest, registration: Registration, page: EventPage) -> HttpResponse:
    cancel_url, text = links.registration_url(registration, to="cancel"), ""
    if registration.state == State.OFFERED:
        title, label, text = _("A seat is free for you"), words.take_label(registration), words.held_text(registration)
    elif registration.is_settled:
        return _standing(request, registration, page)
    elif registration.state == State.WAITING and not registration.event.has_room(registration.places):
        title, label = _("Confirm your place on the waiting list"), _("Confirm my place")
    elif registration.state == State.APPLIED:
        title, label = _("Confirm your application"), _("Confirm my application")
    else:
        title, label = _("Confirm your registration"), _("Confirm registration")
    return question(request, registration, page, title=title, label=label, text=text, cancel_url=cancel_url)


def _confirmed(request: HttpRequest, registration: Registration, page: EventPage) -> HttpResponse:
    try:
        actions.confirm_registration(registration)
    except refusals.EventFull:
        text = _("All seats were taken before you confirmed. A seat may come free later.")
        return answer(request, page, _("All seats are taken"), text, status=GONE)
    except refusals.RegistrationClosed:
        registration.event.refresh_from_db()
        text = words.why_ended(registration.event) or _("This registration was cancelled. You can register anew on the event's page.")
        return answer(request, page, _("Registration is closed"), text, status=GONE)
    return _standing(request, registration, page)


def _standing(request: HttpRequest, registration: Registration, page: EventPage, *, is_saved: bool = False) -> HttpResponse:
    """Where a registration stands whose address is confirmed. `is_saved`: what was changed is kept."""
    to_change, to_cancel = links.registration_url(registration, to="change"), links.registration_url(registration, to="cancel")
    if registration.state == State.REJECTED:
        return answer(request, page, _("You could not be accepted"), _("The organiser could not accept your application."))
    if registration.state == State.ATTENDED:
        return answer(request, page, _("You have registered"), _("You took part. Thank you for coming."))
    title, text = {
        State.WAITING: (_("You are on the waiting list"), _("We write to you when a seat comes free. Then it is held for you while you answer.")),
        State.APPLIED: (_("We have your application"), _("We write to you when the organiser has decided.")),
    }.get(State(registration.state), (_("You have registered"), _("You have a seat. We sent the invitation for your calendar to your e-mail.")))
    own = own_calendar.settings_url(registration)
    if is_saved:
        title, text = _("Your changes are saved"), _changed_text(registration) or text
    return answer(request, page, title, text, cancel_url=to_cancel, change_url=to_change, own_calendar_url=own)


def _changed_text(registration: Registration) -> str:
    """What becomes of a seat that was changed; "" where it is still to come."""
    if registration.state != State.CONFIRMED:
        return ""
    return _("Your seat is still yours. Where the way to take part has changed, a new invitation is on its way.")


def _ask_to_cancel(request: HttpRequest, registration: Registration, page: EventPage) -> HttpResponse:
    if registration.state == State.ATTENDED:
        return answer(request, page, _("The event is over"), _("You took part, so there is nothing to cancel."))
    return question(request, registration, page, title=_("Cancel your registration?"), label=_("Cancel registration"))


def _cancelled(request: HttpRequest, registration: Registration, page: EventPage) -> HttpResponse:
    actions.cancel_registration(registration)
    if registration.state == State.ATTENDED:
        return _ask_to_cancel(request, registration, page)
    return answer(request, page, _("Registration cancelled"), _("Your seat is free for somebody else. Thank you for telling us."))


def _changed(request: HttpRequest, registration: Registration, page: EventPage) -> HttpResponse:
    """The form, and what came of it; only what stands, and is not over, can be changed."""
    event = registration.event
    if not registration.is_settled or registration.state in {State.REJECTED, State.ATTENDED} or words.why_ended(event):
        text = words.why_ended(event) or _("Confirm your registration first, or register anew on the event's page.")
        return answer(request, page, _("There is nothing to change"), text, status=GONE)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ChangeForm(*posted, registration=registration, page=page)
    if form.is_bound and form.is_valid() and _change(registration, form):
        return _standing(request, registration, page, is_saved=True)
    context = {"title": _("Change your registration"), "event_title": page.title, "facts": words.facts(event, page), "form": form}
    status = UNPROCESSABLE if form.is_bound else 200
    return private(render(request, "events/change.html", page.frame(request) | context, status=status))


def _change(registration: Registration, form: ChangeForm) -> bool:
    """False with the reason in the form."""
    wish, before = form.wish(), registration.places
    try:
        changing.change_registration(registration, **wish)
    except refusals.EventFull:
        registration.event.refresh_from_db()
        wanted = changing.places_of(registration, mode=wish["mode"], size=1 + len(wish["guests"]), pools=wish["pools"])
        more = {key: number - before.get(key, 0) for key, number in wanted.items()}
        told = _("There are not so many free seats, so nothing was changed. Seats that come free go to who waits first.")
        fullness.tell(form, registration.event, more, otherwise=told)
    except refusals.GroupTooLarge:
        form.add_error("guests", words.group_too_large(registration.event))
    except refusals.RegistrationClosed:
        form.add_error(None, words.why_ended(registration.event) or _("This registration has ended. Register anew on the event's page."))
    return not form.errors
