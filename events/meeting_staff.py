"""Who takes part in a meeting, for its secretary: who was invited, what they answered, who came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from base.staff import staff_of
from events import invitations, words
from events.meeting_blocks import INVITED, STATES
from events.models import MeetingPage

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from events.models import Invitation

NEW, EVERYBODY = "new", "everybody"
UNPROCESSABLE = 422


class LetterForm(forms.Form):
    """A mail with the link, and a few words of one's own before it."""

    to = forms.ChoiceField(label=gettext_lazy("To whom"), widget=forms.RadioSelect, initial=NEW)
    text = forms.CharField(
        label=gettext_lazy("Your own words"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Stand first in the mail. When and where, the agenda and the link follow by themselves."),
    )

    def __init__(self, *args: Any, new: int, everybody: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to"]
        field.choices = [
            (NEW, _("Those who do not know yet, or know another time or place (%(number)d)") % {"number": new}),
            (EVERYBODY, _("Everybody who has an e-mail address (%(number)d)") % {"number": everybody}),
        ]


def may_invite(page: MeetingPage, user: Any) -> bool:
    return bool(page.permissions_for_user(user).can_publish())


@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """A POST with `send` mails the invitations; one without keeps who came."""
    # Its pages of all languages have one list: the source page's.
    page = MeetingPage.objects.filter(translation_key=get_object_or_404(MeetingPage, pk=pk).translation_key).order_by("pk")[0]
    if not page.live or not may_invite(page, request.user):
        return render(request, "events/staff/meeting_people.html", {"page": page, "refused": True}, status=403)
    rows = invitations.of_meeting(page)
    to = {NEW: invitations.untold(page, rows), EVERYBODY: [row for row in rows if row.person.email]}
    is_sending = "send" in request.POST
    form = LetterForm(request.POST if is_sending else None, new=len(to[NEW]), everybody=len(to[EVERYBODY]))
    if request.method == "POST" and not is_sending:
        return _keep_attendance(request, page)
    if form.is_bound and form.is_valid() and _send(request, page, to[form.cleaned_data["to"]], form):
        return redirect("events_meeting_people", page.pk)
    context = {"page": page, "meeting": _shown(page, rows), "form": form, "edit_url": reverse("wagtailadmin_pages:edit", args=[page.pk])}
    return render(request, "events/staff/meeting_people.html", context, status=UNPROCESSABLE if form.errors else 200)


def _send(request: HttpRequest, page: MeetingPage, rows: list[Invitation], form: LetterForm) -> bool:
    """False with the reason in the form."""
    if not rows:
        form.add_error("to", _("There is nobody to write to: everybody knows already. Choose everybody, or add people on the meeting's page."))
        return False
    try:
        number = invitations.send(page=page, rows=rows, text=form.cleaned_data["text"], by=staff_of(request))
    except invitations.MeetingOver:
        form.add_error(None, _("The meeting is over."))
        return False
    messages.success(
        request, ngettext("%(number)d invitation is on its way.", "%(number)d invitations are on their way.", number) % {"number": number}
    )
    return True


def _keep_attendance(request: HttpRequest, page: MeetingPage) -> HttpResponse:
    known = {key for key, _label in STATES}
    said = {name.removeprefix("state-"): value for name, value in request.POST.items() if name.startswith("state-") and value in known}
    states = {int(person): value for person, value in said.items() if person.isdecimal()}
    if invitations.record_attendance(page=page, states=states, by=staff_of(request)):
        messages.success(request, _("Who came is kept, and stands on the meeting's page."))
    else:
        messages.warning(request, _("Who came is kept in the draft of the meeting's page. Publish the page to show it."))
    return redirect("events_meeting_people", page.pk)


def _shown(page: MeetingPage, rows: list[Invitation]) -> dict[str, Any]:
    """As `events/staff/meeting_people.html` has it."""
    invited, now = {row.person_id: row for row in rows}, invitations.facts_key(page)
    draft: MeetingPage = page.get_latest_revision_as_object()
    shown = []
    for child in draft.attendance:
        person = child.value["person"]
        if person:
            row = invited.get(person.pk)
            shown.append({"person": person, "row": row, "part": _part(child.value), "state": child.value["state"], "told": _told(person, row, now)})
    return {
        "people": shown,
        "states": STATES,
        "facts": words.facts_of_meeting(page),
        "is_over": page.ends_at <= timezone.now(),
        "has_begun": page.starts_at <= timezone.now(),
        "waits": INVITED,
    }


def _part(value: Any) -> str:
    return str(dict(value.block.child_blocks["part"].field.choices).get(value["part"], ""))


def _told(person: Any, row: Invitation | None, now: str) -> str:
    if row is None:
        return _("Added in the draft: publish the page first.")
    if not person.email:
        return _("No e-mail address: tell them otherwise.")
    if not row.told:
        return _("Not invited yet")
    return "" if row.told == now else _("Knows another time or place")
