"""Dates in the admin's forms are written and read as Finland writes them."""

from __future__ import annotations

from datetime import datetime

import pytest
from django import forms
from django.utils import timezone, translation
from wagtail.admin.widgets import AdminDateTimeInput


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
