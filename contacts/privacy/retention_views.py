"""Who is forgotten next by itself, and when; keeping somebody, with a reason and a day; and what was done, in numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.admin.widgets import AdminDateInput

from base.bounds import bound
from base.staff import staff_of
from contacts.details import url_of
from contacts.models import HeldFor, Keep, Person, Purpose
from contacts.privacy import retention
from contacts.screens import Screen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest, HttpResponse

ROWS = 50


class KeepForm(forms.Form):
    people = forms.ModelMultipleChoiceField(
        queryset=Person.objects.none(), required=True, error_messages={"required": gettext_lazy("Tick at least one person.")}
    )
    reason = forms.CharField(label=gettext_lazy("Why they are kept"), max_length=300, help_text=gettext_lazy("The person may read it."))
    until = forms.DateField(label=gettext_lazy("Kept until"), widget=AdminDateInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = Person.objects.filter(pk__in=retention.ending().order_by().values("person"))  # type: ignore[attr-defined]

    def clean_until(self) -> Any:
        day = self.cleaned_data["until"]
        if day <= timezone.localdate():
            raise forms.ValidationError(_("Give a day that is to come."))
        return day


class RetentionView(Screen):
    permission = "contacts.change_person"
    template_name = "contacts/staff/retention.html"
    page_title = gettext_lazy("Forgotten next")
    header_icon = "time"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "let_go" in request.POST:
            number = request.POST["let_go"]
            row = get_object_or_404(Keep.objects.standing(), pk=number if number.isdecimal() and len(number) < 19 else 0)
            retention.end_keeping(row, by=staff_of(request))
            messages.success(request, _("The person is not kept any more. They stand in this list before they are forgotten."))
            return redirect("contacts_retention")
        form = KeepForm(request.POST)
        if not form.is_valid():
            return self.answer(422, form=form)
        people = list(form.cleaned_data["people"])
        for person in people:
            retention.keep(person, reason=form.cleaned_data["reason"], until=form.cleaned_data["until"], by=staff_of(request))
        told = ngettext("%(number)d person is kept.", "%(number)d people are kept.", len(people)) % {"number": len(people)}
        messages.success(request, told)
        return redirect("contacts_retention")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(retention.ending().select_related("person", "purpose"), ROWS).get_page(self.request.GET.get("p"))
        return super().get_context_data(**kwargs) | {
            "rows": rows_of(page, set(self.request.POST.getlist("people"))),
            "page_of_rows": page,
            "form": kwargs.get("form") or KeepForm(),
            "kept": [(row, url_of(row.person)) for row in Keep.objects.standing().select_related("person", "by")[:ROWS]],
            "done": retention.done_by_day(bound()),
            "purposes": list(Purpose.objects.order_by("name_fi", "pk")),
            "notice_days": retention.NOTICE.days,
        }


def rows_of(page: Iterable[HeldFor], ticked: set[str]) -> list[dict[str, Any]]:
    """With whether the person is forgotten by it, or is still held for something else. One query."""
    rows = list(page)
    others: dict[int, list[HeldFor]] = {}
    for other in HeldFor.objects.filter(person__in={row.person_id for row in rows}):
        others.setdefault(other.person_id, []).append(other)
    return [
        {
            "row": row,
            "url": url_of(row.person),
            "is_last": not any(_outlasts(other, row) for other in others.get(row.person_id, ()) if other.pk != row.pk),
            "is_ticked": str(row.person_id) in ticked,
        }
        for row in rows
    ]


def _outlasts(other: HeldFor, row: HeldFor) -> bool:
    """Rows that end on one day end in their order."""
    return other.ends_on is None or row.ends_on is None or (other.ends_on, other.pk) > (row.ends_on, row.pk)
