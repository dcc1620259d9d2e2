"""The public side of events: calendars, the form, and the links of the mails. A GET never changes anything: scanners follow links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.models import Page

from base.by_link import private
from base.languages import active
from base.narrowing import chosen_in
from base.pages import home_in
from base.proof import Proof
from base.public_forms import guarded, is_over
from base.uploads.limits import takes_files
from events import actions, addresses, calendar, feeds, fullness, network, refusals, rush, words
from events.entries import FACETS, facets_of, is_known
from events.options import pools_of
from events.replies import TOO_MANY, UNPROCESSABLE, answer
from themes.models import Theme
from themes.pages import ThemedPage

if TYPE_CHECKING:
    from django.http import HttpRequest

    from events.feeds import Built
    from events.forms import RegistrationForm
    from events.models import Event, EventPage, Registration


# An hour, from one address, of forms with a proof of work.
RATE_PROVED = "100/h"


@require_safe
def calendar_feed(request: HttpRequest) -> HttpResponse:
    """Narrowed by the same words of the address as the calendar's page."""
    theme, chosen = _asked_of_theme(request)
    return _calendar_response(request, feeds.calendar_of(active(), theme, chosen))


@require_safe
def atom_feed(request: HttpRequest) -> HttpResponse:
    theme, chosen = _asked_of_theme(request)
    return _conditional(request, feeds.atom_of(active(), theme, chosen), "application/atom+xml; charset=utf-8")


def _asked_of_theme(request: HttpRequest) -> tuple[Theme, dict[str, str]]:
    """The theme is that of the host, or the one named where a theme is a section of another's site.

    A choice that is not there, or not any more, is no empty calendar, which would take all events away from whoever follows it.
    """
    key = request.GET.get("theme", "")
    home = None if key else home_in(request, active())
    theme: Theme = get_object_or_404(Theme, key=key) if home is None else home.theme
    chosen = chosen_in(request.GET.dict(), FACETS)
    if chosen and not is_known(facets_of(theme.pk), chosen):
        raise Http404
    return theme, chosen


@require_safe
def calendar_file(request: HttpRequest, pk: int, date: int = 0) -> HttpResponse:
    """Of the next date, or of the one whose number it is."""
    return file_of(request, network.page_for(request, pk), date)


def file_of(request: HttpRequest, page: EventPage, date: int) -> HttpResponse:
    event = page.events.filter(pk=date).first() if date else page.event
    if event is None:
        raise Http404
    response = _calendar_response(request, feeds.built(calendar.file_of(event, page)), f"{page.slug}.ics")
    return private(response) if page.is_closed else response


@require_safe
def moments_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Of a page of another kind that the calendar knows, such as a call."""
    page = get_object_or_404(Page.objects.live().public(), pk=pk).specific
    content = calendar.file_of_moments(page) if isinstance(page, ThemedPage) else None
    if content is None:
        raise Http404
    return _calendar_response(request, feeds.built(content), f"{page.slug}.ics")


def _calendar_response(request: HttpRequest, calendar: Built, file_name: str = "") -> HttpResponse:
    response = _conditional(request, calendar, "text/calendar; charset=utf-8")
    if file_name:
        response["Content-Disposition"] = f'attachment; filename="{file_name.encode("ascii", "ignore").decode()}"'
    return response


def _conditional(request: HttpRequest, content: Built, content_type: str) -> HttpResponse:
    """304 to who has these bytes. Without Last-Modified: a deletion would move it back, and If-None-Match is all that a program needs."""
    response = HttpResponse(content.content, content_type=content_type)
    response["ETag"] = content.etag
    patch_cache_control(response, public=True, max_age=300)
    return get_conditional_response(request, etag=content.etag, response=response) or response


@guarded(group="events.register")
@takes_files
def register(request: HttpRequest, pk: int) -> HttpResponse:
    """Says the same whether the address was known or not: a stranger learns nothing of who registered."""
    return registered(request, network.page_for(request, pk))


def registered(request: HttpRequest, page: EventPage) -> HttpResponse:
    """Of a page that this reader may read; `request.limited` is set."""
    if request.method != "POST" or not (events := list(page.events)):
        return redirect(addresses.page_url(page, request))
    with translation.override(page.locale.language_code):
        # The one that was chosen is told of, also where it has been closed since.
        chosen = request.POST.get("date", "")
        dates = [event for event in events if str(event.pk) == chosen or not words.why_closed(event)] or events
        form = page.form_of(dates, request.POST, request.FILES)
        if _is_refused(request, form):
            form.limit()
            return _page_with(request, page, form, TOO_MANY)
        if not form.is_valid():
            return _page_with(request, page, form, UNPROCESSABLE)
        return _asked(request, page, form)


def _is_refused(request: HttpRequest, form: RegistrationForm) -> bool:
    """One address, such as that of an office, may send more if each form brings a proof of work. Files of so many are not kept meanwhile."""
    if not request.limited:  # type: ignore[attr-defined]  # set by `guarded`
        return False
    is_unproved = form.is_valid() and form.brought() is Proof.UNSOLVED
    return not form.is_valid() or is_unproved or bool(request.FILES) or is_over(request, group="events.register.proved", rate=RATE_PROVED)


def _asked(request: HttpRequest, page: EventPage, form: RegistrationForm) -> HttpResponse:
    event: Any = form.event
    size = 1 + len(form.cleaned_data.get("guests", ()))
    strength = 0 if words.why_closed(event) else max(rush.strength(event, size), int(request.limited))  # type: ignore[attr-defined]
    if strength and form.brought() is Proof.NONE:
        form.ask_for_proof(form.subject, strength)
        form.hold_files()
        return _page_with(request, page, form, UNPROCESSABLE)
    is_slow = bool(strength) and form.brought() is Proof.UNSOLVED
    if registration := _ask(form, is_slow=is_slow):
        text = words.asked_text(registration, is_slow=is_slow) % {"email": form.cleaned_data["email"]}
        return answer(request, page, _("Confirm from your e-mail"), text, note=words.no_mail_text())
    return _page_with(request, page, form, UNPROCESSABLE)


def _ask(form: RegistrationForm, *, is_slow: bool) -> Registration | None:
    """None with the reason in the form."""
    event: Any = form.event
    try:
        return actions.ask_registration(event=event, answers=form.given(), is_slow=is_slow, **form.details())
    except refusals.EventFull:
        _say_what_is_full(event, form)
    except refusals.WrongCode:
        form.add_error("access_code", _("This code does not open the event. Write it as you got it."))
    except refusals.GroupTooLarge:
        form.add_error(None, words.group_too_large(event))
    except refusals.TooManyMails:
        form.add_error("email", _("Many links were sent to this address today. Use the newest of them, or try again tomorrow."))
    except rush.TooManyAtOnce:
        form.add_error(None, _("Too many are registering just now. Try again in an hour, or with a browser that runs scripts."))
    except refusals.RegistrationClosed:
        form.add_error(None, words.why_closed(event) or _("Registration is closed."))
    return None


def _say_what_is_full(event: Event, form: RegistrationForm) -> None:
    details = form.details()
    keys = [details.get("mode") or event.ways[0], *details["further_pools"], *pools_of(form.given())]
    places = dict.fromkeys(keys, 1 + len(details.get("guests", ())))
    fullness.tell(form, event, places, otherwise=_("There are not so many free seats. Some may come free later: try again then."))


def _page_with(request: HttpRequest, page: EventPage, form: RegistrationForm, status: int) -> HttpResponse:
    return private(render(request, page.get_template(request), page.get_context(request, form=form), status=status))
