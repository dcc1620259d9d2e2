"""Languages beside the product's own three: a service may be given in them, a publication written in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from babel import Locale
from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from base.languages import active

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.functional import _StrPromise

# In the order of lists: the national languages, then those that are most spoken at Finnish workplaces.
SPOKEN = ("fi", "sv", "en", "se", "smn", "sms", "fse", "fss", "et", "ru", "uk", "ar", "so")
# The Unicode Consortium's tables have no name for these.
SIGNED: dict[str, _StrPromise] = {"fse": _("Finnish Sign Language"), "fss": _("Finland-Swedish Sign Language")}


def language_name(code: str) -> str:
    """In the active language, as it stands inside a sentence there."""
    return str(SIGNED.get(code) or Locale(active()).languages.get(code, code))


def spoken_choices() -> list[tuple[str, str]]:
    return [(code, language_name(code)) for code in SPOKEN]


def language_names(codes: Iterable[str]) -> list[str]:
    known = set(codes)
    return [language_name(code) for code in SPOKEN if code in known]


class SpokenField(models.JSONField):
    """A list of codes of SPOKEN, each with a box to tick."""

    def formfield(self, **kwargs: Any) -> forms.Field:
        values: dict[str, Any] = {"label": kwargs.get("label", self.verbose_name), "required": not self.blank, "help_text": self.help_text}
        field = forms.MultipleChoiceField(choices=spoken_choices, widget=forms.CheckboxSelectMultiple, **values)
        if self.has_default():
            field.initial = self.get_default()
        return field
