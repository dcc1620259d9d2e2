"""Who is still to be told that we hold their data, who is due first on top; and the link that a person comes to their own data by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from base.staff import staff_of
from contacts.details import url_of
from contacts.models import Person
from contacts.privacy import links, notices, words
from contacts.privacy.notice_text import NoController
from contacts.screens import Screen

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

ROWS = 50


class NoticesForm(forms.Form):
    """Those who are ticked are sent the notice, or, with `how`, noted as told otherwise."""

    people = forms.ModelMultipleChoiceField(
        queryset=Person.objects.none(), required=True, error_messages={"required": gettext_lazy("Tick at least one person.")}
    )
    how = forms.CharField(label=gettext_lazy("How they were told"), max_length=500, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = notices.owed()  # type: ignore[attr-defined]  # a field of rows has it

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "otherwise" in self.data and not cleaned.get("how"):
            self.add_error("how", _("Write how they were told, such as “by telephone on 12 March”."))
        return cleaned


class NoticesView(Screen):
    permission = "contacts.change_person"
    template_name = "contacts/staff/notices.html"
    page_title = gettext_lazy("To be told that we hold their data")
    header_icon = "lock"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = NoticesForm(request.POST)
        if form.is_valid():
            try:
                self._act(form.cleaned_data)
            except NoController:
                form.add_error(
                    None,
                    _("Nobody answers for one of the purposes. Tick a controller first, of the theme or of the purpose: the notice names it."),
                )
        if form.errors:
            return self.answer(422, form=form)
        return redirect("contacts_notices")

    def _act(self, chosen: dict[str, Any]) -> None:
        people, by = list(chosen["people"].select_related("theme")), staff_of(self.request)
        if "otherwise" in self.request.POST:
            for person in people:
                notices.told_otherwise(person, how=chosen["how"], by=by)
            told = ngettext("%(number)d person noted as told.", "%(number)d people noted as told.", len(people)) % {"number": len(people)}
            messages.success(self.request, told)
            return
        number = notices.send_soon(people, by=by)
        messages.success(
            self.request, ngettext("The notice goes to %(number)d person.", "The notice goes to %(number)d people.", number) % {"number": number}
        )
        if number < len(people):
            messages.warning(self.request, _("Some have no address that takes mail. Tell them otherwise, and note how."))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(notices.owed().prefetch_related("held_for"), ROWS).get_page(self.request.GET.get("p"))
        said = words.in_words({row.source for person in page for row in person.held_for.all()})
        now, ticked = timezone.now(), set(self.request.POST.getlist("people"))
        rows = [
            {
                "person": person,
                "url": url_of(person),
                "source": "; ".join(dict.fromkeys(said[row.source] for row in person.held_for.all())),
                "is_over": person.due_at < now,
                "is_ticked": str(person.pk) in ticked,
            }
            for person in page
        ]
        return super().get_context_data(**kwargs) | {"rows": rows, "page": page, "form": kwargs.get("form") or NoticesForm()}


@permission_required("contacts.change_person", raise_exception=True)
@require_POST
def void_links(request: HttpRequest, pk: int) -> HttpResponse:
    """For a link that went astray."""
    links.make_void(get_object_or_404(Person, pk=pk), by=staff_of(request))
    messages.success(request, _("The links to the person's own data do not work any more. Send a new one if they need it."))
    return redirect(reverse("wagtailsnippets_contacts_person:inspect", args=[pk]))


@permission_required("contacts.change_person", raise_exception=True)
@require_POST
def send_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Mails the person the link to their own data."""
    person = get_object_or_404(Person.objects.select_related("theme"), pk=pk)
    if person.email:
        links.send_link(person, by=staff_of(request))
        messages.success(request, _("The link goes to the person's own address."))
    else:
        messages.error(request, _("The person has no e-mail address."))
    return redirect(reverse("wagtailsnippets_contacts_person:inspect", args=[pk]))
