"""Kinds of pages by their labels, such as `pages.storypage`, ticked in a form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from wagtail.models import get_page_models

from base.pages import PublicPage


def kinds() -> list[tuple[str, str]]:
    """(label, name) of each kind that readers see."""
    found = [(model._meta.label_lower, str(model._meta.verbose_name)) for model in get_page_models() if issubclass(model, PublicPage)]
    return sorted(((label, name[:1].upper() + name[1:]) for label, name in found), key=lambda row: row[1])


def promised_by_law() -> list[str]:
    """What must be there in Swedish where an authority speaks (Language Act 423/2003, section 32), as each kind says of itself."""
    return sorted(model._meta.label_lower for model in get_page_models() if issubclass(model, PublicPage) and "sv" in model.promised_in)


class KindsField(models.JSONField):
    """A list of labels."""

    def formfield(self, **kwargs: Any) -> Any:
        return forms.MultipleChoiceField(
            choices=kinds, required=False, label=kwargs.get("label", self.verbose_name), widget=forms.CheckboxSelectMultiple
        )
