"""The new e-mail address of a person: asked for on the page of their own data, confirmed by a button behind the link that went to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from base.by_link import broken, frame_alone, private
from base.public_forms import guarded
from contacts.privacy import address, links
from contacts.privacy.own_views import AddressForm, by_token, show
from mail.signing import BadToken

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from contacts.models import Person


@guarded(group="contacts.address")
@by_token
def ask(request: HttpRequest, person: Person, token: str) -> HttpResponse:
    """The answer is the same whoever has the address."""
    if request.method != "POST":
        return redirect(links.path_by(token))
    form = AddressForm(request.POST)
    if request.limited:  # type: ignore[attr-defined]  # django-ratelimit's own convention
        form.limit()
    if form.is_valid() and _asked(person, form):
        return redirect(f"{links.path_by(token)}?asked")
    return show(request, person, token, address_form=form)


def _asked(person: Person, form: AddressForm) -> bool:
    email = form.cleaned_data["email"]
    if email.lower() == person.email.lower():
        form.add_error("email", forms.ValidationError(_("Our mail goes to this address already.")))
        return False
    try:
        address.ask(person, email)
    except address.TooMany:
        form.add_error("email", forms.ValidationError(_("Links have been sent today already. Look into your mail, or try again tomorrow.")))
        return False
    return True


@guarded(group="contacts.new_address", rate=None)
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """A question, and by its button the change: links are followed by scanners too."""
    try:
        change = address.asked_by(token)
    except BadToken:
        return broken(request, _("The link is too old, or was used already. Ask for another one on the page of your own data."))
    if request.method != "POST":
        context = {"title": _("Is this your new address?"), "email": change.email}
        return private(render(request, "contacts/new_address.html", frame_alone(request) | context))
    try:
        address.confirm(change)
    except address.Taken:
        told = {"title": _("Nothing was changed"), "text": _("This address is in our register already. Write to us, and we put it right.")}
    else:
        told = {"title": _("Your address was changed"), "text": _("From now on our mail goes to this address. The former one was told.")}
    return private(render(request, "base/message_page.html", frame_alone(request) | told))
