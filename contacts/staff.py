"""Writing down that a person may be shown on the site, or may not any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from contacts import showing
from contacts.models import Person

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class HowForm(forms.Form):
    how = forms.CharField(label=_("How and when they said so"), max_length=200, help_text=_("“By e-mail on 12 March”: this is kept as evidence."))


def showing_url(person: Person) -> str:
    return reverse("contacts_showing", args=[person.pk])


@permission_required("contacts.change_person", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def choose_showing(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(Person, pk=pk)
    consent = showing.consent_of(person)
    form = HowForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = showing.end_showing if consent else showing.allow_showing
        act(person, how=form.cleaned_data["how"])
        words = (
            gettext("%(person)s is not shown on the site any more.") if consent else gettext("%(person)s may now be chosen for pages of the site.")
        )
        messages.success(request, words % {"person": person})
        return redirect("wagtailsnippets_contacts_person:list")
    context = {"person": person, "consent": consent, "form": form, "text": showing.consent_text(person.language)}
    return render(request, "contacts/staff/showing.html", context, status=422 if form.errors else 200)
