"""The two steps of an import: the file with the statement of where its consents came from, and which column says what."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateInput

from base.spreadsheets import Unreadable
from newsletters.importing.columns import ADDRESS, LABELS, guess
from newsletters.importing.looking import AT_ONCE
from newsletters.importing.rows import read
from newsletters.models import Newsletter, SubscriberImport

if TYPE_CHECKING:
    from datetime import date

# Of the file, which the database keeps until it is brought. The command takes more.
MOST_BYTES = 20_000_000


class FileForm(forms.ModelForm[SubscriberImport]):
    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
        help_text=gettext_lazy(
            "CSV or Excel (.xlsx), a subscriber a line. It is looked at first, and nothing is changed before you have seen what comes."
        ),
    )
    field_order = ("newsletter", "file", "statement", "stated_on", "language")

    class Meta:
        model = SubscriberImport
        fields = ("newsletter", "statement", "stated_on", "language")
        widgets = {"statement": forms.Textarea(attrs={"rows": 4}), "stated_on": AdminDateInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newsletters = cast("forms.ModelChoiceField[Newsletter]", self.fields["newsletter"])
        newsletters.queryset = Newsletter.objects.order_by("name_fi")
        if len(found := list(newsletters.queryset[:2])) == 1:
            newsletters.initial = found[0]

    def clean_stated_on(self) -> date:
        day: date = self.cleaned_data["stated_on"]
        if day > timezone.localdate():
            raise ValidationError(_("Write a day that has been: nobody has agreed yet."))
        return day

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(_("The file is too large for one time: at most %(most)s MB. Divide it.") % {"most": MOST_BYTES // 1_000_000})
        self.instance.content = file.read()
        self.instance.file_name = file.name[:200]
        try:
            read_heading(self.instance)
        except Unreadable as told:
            raise ValidationError(str(told)) from None
        return file


def read_heading(bringing: SubscriberImport) -> None:
    """Fills in the columns and a guess of what they say; of a small file also the number of its lines. Raises Unreadable."""
    table = read(bytes(bringing.content or b""))
    first: list[list[str]] = []
    number = 0
    for number, line in enumerate(islice(table.lines, AT_ONCE + 1), 1):
        if number <= 50:
            first.append(line.cells)
    if not number:
        raise Unreadable(_("There is no line below the heading."))
    bringing.heading = table.heading
    bringing.columns = guess(table.heading, first)
    bringing.rows = number if number <= AT_ONCE else 0


class ColumnsForm(forms.Form):
    """One choice a role, among the file's columns by their headings."""

    def __init__(self, data: Any, *, heading: list[str], columns: dict[str, int]) -> None:
        super().__init__(data, initial={role: str(place) for role, place in columns.items()})
        choices = [("", _("Not in the file")), *((str(place), f"{place + 1}. {name}") for place, name in enumerate(heading))]
        for role, label in LABELS.items():
            errors = {"required": _("Choose the column that holds the addresses.")}
            self.fields[role] = forms.ChoiceField(label=label, choices=choices, required=role == ADDRESS, error_messages=errors)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        seen: dict[str, str] = {}
        for role, place in list(cleaned.items()):
            if place and seen.setdefault(place, role) != role:
                self.add_error(role, _("The column says something else already: %(label)s.") % {"label": LABELS[seen[place]]})
        return cleaned

    def columns(self) -> dict[str, int]:
        return {role: int(place) for role, place in self.cleaned_data.items() if place}
