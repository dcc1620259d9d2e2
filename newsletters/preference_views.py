"""The preference centre. A GET changes nothing; the link's token is the authority of a POST, which needs no cookie."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from base.by_link import private
from base.languages import active
from contacts.models import Person
from mail.signing import BadToken
from newsletters import preferences
from newsletters.answers import UNPROCESSABLE, answer, gone, show
from newsletters.preference_forms import PreferencesForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from mail.models import Delivery


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def centre(request: HttpRequest, token: str) -> HttpResponse:
    try:
        person = preferences.person_of(token)
    except BadToken:
        text = _("The link was cut off, or is too old. Open the mail and follow its link again, or ask for a new one where you subscribe.")
        return gone(request, text)
    if person is None:
        text = _("There is nothing to change. You can subscribe again whenever you like.")
        return answer(request, None, title=_("We do not know you any more"), text=text)
    if request.method == "POST" and "leave" in request.POST:
        preferences.leave_all(person, copy=preferences.copy_of(token))
        return _again(request, "left")
    form = PreferencesForm(request.POST if request.method == "POST" else None, standing=preferences.standing_of(person))
    if form.is_bound and form.is_valid():
        return _save(request, person, form, preferences.copy_of(token))
    return _page(request, person, form)


def _save(request: HttpRequest, person: Person, form: PreferencesForm, copy: Delivery | None) -> HttpResponse:
    try:
        preferences.change(person=person, text_language=active(), copy=copy, **form.wishes())
    except Person.DoesNotExist:
        # Erased since the form was read.
        return redirect(request.path)
    return _again(request, "saved")


def _again(request: HttpRequest, done: str) -> HttpResponse:
    """The page as it is by now: going back or loading it again sends nothing twice."""
    return private(redirect(f"{request.path}?done={done}"))


def _page(request: HttpRequest, person: Person, form: PreferencesForm) -> HttpResponse:
    said = {"saved": _("Your choices are saved."), "left": _("You have left all newsletters. We send you none any more.")}
    rows = form.standing.rows
    context = {
        "title": _("Your newsletters"),
        "form": form,
        "email": person.email,
        "said": said.get(request.GET.get("done", ""), "") if not form.is_bound else "",
        "has_any": bool(rows),
        "paused_until": form.standing.settings["paused_until"],
    }
    return show(request, person.theme, "newsletters/preferences.html", context, UNPROCESSABLE if form.errors else 200)
