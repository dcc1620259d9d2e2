"""The log of contacts: who did what, when and to whom, narrowed by kind, user and days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateInput

from base.models import User
from contacts.privacy import audit
from contacts.screens import Screen

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from wagtail.models import ModelLogEntry

ROWS = 50


class AuditForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("What was done"), required=False)
    user = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Who"), required=False, empty_label=gettext_lazy("Everybody"))
    since = forms.DateField(label=gettext_lazy("From"), required=False, widget=AdminDateInput)
    until = forms.DateField(label=gettext_lazy("Until"), required=False, widget=AdminDateInput)

    def __init__(self, *args: Any, rows: QuerySet[ModelLogEntry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        kinds = [("", _("Everything")), ("changes", _("Changes")), *((key, label) for key, (label, _actions) in audit.KINDS.items())]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]  # a field of choices has it
        people = User.objects.filter(pk__in=rows.order_by().values("user")).order_by("last_name", "first_name", "username")
        self.fields["user"].queryset = people  # type: ignore[attr-defined]  # a field of rows has it

    def found(self) -> QuerySet[ModelLogEntry]:
        """What is filled in wrong narrows nothing, and says so."""
        asked, rows = getattr(self, "cleaned_data", {}), self.rows
        if asked.get("kind"):
            rows = audit.of_kind(rows, asked["kind"])
        if asked.get("user"):
            rows = rows.filter(user=asked["user"])
        if asked.get("since"):
            rows = rows.filter(timestamp__date__gte=asked["since"])
        if asked.get("until"):
            rows = rows.filter(timestamp__date__lte=asked["until"])
        return rows


class AuditView(Screen):
    permission = "contacts.change_person"
    template_name = "contacts/staff/audit.html"
    page_title = gettext_lazy("Log of contacts")
    header_icon = "history"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = AuditForm(self.request.GET, rows=audit.entries())
        form.is_valid()
        page = Paginator(form.found().select_related("user", "content_type"), ROWS).get_page(self.request.GET.get("p"))
        asked = self.request.GET.copy()
        asked.pop("p", None)
        found = {"rows": audit.told(page), "page_of_rows": page, "asked": f"{asked.urlencode()}&" if asked else ""}
        return super().get_context_data(**kwargs) | {"form": form} | found
