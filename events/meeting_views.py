"""A meeting for somebody who is invited and has no login. The token is the right to see it, and to answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from base.by_link import broken, private
from base.languages import active
from base.public_forms import PublicForm, guarded
from events import calendar, invitations, meetings
from events.models import Invitation
from events.replies import GONE, UNPROCESSABLE
from events.zones import Zones
from mail.signing import BadToken

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from events.models import MeetingPage


# As one says it oneself.
ANSWERS = [
    (Invitation.Answer.COMES.value, gettext_lazy("I will come")),
    (Invitation.Answer.ONLINE.value, gettext_lazy("I will take part online")),
    (Invitation.Answer.AWAY.value, gettext_lazy("I cannot come")),
]


class AnswerForm(PublicForm):
    answer = forms.ChoiceField(label=gettext_lazy("Can you come?"), choices=ANSWERS, widget=forms.RadioSelect)
    message = forms.CharField(
        label=gettext_lazy("Message to the secretary"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Such as who comes in your place."),
    )

    def __init__(self, *args: Any, has_link: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_link:
            field: Any = self.fields["answer"]
            field.choices = [choice for choice in ANSWERS if choice[0] != Invitation.Answer.ONLINE]


def found(token: str) -> tuple[Invitation, MeetingPage]:
    """Raises BadToken, also where the meeting is not published any more."""
    invitation = invitations.at(token)
    page = invitations.page_in(active(), invitation.meeting_key)
    if page is None:
        raise BadToken("not published")
    return invitation, page


@guarded(group="events.meeting", rate=None)
def meeting(request: HttpRequest, token: str) -> HttpResponse:
    try:
        invitation, page = found(token)
    except BadToken:
        return _broken(request)
    # In one language, that of the page: it may not be there in the one of the address.
    with translation.override(page.locale.language_code):
        return _answered(request, token, invitation, page)


def _answered(request: HttpRequest, token: str, invitation: Invitation, page: MeetingPage) -> HttpResponse:
    is_over = page.ends_at <= timezone.now()
    posted = request.POST if request.method == "POST" and not is_over else None
    standing = {"answer": invitation.answer, "message": invitation.message}
    form = AnswerForm(posted, initial=standing, has_link=bool(page.online_link and page.place))
    if form.is_bound and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("answer", "message")}
        invitations.answer(invitation=invitation, page=page, **said)
        return private(redirect(f"{reverse('events:meeting', args=[token])}?answered#answer"))
    return private(render(request, "events/meeting.html", _context(request, token, invitation, page, form), status=_status(request, form)))


def _status(request: HttpRequest, form: AnswerForm) -> int:
    if form.is_bound:
        return UNPROCESSABLE
    return GONE if request.method == "POST" else 200


def _context(request: HttpRequest, token: str, invitation: Invitation, page: MeetingPage, form: AnswerForm) -> dict[str, Any]:
    shown = meetings.context_of(page, paper_url=lambda paper: reverse("events:meeting_paper", args=[token, paper.pk]))
    frame = page.frame(request) | {"page": page, "sharing": None, "structured": None, "translations": []}
    answering = {
        "invitation": invitation,
        "form": None if page.ends_at <= timezone.now() else form,
        "is_answered": "answered" in request.GET and bool(invitation.answer),
        "submit_label": _("Send the answer"),
        "calendar_url": reverse("events:meeting_file", args=[token]),
    }
    return frame | shown | answering


def _broken(request: HttpRequest) -> HttpResponse:
    return broken(request, _("The link is not whole, or you are not among who takes part any more. Ask the secretary of the meeting."))


@require_safe
def paper(request: HttpRequest, token: str, pk: int) -> HttpResponseBase:
    """One of the papers of the agenda as it is published, whatever collection it is kept in; nothing else."""
    try:
        _invitation, page = found(token)
    except BadToken:
        return _broken(request)
    document = next((one for one in meetings.papers_of(page) if one.pk == pk), None)
    if document is None:
        raise Http404
    response = FileResponse(document.file.open(), as_attachment=True, filename=document.filename)
    response["X-Content-Type-Options"], response["Cache-Control"], response["X-Robots-Tag"] = "nosniff", "private, no-store", "noindex"
    return response


@require_safe
def calendar_file(request: HttpRequest, token: str) -> HttpResponse:
    try:
        _invitation, page = found(token)
    except BadToken:
        return _broken(request)
    zones = Zones()
    content = calendar.calendar_of("PUBLISH", [calendar.meeting_entry(page, zones)], zones)
    response = private(HttpResponse(content, content_type="text/calendar; charset=utf-8"))
    response["Content-Disposition"] = 'attachment; filename="meeting.ics"'
    return response
