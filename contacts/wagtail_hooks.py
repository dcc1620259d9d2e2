from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.widgets import Button
from wagtail.snippets.models import register_snippet

from contacts import people, staff
from contacts.models import Person
from contacts.need_views import NeedCountsView
from contacts.viewsets import ContactsGroup

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern

register_snippet(ContactsGroup)


@hooks.register("before_delete_snippet")
def erase_people(request: HttpRequest, instances: Sequence[Any]) -> HttpResponse | None:
    """Who deletes a person, one or many, erases them everywhere: seats are freed, and no copy of a mail keeps the address."""
    if request.method != "POST" or not request.user.has_perm("contacts.delete_person"):
        return None
    if not instances or not all(isinstance(instance, Person) for instance in instances):
        return None
    for person in instances:
        people.erase_person(person)
    number = len(instances)
    messages.success(request, ngettext("%(number)d person erased.", "%(number)d people erased.", number) % {"number": number})
    return redirect("wagtailsnippets_contacts_person:list")


@hooks.register("register_admin_urls")
def add_urls() -> list[URLPattern]:
    return [
        path("contacts/<int:pk>/showing/", staff.choose_showing, name="contacts_showing"),
        path("contacts/needs/", NeedCountsView.as_view(), name="contacts_need_counts"),
    ]


@hooks.register("register_snippet_listing_buttons")
def add_showing_button(snippet: Any, user: Any, next_url: str | None = None) -> Iterator[Button]:
    if isinstance(snippet, Person) and user.has_perm("contacts.change_person"):
        yield Button(_("Showing on the site"), staff.showing_url(snippet), icon_name="view", priority=60)
