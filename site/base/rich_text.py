"""Editors of rich text in the admin's forms tell screen readers what they are for: Wagtail's label leads to a field that is hidden."""

from __future__ import annotations

from typing import Any

from django.utils.text import capfirst
from wagtail.admin.forms.models import register_form_field_override
from wagtail.admin.rich_text import get_rich_text_editor_widget
from wagtail.fields import RichTextField


def named(field: RichTextField) -> dict[str, Any]:
    widget = get_rich_text_editor_widget(field.editor, features=field.features)
    widget.options = widget.options | {"ariaLabel": capfirst(field.verbose_name)}
    return {"widget": widget}


def connect() -> None:
    register_form_field_override(RichTextField, override=named)
