"""Sums of money and hours as people type them: "1 200,50", "1200.50 €", "7,5 h". What could be read in two ways is asked, never guessed."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.formats import number_format
from django.utils.translation import gettext as _

UNIT = re.compile(r"(€|eur|e|h|t)\.?$", re.IGNORECASE)
PLAIN = re.compile(r"-?\d+(?:[.,](\d{1,2}))?")
# Thousands parted by one mark, and decimals by the other: 1.200,50 or 1,200.50.
PARTED = re.compile(r"-?\d{1,3}(?:\.\d{3})+,(\d{1,2})|-?\d{1,3}(?:,\d{3})+\.(\d{1,2})")
AMBIGUOUS = re.compile(r"-?\d{1,3}(?:\.\d{3})+|-?\d{1,3}(?:,\d{3})+")


def read_amount(text: str) -> Decimal:
    """Raises ValidationError."""
    plain = UNIT.sub("", "".join(text.split()))
    if AMBIGUOUS.fullmatch(plain):
        told = _("“%(typed)s” can be read in two ways. Write thousands with a space, and decimals with two digits: 1 200 or 1,20.")
        raise ValidationError(told % {"typed": text.strip()}, code="ambiguous")
    found = PLAIN.fullmatch(plain) or PARTED.fullmatch(plain)
    if not found:
        raise ValidationError(_("Write the amount in digits, for example 1 200,50."), code="invalid")
    decimals = next((part for part in found.groups() if part), "")
    whole = plain[: -len(decimals) - 1] if decimals else plain
    return Decimal(f"{re.sub(r'[.,]', '', whole)}.{decimals or 0}")


def written(value: Decimal) -> str:
    """As it is read in the active language, without needless zeros."""
    exact = value.quantize(Decimal("0.01")) if value % 1 else value.quantize(Decimal(1))
    return number_format(exact, use_l10n=True, force_grouping=True)


class AmountField(forms.DecimalField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})} | kwargs)

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        return value if isinstance(value, Decimal) else read_amount(str(value))

    def prepare_value(self, value: Any) -> Any:
        return written(value) if isinstance(value, Decimal) else value


class AmountColumn(models.DecimalField):  # type: ignore[type-arg]  # not subscriptable at run time
    """Django's own in the database and in migrations; typed as people write."""

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.DecimalField", args, kwargs

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**({"form_class": AmountField} | kwargs))
