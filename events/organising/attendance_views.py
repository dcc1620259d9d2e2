"""Who was there: from the file of a meeting tool, looked at before it is applied, and how many came without a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core import signing
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from base.spreadsheets import Unreadable
from base.staff import staff_of
from events import attendance
from events.models import Registration
from events.organising.lists import date_text
from events.organising.matching import MATCHABLE, match
from events.organising.meetings import MOST_BYTES, present
from events.organising.rights import ACT, READ, desk_view, may, refused
from events.organising.views import desk_url, frame

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from events.models import Event, EventPage
    from events.organising.matching import Matching

UNPROCESSABLE = 422
SALT, LOOKED_AT_FOR = "events.attendance", 24 * 3600
SHOWN = 200


class _OfDate(forms.Form):
    event = forms.ChoiceField(label=gettext_lazy("Date"))

    def __init__(self, *args: Any, dates: list[Event], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dates = {str(date.pk): date for date in dates}
        field: Any = self.fields["event"]
        field.choices = [(key, date_text(date)) for key, date in self.dates.items()]
        if len(dates) == 1:
            field.widget, field.initial = forms.HiddenInput(), next(iter(self.dates))

    @property
    def date(self) -> Event:
        return self.dates[self.cleaned_data["event"]]


class MeetingForm(_OfDate):
    file = forms.FileField(
        label=gettext_lazy("Attendance report"), help_text=gettext_lazy("The CSV file that Teams or Zoom makes of a meeting, as it was downloaded.")
    )
    least = forms.IntegerField(
        label=gettext_lazy("Minutes that count as attendance"),
        min_value=0,
        max_value=1000,
        initial=10,
        help_text=gettext_lazy("Who was there for a shorter time, all joins together, is not marked."),
    )

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is too large for an attendance report."))
        content: bytes = file.read()
        return content


class UnnamedForm(_OfDate):
    number = forms.IntegerField(label=gettext_lazy("How many came without having registered"), min_value=0, max_value=100_000)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(READ)
def screen(request: HttpRequest, page: EventPage) -> HttpResponse:
    """Of the POSTs, `look` reads a file and changes nothing, `apply` marks those who were found, `count` keeps a number."""
    if request.method == "POST":
        if not may(request.user, ACT, page):
            return refused(request)
        return POSTS.get(request.POST.get("do", ""), _show)(request, page)
    return _show(request, page)


def _show(request: HttpRequest, page: EventPage, meeting: MeetingForm | None = None, unnamed: UnnamedForm | None = None) -> HttpResponse:
    context = frame(page, request.user, "events_desk_attendance")
    dates = context["desk"]["dates"]
    has_errors = bool((meeting and meeting.errors) or (unnamed and unnamed.errors))
    context["desk"] |= {
        "meeting": meeting or MeetingForm(dates=dates),
        "unnamed": unnamed or UnnamedForm(dates=dates, initial={"number": attendance.unnamed(dates[0]) if len(dates) == 1 else None}),
        "numbers": [{"date": date_text(date), "numbers": _numbers(date)} for date in dates],
    }
    return render(request, "events/staff/desk_attendance.html", context, status=UNPROCESSABLE if has_errors else 200)


def _numbers(date: Event) -> dict[str, int]:
    rows = date.registrations.all()
    attended = rows.filter(state=Registration.State.ATTENDED).count()
    confirmed = rows.filter(state=Registration.State.CONFIRMED).count()
    return {"confirmed": confirmed, "attended": attended, "unnamed": attendance.unnamed(date)}


def _look(request: HttpRequest, page: EventPage) -> HttpResponse:
    form = MeetingForm(request.POST, request.FILES, dates=frame(page, request.user, "")["desk"]["dates"])
    if not form.is_valid():
        return _show(request, page, meeting=form)
    try:
        people = present(form.cleaned_data["file"])
    except Unreadable as told:
        form.add_error("file", str(told))
        return _show(request, page, meeting=form)
    found = match(form.date, people, least_minutes=form.cleaned_data["least"])
    context = frame(page, request.user, "events_desk_attendance")
    context["desk"] |= {"found": found, "shown": SHOWN, "date": date_text(form.date), "key": _signed(form.date, found), "number": len(people)}
    return render(request, "events/staff/desk_attendance_look.html", context)


def _signed(date: Event, found: Matching) -> str:
    """What applying needs and no more: numbers of registrations. Names of strangers stay in the file, which is not kept."""
    rows = [[one.registration.pk, one.minutes] for one in found.matched]
    return signing.dumps({"event": date.pk, "rows": rows}, salt=SALT, compress=True)


def _apply(request: HttpRequest, page: EventPage) -> HttpResponse:
    try:
        told = signing.loads(request.POST.get("key", ""), salt=SALT, max_age=LOOKED_AT_FOR)
    except signing.BadSignature:
        messages.error(request, _("Too long ago. Bring the file again."))
        return redirect(desk_url(page, "events_desk_attendance"))
    minutes = {pk: number for pk, number in told["rows"] if number is not None}
    rows = Registration.objects.filter(event=told["event"], event__item_key=page.translation_key, state__in=MATCHABLE)
    chosen = rows.filter(pk__in=[pk for pk, _minutes in told["rows"]]).select_related("event", "person")
    number = attendance.mark(chosen, minutes=minutes, by=staff_of(request))
    messages.success(request, ngettext("%(number)d person marked attended.", "%(number)d people marked attended.", number) % {"number": number})
    return redirect(desk_url(page, "events_desk_attendance"))


def _count(request: HttpRequest, page: EventPage) -> HttpResponse:
    form = UnnamedForm(request.POST, dates=frame(page, request.user, "")["desk"]["dates"])
    if not form.is_valid():
        return _show(request, page, unnamed=form)
    number, user = form.cleaned_data["number"], request.user
    attendance.count_unnamed(event=form.date, number=number, language=page.locale.language_code, by=user)  # type: ignore[arg-type]  # signed in
    messages.success(request, _("The number is kept, and counts for the goals of the event."))
    return redirect(desk_url(page, "events_desk_attendance"))


POSTS = {"look": _look, "apply": _apply, "count": _count}
