"""The two steps of an import: the file and why its people may be held; then what its columns are, cells that are mended, and whom rows may be."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.bounds import bound
from base.spreadsheets import Unreadable
from contacts.importing import columns, reading
from contacts.importing.columns import LABELS, MANY
from contacts.importing.matching import ANOTHER, LEAVE
from contacts.models import ContactImport, Purpose
from themes.models import Theme

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contacts.importing.columns import Columns

EXAMPLES, LINES_READ, EXAMPLE = 3, 100, 60
LONGEST_CELL = 1000


class FileForm(forms.ModelForm[ContactImport]):
    """The theme is asked only of who works in several."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.vcf,.vcard"}),
        help_text=gettext_lazy("CSV, Excel (.xlsx) or vCards (.vcf). It is looked at first, and nothing is changed before you have seen what comes."),
    )
    purpose = forms.ModelChoiceField(
        label=gettext_lazy("Purpose"), queryset=Purpose.objects.filter(is_active=True), help_text=gettext_lazy("What the people are held for.")
    )
    field_order = ("theme", "file", "source", "purpose")

    class Meta:
        model = ContactImport
        fields = ("theme", "source", "purpose")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].required = True
        themes = list(Theme.objects.all()[:2])
        if bound() is not None or len(themes) == 1:
            self.fields["theme"].widget = forms.HiddenInput()
            self.fields["theme"].initial = themes[0].pk if themes else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        theme, purpose = cleaned.get("theme"), cleaned.get("purpose")
        if theme and purpose and purpose.theme_id != theme.pk:
            self.add_error("purpose", _("This purpose is another theme's."))
        return cleaned

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        try:
            # What was too large for any file has been thrown away as it came.
            if file.size and not file.read(1):
                raise Unreadable(_("The file is too large for one time: at most %(most)s MB. Divide it.") % {"most": reading.MOST_BYTES // 1_000_000})
            file.seek(0)
            self.instance.content = reading.take(file)
            self.instance.file_name = file.name[:200]
            read_heading(self.instance)
        except Unreadable as told:
            raise ValidationError(str(told)) from None
        return file


def read_heading(bringing: ContactImport) -> None:
    """Raises Unreadable."""
    table = reading.table(bytes(bringing.content or b""))
    if next(table.lines, None) is None:
        raise Unreadable(_("There is no line below the heading."))
    bringing.heading = [cell.replace("\0", "\ufffd") for cell in table.heading]
    bringing.kind = columns.kind_of(table.heading) if table.has_heading else ""
    bringing.columns = columns.guess(table.heading)[0]


def remember_columns(bringing: ContactImport) -> None:
    """As they were chosen for the last file of the theme with the same headings."""
    if bringing.kind:
        others = ContactImport.objects.filter(theme=bringing.theme_id, kind=bringing.kind).exclude(pk=bringing.pk)
        bringing.columns = others.values_list("columns", flat=True).first() or bringing.columns


def examples(bringing: ContactImport) -> list[list[str]]:
    """Of each column, values that differ. Raises Unreadable."""
    found: list[dict[str, None]] = [{} for _heading in bringing.heading]
    for line in islice(reading.table(bytes(bringing.content or b"")).lines, LINES_READ):
        for held, cell in zip(found, line.cells, strict=False):
            if cell and len(held) < EXAMPLES:
                held[cell if len(cell) <= EXAMPLE else f"{cell[:EXAMPLE]}…"] = None
    return [list(held) for held in found]


class ColumnsForm(forms.Form):
    """A choice for each column of the file: what it is taken for."""

    def __init__(self, data: Any, *, heading: list[str], columns: Columns) -> None:
        taken = {place: role for role, places in columns.items() for place in places}
        super().__init__(data, initial={f"column-{place}": role for place, role in taken.items()})
        choices = [("", _("Not brought")), *LABELS.items()]
        for place, name in enumerate(heading):
            self.fields[f"column-{place}"] = forms.ChoiceField(label=f"{place + 1}. {name}", choices=choices, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        seen: dict[str, int] = {}
        for place in range(len(self.fields)):
            role = cleaned.get(f"column-{place}", "")
            if role and role not in MANY and seen.setdefault(role, place) != place:
                told = _("Column %(number)d is taken for it already: %(label)s.") % {"number": seen[role] + 1, "label": LABELS[role]}
                self.add_error(f"column-{place}", told)
        if not self.errors and not columns.names_people(self.columns(cleaned)):
            raise ValidationError(_("Choose a column of names or of e-mail addresses."))
        return cleaned

    def columns(self, cleaned: Mapping[str, Any] | None = None) -> Columns:
        found: Columns = {}
        given = self.cleaned_data if cleaned is None else cleaned
        for place in range(len(self.fields)):
            if role := given.get(f"column-{place}"):
                found.setdefault(role, []).append(place)
        return found


def mended_in(bringing: ContactImport, sent: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Cells that are shown with an error and were typed anew, beside those mended before."""
    found = {row: dict(cells) for row, cells in bringing.mended.items()}
    for problem in (bringing.looked or {}).get("problems", ()):
        row = str(problem[0])
        for place in places_of(bringing, problem):
            before = found.get(row, {}).get(str(place), problem[3])
            typed = sent.get(f"cell-{row}-{place}", before).replace("\0", "").strip()
            if typed != before:
                found.setdefault(row, {})[str(place)] = typed[:LONGEST_CELL]
    return found


def places_of(bringing: ContactImport, problem: list[Any]) -> list[int]:
    """The cells by which a problem is mended: of a row that names nobody, those that could."""
    _row, column, *_rest, can_be_mended = problem
    if column:
        return [column - 1]
    named = ("first_name", "last_name", "name", "email")
    return sorted(bringing.columns[role][0] for role in named if role in bringing.columns) if can_be_mended else []


def choices_in(bringing: ContactImport, sent: Mapping[str, str]) -> dict[str, str]:
    found = dict(bringing.choices)
    for duplicate in (bringing.looked or {}).get("duplicates", ()):
        row = str(duplicate["row"])
        chosen = sent.get(f"choice-{row}", "")
        if chosen in (LEAVE, ANOTHER, *(str(person) for person, _why in duplicate["candidates"])):
            found[row] = chosen
    return found
