"""Editors of rich text in the admin's forms tell screen readers what they are for, since Wagtail's label leads to a field that is hidden; and in them
the language of a passage can be marked (WCAG 2.2, 3.1.2), as `<span lang>`, which translators meet as a text of its own."""

from __future__ import annotations

from typing import Any

import wagtail.admin.rich_text.editors.draftail.features as draftail_features
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import register_form_field_override
from wagtail.admin.rich_text import get_rich_text_editor_widget
from wagtail.admin.rich_text.converters.html_to_contentstate import InlineStyleElementHandler
from wagtail.fields import RichTextField

MARKS = {"fi": _("This is Finnish"), "sv": _("This is Swedish"), "en": _("This is English")}


def named(field: RichTextField) -> dict[str, Any]:
    widget = get_rich_text_editor_widget(field.editor, features=field.features)
    widget.options = widget.options | {"ariaLabel": capfirst(field.verbose_name)}
    return {"widget": widget}


def register_languages(features: Any) -> None:
    """`language-fi`, `language-sv` and `language-en`."""
    for code, description in MARKS.items():
        kind = f"LANGUAGE-{code.upper()}"
        control = {"type": kind, "label": code.upper(), "description": description, "style": {"borderBottom": "2px dotted"}}
        features.register_editor_plugin("draftail", f"language-{code}", draftail_features.InlineStyleFeature(control))
        rule = {
            "from_database_format": {f'span[lang="{code}"]': InlineStyleElementHandler(kind)},
            "to_database_format": {"style_map": {kind: {"element": "span", "props": {"lang": code}}}},
        }
        features.register_converter_rule("contentstate", f"language-{code}", rule)


def connect() -> None:
    register_form_field_override(RichTextField, override=named)
