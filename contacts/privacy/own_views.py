"""What a person does by their link: sees what we hold, corrects it, takes it along, has it erased. The token is the right to do it."""

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
from base.public_forms import PublicForm, guarded
from contacts.models import Person
from contacts.privacy import links
from contacts.privacy import own_data as held
from contacts.privacy.vcard import vcard_of
from mail.signing import BadToken

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

UNPROCESSABLE = 422


class CorrectionForm(PublicForm):
    """The address is not among it: the link itself proves it, and another one would have to be proved first."""

    first_name = forms.CharField(label=gettext_lazy("First name"), max_length=100, required=False)
    last_name = forms.CharField(label=gettext_lazy("Last name"), max_length=100, required=False)
    city = forms.CharField(label=gettext_lazy("Municipality"), max_length=100, required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language of our messages"), choices=lambda: Person._meta.get_field("language").flatchoices)

    FIELDS = ("first_name", "last_name", "city", "language")

    @property
    def shown(self) -> list[Any]:
        return [self[name] for name in self.FIELDS]


def by_token(view: Callable[[HttpRequest, Person, str], HttpResponse]) -> Callable[..., HttpResponse]:
    """Neither stored nor indexed, in the language of the address."""

    @wraps(view)
    def answer(request: HttpRequest, token: str) -> HttpResponse:
        try:
            person = links.person_at(token)
        except BadToken:
            text = _("The link is not whole, or we hold nothing on you any more. Open the link in the mail again.")
            return broken(request, text)
        return private(view(request, person, token))

    return answer


def _page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, template, frame_alone(request) | context, status=status)


@guarded(group="contacts.own_data", rate=None)
@by_token
def own_data(request: HttpRequest, person: Person, token: str) -> HttpResponse:
    known = {name: getattr(person, name) for name in CorrectionForm.FIELDS}
    form = CorrectionForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid() and _corrected(person, form):
        return redirect(f"{links.path_of(person)}?saved")
    context = {
        "title": _("Your data in our contact register"), "person": person, "held": held.held_on(person), "form": form,
        "is_saved": "saved" in request.GET,
        "files": [(links.path_of(person, to), label) for to, label in (("own_pdf", "PDF"), ("own_json", "JSON"), ("own_vcard", "vCard"))],
        "erase_url": links.path_of(person, "erase"),
    }  # fmt: skip
    return _page(request, "contacts/own_data.html", context, UNPROCESSABLE if form.errors else 200)


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
        context = {"title": _("Erase all that we hold on you"), "person": person, "back_url": links.path_of(person)}
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
