"""Dates in the admin's forms are written and read as Finland writes them; elsewhere as each language is written here."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django import forms
from django.utils import timezone, translation
from django.utils.formats import date_format
from wagtail.admin.widgets import AdminDateTimeInput

MOMENT = datetime(2026, 12, 4, 9, 5, tzinfo=UTC)


class When(forms.Form):
    at = forms.DateTimeField(widget=AdminDateTimeInput)


@pytest.mark.parametrize("code", ["fi", "sv", "en"])
@pytest.mark.parametrize("typed", ["14.12.2026 09.00", "14.12.2026 9.00", "14.12.2026 9:00", "2026-12-14 09:00"])
def test_a_date_is_read_as_it_is_written_here(code, typed):
    with translation.override(code):
        form = When({"at": typed})
        assert form.is_valid(), form.errors
        assert form.cleaned_data["at"] == timezone.make_aware(datetime(2026, 12, 14, 9))
        assert 'value="14.12.2026 09.00"' in str(When(initial={"at": form.cleaned_data["at"]})["at"])


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("fi", ["4. joulukuuta 2026", "4. joulukuuta 2026 kello 9.05", "4.12.2026", "4.12.2026 9.05"]),
        ("sv", ["4 december 2026", "4 december 2026 kl. 9.05", "4.12.2026", "4.12.2026 9.05"]),
        ("en", ["4 December 2026", "4 December 2026, 09:05", "4 Dec 2026", "4 Dec 2026, 09:05"]),
    ],
)
def test_dates_are_written_as_the_language_writes_them(language: str, written: list[str]) -> None:
    with translation.override(language):
        names = ("DATE_FORMAT", "DATETIME_FORMAT", "SHORT_DATE_FORMAT", "SHORT_DATETIME_FORMAT")
        assert [date_format(MOMENT, name) for name in names] == written
