"""The three languages of the product, and rows that carry their words in each of them."""

from __future__ import annotations

from typing import Any, Protocol

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel

CODES = ("fi", "sv", "en")
FALLBACK = "fi"


class Words(Protocol):
    """A text in three languages, as the demo's files and `set_words` have it."""

    def __getitem__(self, language: str, /) -> str: ...


def active() -> str:
    """The active language, one of CODES."""
    language = (get_language() or FALLBACK).split("-")[0]
    return language if language in CODES else FALLBACK


class Localised:
    """Reads `<name>_<language>` in the active language, and Finnish where that is empty."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type | None = None) -> str:
        if instance is None:
            return self  # type: ignore[return-value]  # Django reads descriptors off the class while it builds the model
        words: str = getattr(instance, f"{self.name}_{active()}") or getattr(instance, f"{self.name}_{FALLBACK}")
        return words


def set_words(row: models.Model, name: str, words: Words) -> None:
    for code in CODES:
        setattr(row, f"{name}_{code}", words[code])


def language_panels(name: str) -> FieldRowPanel:
    return FieldRowPanel([FieldPanel(f"{name}_{code}") for code in CODES])


class Named(models.Model):
    """A row with a name in three languages; Finnish is required."""

    name_fi = models.CharField(_("name in Finnish"), max_length=250)
    name_sv = models.CharField(_("name in Swedish"), max_length=250, blank=True)
    name_en = models.CharField(_("name in English"), max_length=250, blank=True)
    name = Localised()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Described(models.Model):
    """A row with a description in three languages."""

    description_fi = models.TextField(_("description in Finnish"), blank=True)
    description_sv = models.TextField(_("description in Swedish"), blank=True)
    description_en = models.TextField(_("description in English"), blank=True)
    description = Localised()

    class Meta:
        abstract = True


class LanguageField(models.CharField):  # type: ignore[type-arg]  # not subscriptable at run time
    """A person's or a row's language, one of CODES."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        ours: dict[str, Any] = {"max_length": 2, "choices": [("fi", _("Finnish")), ("sv", _("Swedish")), ("en", _("English"))], "default": FALLBACK}
        super().__init__(*args, **ours | kwargs)
