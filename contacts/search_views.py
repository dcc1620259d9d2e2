"""The screen that finds a contact while its name is typed. Without scripts it is a form with an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy

from contacts import search
from contacts.details import url_of
from contacts.models import Person
from contacts.screens import Screen

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

LONGEST = 200


class SearchForm(forms.Form):
    q = forms.CharField(
        label=gettext_lazy("Name, organisation or e-mail"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "search", "data-w-swap-target": "input", "autocomplete": "off", "maxlength": LONGEST}),
        help_text=gettext_lazy("Beginnings of words are enough, in any order: “aino esim”. Arrow keys move in the answers."),
    )


class SearchView(Screen):
    permission = "contacts.view_person"
    template_name = "contacts/staff/search.html"
    page_title = gettext_lazy("Find a contact")
    header_icon = "search"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        typed = self.request.GET.get("q", "")
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | answer_to(typed) | {"form": SearchForm({"q": typed}), "answers_url": reverse("contacts_search_answers")}


class AnswersView(SearchView):
    """The answers alone, for the script."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return render(request, "contacts/staff/search_answers.html", answer_to(request.GET.get("q", "")))


def answer_to(typed: str) -> dict[str, Any]:
    typed = typed.replace("\0", "")[:LONGEST].strip()
    found = search.find(typed)
    exact, near = ([_row(one) for one in found if one.is_near == is_near] for is_near in (False, True))
    return {"typed": typed, "exact": exact, "near": near, "number": len(found), "is_short": 0 < len(typed) < search.LEAST}


def _row(found: search.Found) -> dict[str, Any]:
    return {"found": found, "url": url_of(found.contact), "is_person": isinstance(found.contact, Person)}
