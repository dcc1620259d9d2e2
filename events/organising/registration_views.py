"""One registration at the desk: what it says, what the organisers noted, and what can be done to it; and adding one that came by telephone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin import messages

from base.questions import questions_of
from base.staff import staff_of
from events import refusals, words
from events.models import Answer, EventPage, Registration
from events.organising import hand
from events.organising.columns import answer_text
from events.organising.forms import EditForm, HandForm, NoteForm
from events.organising.rights import ACT, READ, desk_view, may, refused, source_of
from events.organising.views import frame, registration_url

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

UNPROCESSABLE = 422


def page_of(registration: Registration) -> EventPage:
    page = EventPage.objects.filter(translation_key=registration.event.item_key).first()
    if page is None:
        raise Http404
    return source_of(page)


def _found(pk: int) -> tuple[Registration, EventPage]:
    rows = Registration.objects.select_related("person__region", "person__target_group", "event__theme")
    registration = get_object_or_404(rows, pk=pk)
    return registration, page_of(registration)


@require_http_methods(["GET", "HEAD", "POST"])
def registration(request: HttpRequest, pk: int) -> HttpResponse:
    """A POST with `note` adds a note; one without saves what was put right."""
    row, page = _found(pk)
    if not may(request.user, ACT if request.method == "POST" else READ, page):
        return refused(request)
    is_note = "note" in request.POST
    note = NoteForm(request.POST if is_note else None)
    edit = EditForm(request.POST if request.method == "POST" and not is_note else None, initial=_values(row))
    sent = note if is_note else edit
    if sent.is_bound and sent.is_valid():
        _save(request, row, sent)
        return redirect(registration_url(row))
    status = UNPROCESSABLE if sent.errors else 200
    return render(request, "events/staff/desk_registration.html", _context(request, row, page, edit, note), status=status)


def _values(row: Registration) -> dict[str, Any]:
    return {name: getattr(row, name) for name in EditForm.base_fields}


def _save(request: HttpRequest, row: Registration, form: Any) -> None:
    user: Any = request.user
    if isinstance(form, NoteForm):
        hand.add_note(registration=row, text=form.cleaned_data["text"], by=user)
        messages.success(request, _("The note is kept."))
    else:
        hand.edit_registration(registration=row, by=user, **form.cleaned_data)
        messages.success(request, _("Saved."))


def _context(request: HttpRequest, row: Registration, page: EventPage, edit: EditForm, note: NoteForm) -> dict[str, Any]:
    context = frame(page, request.user, "")
    may_act = context["desk"]["may_act"]
    asked = {question.key: question for question in questions_of(page.questions)}
    shown = [answer for answer in row.answers.all() if may_act or not _is_sensitive(answer, asked)]
    context["desk"] |= {
        "row": row,
        "facts": words.facts(row.event, page),
        "guests": row.guests.all(),
        "answers": [{"asked": answer.asked, "text": answer_text(answer, asked.get(answer.question)), "row": answer} for answer in shown],
        "notes": row.notes.select_related("by"),
        "edit": edit,
        "note": note,
        "may_see_needs": may_act,
        "acts": hand.acts_on(row) if may_act else [],
    }
    return context


def _is_sensitive(answer: Answer, asked: dict[str, Any]) -> bool:
    """Who only reads does not see what is about health: where the question is gone, by how long the answer is kept."""
    question = asked.get(answer.question)
    return question.is_sensitive if question else answer.kept_days is not None


@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """One of `hand.acts_on`."""
    row, page = _found(pk)
    if not may(request.user, ACT, page):
        return refused(request)
    try:
        told = hand.do(row, request.POST.get("act", ""), by=staff_of(request))
    except refusals.EventFull:
        messages.error(request, _("There is no seat left."))
    except refusals.RegistrationClosed:
        messages.error(request, _("The event is over or cancelled, or somebody else was faster. See the state below."))
    else:
        messages.success(request, told)
    return redirect(registration_url(row))


@require_safe
def answer_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What somebody brought with the form: as a download, never shown as a page of ours."""
    answer = get_object_or_404(Answer.objects.exclude(file="").select_related("registration__event"), pk=pk)
    if not may(request.user, ACT, page_of(answer.registration)):
        return refused(request)
    response = FileResponse(answer.file.open(), as_attachment=True, filename=answer.value, content_type="application/octet-stream")
    response["X-Content-Type-Options"], response["Cache-Control"] = "nosniff", "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(ACT)
def add(request: HttpRequest, page: EventPage) -> HttpResponse:
    context = frame(page, request.user, "")
    dates = [date for date in context["desk"]["dates"] if not (date.is_over or date.is_cancelled)]
    form = HandForm(request.POST if request.method == "POST" else None, dates=dates, initial={"language": page.locale.language_code})
    if form.is_bound and form.is_valid() and (made := _add(request, form)):
        messages.success(request, _("{person} is registered.").format(person=made.person) if made.confirmed_at else _("The link is on its way."))
        return redirect(registration_url(made))
    context["desk"] |= {"form": form, "back_url": reverse("events_desk", args=[page.pk]), "has_dates": bool(dates)}
    return render(request, "events/staff/desk_add.html", context, status=UNPROCESSABLE if form.errors else 200)


def _add(request: HttpRequest, form: HandForm) -> Registration | None:
    """None with the reason in the form."""
    details = {name: value for name, value in form.cleaned_data.items() if name != "event"}
    try:
        return hand.add_registration(event=form.chosen, by=staff_of(request), **details)
    except refusals.EventFull:
        form.add_error(None, _("There is no seat left."))
    except refusals.TooManyMails:
        form.add_error("email", _("Many links were sent to this address today. Use the newest of them, or try again tomorrow."))
    except refusals.RegistrationClosed:
        form.add_error("event", _("Registration is closed."))
    return None
