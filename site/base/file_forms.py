"""The forms of the picture and document library. Wagtail uses them for every way in: one upload, many at once, and the chooser of a page."""

from __future__ import annotations

from typing import Any

from django import forms
from wagtail.admin.widgets import AdminDateInput
from wagtail.images.forms import BaseImageForm


class ImageForm(BaseImageForm):
    """Asks for the right to show the picture; what was said by half is asked for again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("licensed_until", "consent_until"):
            if name in self.fields:
                self.fields[name].widget = AdminDateInput()
        for name in ("rights", "people"):
            if name in self.fields:
                field = self.fields[name]
                field.choices = [choice for choice in field.choices if choice[0]]
                field.widget = forms.RadioSelect(choices=field.choices)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        for name in ("rights", "licence", "people", "consent_kept"):
            if name in self.fields:
                setattr(self.instance, name, cleaned.get(name) or "")
        for name, words in self.instance.missing_facts():
            if name in self.fields and name not in self.errors:
                self.add_error(name, words)
        return cleaned
