"""Events in words: when, where, how many seats are left. In the active language; no queries but for the seats (`with_seats`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from base.fallbacks import IN_LANGUAGE
from base.languages import active
from base.spoken import language_names
from events.dates import place_on
from events.models.facts import Mode
from events.wall import DEFAULT_ZONE, city_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from django.http import HttpRequest

    from base.agenda import Moment
    from events.models.facts import Event
    from events.models.meetings import MeetingPage
    from events.models.pages import EventPage
    from events.models.registrations import Registration
    from events.timetable import Session

WAY_LABELS = dict(Mode.choices)
# In Finnish the month after a day is in another case than alone.
DAY = {"fi": "l j. E", "sv": "l j F", "en": "l j F"}
SHORT_DAY = {"fi": "j.n.", "sv": "j.n.", "en": "j M"}


def local(moment: datetime, event: Event | EventPage | MeetingPage) -> datetime:
    return moment.astimezone(ZoneInfo(event.time_zone))


def when_text(event: Event | EventPage | MeetingPage) -> str:
    start, end = local(event.starts_at, event), local(event.ends_at, event)
    zone = "" if event.time_zone == DEFAULT_ZONE else f" ({city_of(event.time_zone)})"
    if start.date() == end.date():
        return f"{date_format(start, 'DATE_FORMAT')}, {clock_text(event)}{zone}"
    return f"{date_format(start, 'DATETIME_FORMAT')} – {date_format(end, 'DATETIME_FORMAT')}{zone}"


def day_text(day: date) -> str:
    """With its weekday, and with the year where it is another."""
    return date_format(day, DAY[active()] + ("" if timezone.localdate().year == day.year else " Y"))


def month_text(day: date) -> str:
    """As a title."""
    return date_format(day, "F Y").capitalize()


def days_text(first: date, last: date) -> str:
    return f"{date_format(first, SHORT_DAY[active()])}–{date_format(last, SHORT_DAY[active()])} {last.year}"


def clock_text(event: Event | EventPage | MeetingPage) -> str:
    start, end = local(event.starts_at, event), local(event.ends_at, event)
    return f"{time_format(start.time(), 'TIME_FORMAT')}–{time_format(end.time(), 'TIME_FORMAT')}"


def where_text(event: Event | EventPage, page: EventPage) -> str:
    """The place, and the mode where it is not plain from the place."""
    mode, place = str(event.get_mode_display()), place_of(event, page)
    if not place:
        return mode
    return place if event.mode == Mode.IN_PERSON else f"{place} ({mode})"


def place_of(event: Event | EventPage, page: EventPage) -> str:
    """Of a date, in the words of the page's language."""
    return page.place if event is page else place_on(page, event)


def where_of(registration: Registration, page: EventPage) -> str:
    """For the registrant: of a hybrid event the place, or that it is online."""
    event = registration.event
    if event.mode != Mode.HYBRID:
        return where_text(event, page)
    return place_of(event, page) or where_text(event, page) if registration.mode == Mode.IN_PERSON else str(Mode(registration.mode).label)


def link_of(registration: Registration) -> str:
    """To the meeting: of a hybrid event only for who takes part there."""
    event = registration.event
    return event.online_link if event.mode != Mode.HYBRID or registration.mode == Mode.ONLINE else ""


def seats_text(event: Event) -> str:
    if event.is_cancelled or event.is_over:
        return ""
    if event.seats_left < 1:
        return left_text(0)
    return ", ".join(_seats_of(pool.left, str(WAY_LABELS[pool.key]) if len(event.seats) > 1 else "") for pool in event.seats)


def left_text(left: int) -> str:
    return ngettext("%(number)d seat left", "%(number)d seats left", left) % {"number": left} if left else _("No seats left")


def choice_text(event: Event, page: EventPage) -> str:
    """A date to choose: when, where, and how many seats are left."""
    return " – ".join(filter(None, [f"{when_text(event)}, {where_text(event, page)}", seats_text(event)]))


def way_text(way: Mode, left: int | None) -> str:
    return str(way.label) if left is None else _seats_of(left, str(way.label))


def session_text(session: Session, left: int | None, *, with_day: bool) -> str:
    """A session to choose, with the seats that are left where that is known."""
    day = f"{date_format(session.day, 'SHORT_DATE_FORMAT')} " if with_day else ""
    text = f"{day}{session.clock} {session.title}"
    return text if left is None else _seats_of(left, text)


def _seats_of(left: int, way: str) -> str:
    """With a `way`, where there are several: none left in the room, some online."""
    text = left_text(left) if left else _("no seats left")
    return f"{way}: {text}" if way else text


def why_closed(event: Event | None) -> str:
    """Why nobody can register now; "" when one can."""
    if event is None:
        return _("Registration opens when the event is published.")
    if ended := why_ended(event):
        return ended
    if not event.takes_registrations:
        opens = event.registration_opens_at
        if opens and opens > timezone.now():
            return _("Registration opens on %(when)s.") % {"when": date_format(local(opens, event), "DATETIME_FORMAT")}
        return _("Registration has closed.")
    if event.is_full and not event.has_waiting_list:
        return _("All seats are taken. A seat may come free later.")
    return ""


def way_in(event: Event | None) -> str:
    """What a link to the form says; it has a place for the event's title."""
    return _("Join the waiting list: %(event)s") if event and event.is_full else _("Register: %(event)s")


def why_ended(event: Event) -> str:
    """Why nothing about a registration can be changed any more; "" when it can."""
    if event.is_cancelled:
        return _("The event was cancelled.")
    return _("The event is over.") if event.is_over else ""


def before_form(event: Event) -> str:
    """What who registers should know before: that one applies, or that one waits."""
    if event.needs_approval:
        return _("The organiser chooses who takes part. Send your application: we tell you by mail what was decided.")
    if event.is_full:
        return _("All seats are taken, or others wait for them already. Join the waiting list: we offer you a seat when one comes free.")
    return ""


def submit_label(event: Event) -> str:
    if event.needs_approval:
        return _("Apply")
    return _("Join the waiting list") if event.is_full else _("Register")


def asked_text(registration: Registration, *, is_slow: bool = False) -> str:
    """What becomes of what somebody asked for. It tells nobody whether the address was known: only how the event stands."""
    state = registration.State
    if is_slow:
        return _("We send a link to %(email)s. Many people are registering just now, so it may take up to an hour. Confirm your registration by it.")
    if registration.asked_as == state.APPLIED:
        return _("We sent a link to %(email)s. Confirm your application by it within 30 minutes.")
    if registration.asked_as == state.HELD:
        return _("We sent a link to %(email)s. Your seat is held for 30 minutes: follow the link to confirm it.")
    if registration.event.has_room(registration.places):
        return _("We sent a link to %(email)s. Others are registering at the same time, and no seat is held for you yet: confirm by the link soon.")
    return _("All seats are taken, or others wait for them already. We sent a link to %(email)s: confirm by it that you want to wait.")


def take_label(registration: Registration) -> str:
    """Of the button that takes what is offered."""
    return ngettext("Take the seat", "Take the seats", registration.size)


def held_text(registration: Registration) -> str:
    """Until when what is offered is held."""
    until = date_format(local(registration.held_until, registration.event), "DATETIME_FORMAT")
    text = ngettext("The seat is held for you until %(until)s.", "The %(number)d seats are held for you until %(until)s.", registration.size)
    return text % {"until": until, "number": registration.size}


def no_mail_text() -> str:
    """For who sees no mail come. It is true of everybody, known or not."""
    return _(
        "An address gets one link a day for an event. If you asked earlier today, use the link that you got then: it still works, and gives you a"
        " seat if one is free. If you find no mail, look among spam and check that the address above is right. If that does not help, ask the"
        " organiser to send the link again."
    )


def group_too_large(event: Event) -> str:
    return ngettext("One registration may be of %(number)d person.", "One registration may be of %(number)d people.", event.largest_group) % {
        "number": event.largest_group
    }


def group_of(registration: Registration) -> list[tuple[str, str]]:
    """Label and value, where it is of a group."""
    people = ngettext("%(number)d participant", "%(number)d participants", registration.size) % {"number": registration.size}
    return [(_("Group"), people)] if registration.size > 1 else []


def facts(event: Event | EventPage, page: EventPage) -> list[tuple[str, str]]:
    """Label and value, for a dl."""
    return _facts(event, where_text(event, page), page)


def facts_of(registration: Registration, page: EventPage) -> list[tuple[str, str]]:
    return _facts(registration.event, where_of(registration, page), page)


def _facts(event: Event | EventPage, where: str, page: EventPage) -> list[tuple[str, str]]:
    spoken = ", ".join(language_names(page.languages))
    return [(_("When"), when_text(event)), (_("Where"), where), *([(_("Language"), spoken)] if spoken else [])]


def facts_of_meeting(page: MeetingPage) -> list[tuple[str, str]]:
    where = page.place or (str(Mode.ONLINE.label) if page.online_link else "")
    rows = [(_("When"), when_text(page)), (_("Where"), where), (_("Project"), str(page.project or ""))]
    return [(label, value) for label, value in rows if value]


def further_text(number: int) -> str:
    """Of the dates beside the one that is shown; "" where there is none."""
    return ngettext("and %(number)d more date", "and %(number)d more dates", number) % {"number": number} if number else ""


def note(page: EventPage, event: Event | None, events: Sequence[Event]) -> str:
    """When and where, and how many more dates are to come."""
    others = [one for one in events if event and one.pk != event.pk and not (one.is_over or one.is_cancelled)]
    facts = f"{when_text(event or page)}, {where_text(event or page, page)}"
    return ", ".join(filter(None, [facts, further_text(len(others))]))


def row(event: Event, page: EventPage, request: HttpRequest) -> dict[str, Any]:
    """What `base/event_row.html` needs."""
    return _row_at(local(event.starts_at, event), page, request) | {
        "time": clock_text(event),
        "starts_text": time_format(local(event.starts_at, event).time(), "TIME_FORMAT"),
        "place": place_of(event, page),
        "mode_label": "" if event.mode == Mode.IN_PERSON and page.place else event.get_mode_display(),
        "further_text": further_text(getattr(event, "further", 0)),
        "seats_text": seats_text(event),
        "is_cancelled": event.is_cancelled,
    }


def row_of_moment(moment: Moment, request: HttpRequest) -> dict[str, Any]:
    at = timezone.localtime(moment.at)
    clock = time_format(at.time(), "TIME_FORMAT")
    return _row_at(at, moment.page, request) | {"time": clock, "starts_text": clock, "mode_label": moment.what}


def _row_at(start: datetime, page: Any, request: HttpRequest) -> dict[str, Any]:
    language = page.locale.language_code
    language = "" if language == active() else language
    return {
        "title": page.title,
        "language": language,
        "in_language": IN_LANGUAGE.get(language, ""),
        "url": page.get_url(request),
        "day": start.day,
        "month": date_format(start, "F"),
        "year_if_other": "" if start.year == timezone.localdate().year else str(start.year),
        "starts_iso": start.isoformat(timespec="minutes"),
    }
