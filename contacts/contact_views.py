"""The page of a person, of an organisation and of a network: what is known, and what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.snippets.views.snippets import InspectView

from base.staff import staff_of
from contacts import details, timeline
from contacts.models import Person
from contacts.network.views import ego_url
from contacts.notes import add_note

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from contacts.models import Network


class NoteForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Write so that the person may read it: it is given out with everything else, when asked for."),
    )


class DetailView(InspectView):
    """Leads back to the list without naming the row twice."""

    page_title = gettext_lazy("What is known")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        *above, _own = super().get_breadcrumbs_items()
        items: list[dict[str, Any]] = [item for item in above if item.get("url") != self.get_edit_url()]
        return [*items, {"url": "", "label": str(self.object)}]

    def get_page_title(self) -> str:
        return str(self.object)

    def get_page_subtitle(self) -> str:
        # The heading has both, one behind the other.
        return ""


class ContactView(DetailView):
    """Of a person or an organisation."""

    template_name = "contacts/staff/contact.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A note, the one thing that is written here."""
        if not self._may_write():
            raise PermissionDenied
        form = NoteForm(request.POST)
        if not form.is_valid():
            answer: HttpResponse = self.render_to_response(self.get_context_data(form=form), status=422)
            return answer
        add_note(self.object, form.cleaned_data["text"], by=staff_of(request))
        messages.success(request, _("The note stands in the timeline."))
        return redirect(f"{request.path}#timeline")

    def _url_for_links(self, name: str) -> str:
        """Where the person's link to their own data is sent to them, and where those that are out there are made void."""
        may = isinstance(self.object, Person) and staff_of(self.request).has_perm("contacts.change_person")
        return reverse(name, args=[self.object.pk]) if may else ""

    def _may_write(self) -> bool:
        return staff_of(self.request).has_perm("contacts.add_note")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        contact, mark = self.object, self.request.GET.get("older", "")
        page = timeline.read(contact, mark=mark, user=self.request.user)
        return {
            "facts": details.facts_of(contact),
            "link_url": self._url_for_links("contacts_send_link") if getattr(contact, "email", "") else "",
            "void_url": self._url_for_links("contacts_void_links"),
            "network_url": ego_url(contact) if self.request.user.has_perm("contacts.view_tie") else "",
            "sections": details.sections_of(contact, self.request.user),
            "page": page,
            "is_older": bool(mark),
            "form": NoteForm() if self._may_write() else None,
            "log_url": log_url(self.request.user, people=contact.pk) if isinstance(contact, Person) else "",
        } | context


class NetworkView(DetailView):
    """Its members, those of today and those before them."""

    template_name = "contacts/staff/network.html"

    def _file_url(self, network: Network) -> str:
        """Where its members are taken along, and what leads back here."""
        act = reverse("wagtail_bulk_action", args=["contacts", "network", "take_members_along"])
        return f"{act}?{urlencode({'id': network.pk, 'next': self.request.path})}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        network: Network = self.object
        today = timezone.localdate()
        rows = list(network.memberships.select_related("person", "organisation").order_by("-starts", "pk"))
        order = list(type(rows[0]).Part) if rows else []
        rows.sort(key=lambda row: order.index(row.part))
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "network": network,
            "log_url": log_url(self.request.user, network=network.pk),
            "file_url": self._file_url(network) if self.request.user.has_perm("contacts.view_person") else "",
            "members": [_member(row) for row in rows if row.is_current(today)],
            "others": [_member(row) for row in rows if not row.is_current(today)],
        }


def log_url(user: Any, **whom: int) -> str:
    """Where a meeting with them is written down, for who may."""
    return f"{reverse('contacts_log')}?{urlencode(whom)}" if user.has_perm("contacts.add_touch") else ""


def _member(row: Any) -> dict[str, Any]:
    return {
        "person": row.person,
        "person_url": details.url_of(row.person),
        "organisation": row.organisation,
        "organisation_url": details.url_of(row.organisation),
        "part": row.get_part_display(),
        "term": details.term(row),
    }
