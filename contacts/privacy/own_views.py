"""What a person does by their link: sees what we hold, corrects it, takes it along, has it erased. The token is the right to do it.

Another e-mail address is proved first: `address_views`.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from base.by_link import broken, frame_alone, private
from base.languages import active
from base.public_forms import AddressField, PublicForm, guarded
from contacts.models import Person
from contacts.privacy import links
from contacts.privacy import own_data as held
from contacts.privacy.vcard import vcard_of
from mail.signing import BadToken

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

GONE, UNPROCESSABLE = 410, 422
GONE_TEXT = gettext_lazy("The link is not whole, is not in force any more, or we hold nothing on you. Open the link in the mail again.")


class CorrectionForm(PublicForm):
    """The address is not among it: another one has to be proved first."""

    first_name = forms.CharField(label=gettext_lazy("First name"), max_length=100, required=False)
    last_name = forms.CharField(label=gettext_lazy("Last name"), max_length=100, required=False)
    city = forms.CharField(label=gettext_lazy("Municipality"), max_length=100, required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language of our messages"), choices=lambda: Person._meta.get_field("language").flatchoices)

    FIELDS = ("first_name", "last_name", "city", "language")

    @property
    def shown(self) -> list[Any]:
        return [self[name] for name in self.FIELDS]


class AddressForm(PublicForm):
    email = AddressField(label=gettext_lazy("New e-mail address"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Beside another form of the page.
        super().__init__(*args, **{"auto_id": "address_%s"} | kwargs)


def by_token(view: Callable[[HttpRequest, Person, str], HttpResponse]) -> Callable[..., HttpResponse]:
    """Neither stored nor indexed, in the language of the address."""

    @wraps(view)
    def answer(request: HttpRequest, token: str) -> HttpResponse:
        try:
            person = links.person_at(token)
        except links.Expired as old:
            return private(_too_old(request, token, old.person))
        except BadToken:
            return broken(request, str(GONE_TEXT))
        return private(view(request, person, token))

    return answer


def _too_old(request: HttpRequest, token: str, person: Person) -> HttpResponse:
    """With a button that mails a fresh link. Nothing of the person is told."""
    with translation.override(active()):
        context = {"title": _("This link is too old"), "again_url": links.path_by(token, "again")}
        return _page(request, "contacts/too_old.html", context, GONE)


@guarded(group="contacts.again")
def again(request: HttpRequest, token: str) -> HttpResponse:
    """Answers the same to everybody who has an old link."""
    try:
        links.person_at(token)
    except links.Expired as old:
        if request.method != "POST":
            return private(_too_old(request, token, old.person))
        if not request.limited:  # type: ignore[attr-defined]  # django-ratelimit's own convention
            links.send_fresh_link(old.person)
        text = _("If we still have your address, a fresh link is on its way to it. We send one an hour at most.")
        return private(_page(request, "base/message_page.html", {"title": _("Look into your mail"), "text": text}))
    except BadToken:
        return broken(request, str(GONE_TEXT))
    return redirect(links.path_by(token))


def _page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, template, frame_alone(request) | context, status=status)


@guarded(group="contacts.own_data", rate=None)
@by_token
def own_data(request: HttpRequest, person: Person, token: str) -> HttpResponse:
    form = CorrectionForm(request.POST or None, initial=_known(person))
    if request.method == "POST" and form.is_valid() and _corrected(person, form):
        return redirect(f"{links.path_by(token)}?saved")
    return show(request, person, token, form)


def _known(person: Person) -> dict[str, Any]:
    return {name: getattr(person, name) for name in CorrectionForm.FIELDS}


def show(
    request: HttpRequest, person: Person, token: str, form: CorrectionForm | None = None, address_form: AddressForm | None = None
) -> HttpResponse:
    """Of the two forms at most one was sent."""
    form = form or CorrectionForm(initial=_known(person))
    address_form = address_form or AddressForm()
    context = {
        "title": _("Your data in our contact register"), "person": person, "held": held.held_on(person), "form": form,
        "address_form": address_form, "address_url": links.path_by(token, "address"), "is_saved": "saved" in request.GET,
        "is_asked": "asked" in request.GET, "own_url": links.path_by(token),
        "files": [(links.path_by(token, to), label) for to, label in (("own_pdf", "PDF"), ("own_json", "JSON"), ("own_vcard", "vCard"))],
        "erase_url": links.path_by(token, "erase"),
    }  # fmt: skip
    return _page(request, "contacts/own_data.html", context, UNPROCESSABLE if form.errors or address_form.errors else 200)


def _corrected(person: Person, form: CorrectionForm) -> bool:
    """False where the register refuses it: a person without a name and an address."""
    try:
        held.correct(person, {name: form.cleaned_data[name] for name in CorrectionForm.FIELDS})
    except forms.ValidationError as refused:
        form.add_error(None, forms.ValidationError(refused.messages))
        return False
    return True


@guarded(group="contacts.erase", rate=None)
@by_token
def erase(request: HttpRequest, person: Person, token: str) -> HttpResponse:
    """A question, and by its button the end: links are followed by scanners too."""
    if request.method != "POST":
        context = {"title": _("Erase all that we hold on you"), "person": person, "back_url": links.path_by(token)}
        return _page(request, "contacts/erase.html", context)
    held.erase(person)
    text = _("We hold nothing on you any more. Your address stands on our suppression list as a key that tells nobody who you are.")
    return _page(request, "base/message_page.html", {"title": _("Your data was erased"), "text": text})


def _file(person: Person, content: bytes, kind: str, ending: str) -> HttpResponse:
    log(person, "contacts.exported", data={"format": ending})
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="kantama.{ending}"'})


@by_token
def as_json(request: HttpRequest, person: Person, token: str) -> HttpResponse:
    return _file(person, held.as_json(person), "application/json", "json")


@by_token
def as_vcard(request: HttpRequest, person: Person, token: str) -> HttpResponse:
    return _file(person, vcard_of(person), "text/vcard; charset=utf-8", "vcf")


@by_token
def as_pdf(request: HttpRequest, person: Person, token: str) -> HttpResponse:
    with translation.override(active()):
        return _file(person, held.as_pdf(person), "application/pdf", "pdf")
