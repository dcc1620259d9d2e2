"""The forms of the picture and document library. Wagtail uses them for every way in: one upload, many at once, and the chooser of a page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.account import AvatarPreferencesForm
from wagtail.admin.widgets import AdminDateInput
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

from base.uploads.fields import DocumentFormField, PictureFormField


def _check_content(form: forms.BaseForm, kind: type[forms.FileField]) -> None:
    """Wagtail chooses the field by the model's alone; its label and widget stay. The browser refuses what is too large before it sends it."""
    if "file" in form.fields:
        field: Any = form.fields["file"]
        made: Any = kind(label=field.label, required=field.required, widget=field.widget)
        made.widget.attrs |= {"data-most-bytes": made.max_upload_size, "data-too-large": made.error_messages["file_too_large_unknown_size"]}
        form.fields["file"] = made


class DocumentForm(BaseDocumentForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _check_content(self, DocumentFormField)


class ImageForm(BaseImageForm):
    """Asks for the right to show the picture; what was said by half is asked for again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _check_content(self, PictureFormField)
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


class AvatarForm(AvatarPreferencesForm):
    """The staff's own pictures are pictures too."""

    avatar = PictureFormField(label=_("Upload a profile picture"), required=False)
