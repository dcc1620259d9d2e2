"""A period that stands in an address: so many days until today, or from a day to a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from collections.abc import Mapping

OWN = "own"
CHOICES = {
    "1": gettext_lazy("Today"),
    "7": gettext_lazy("Last 7 days"),
    "30": gettext_lazy("Last 30 days"),
    "90": gettext_lazy("Last 90 days"),
    "365": gettext_lazy("Last 12 months"),
    OWN: gettext_lazy("From a day to a day"),
}


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class PeriodForm(forms.Form):
    """Takes anything that an address can hold; what is no choice is told, and narrows nothing. `periods` are of `CHOICES`, `usual` is one of them."""

    periods: ClassVar[tuple[str, ...]] = ("30", "90", "365", OWN)
    usual: ClassVar = "90"

    period = forms.ChoiceField(label=gettext_lazy("Period"), required=False)
    first = _day(gettext_lazy("From"))
    last = _day(gettext_lazy("Until"))

    def __init__(self, asked: Mapping[str, Any], today: date, **how: Any) -> None:
        super().__init__(asked, **how)
        self.today = today
        self.choose("period", {name: CHOICES[name] for name in self.periods})

    def choose(self, name: str, found: Mapping[str, Any]) -> None:
        field: Any = self.fields[name]
        field.choices = list(found.items())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if cleaned.get("period") == OWN:
            for name in ("first", "last"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("Give the day."))
        if first and last and first > last:
            self.add_error("last", _("The last day is before the first."))
        return cleaned

    def span(self) -> tuple[date, date]:
        """Its first and its last day, both shown and neither to come."""
        self.is_valid()
        found = self.cleaned_data
        first, last = found.get("first"), found.get("last")
        if found.get("period") == OWN and first and last:
            return min(first, self.today), min(last, self.today)
        period = found.get("period") or self.usual
        days = int(self.usual if period == OWN else period)
        return self.today - timedelta(days=days - 1), self.today
