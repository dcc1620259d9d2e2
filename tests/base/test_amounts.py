"""Sums as people type them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from base.amounts import AmountField, read_amount, written


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1 200,50", "1200.50"),
        ("1 200,50 €", "1200.50"),
        ("1200.5", "1200.50"),
        ("1.200,50", "1200.50"),
        ("1,200.50 EUR", "1200.50"),
        ("1.200.300,5", "1200300.50"),
        ("1 200", "1200"),
        ("7,5 h", "7.50"),
        ("0", "0"),
        ("-3", "-3"),
    ],
)
def test_what_is_understood(typed, value):
    assert read_amount(typed) == Decimal(value)


@pytest.mark.parametrize("typed", ["1.200", "1,200", "12,345,678"])
def test_what_could_be_read_in_two_ways_is_asked(typed):
    with pytest.raises(ValidationError) as told:
        read_amount(typed)
    assert told.value.code == "ambiguous"
    assert typed in told.value.message


@pytest.mark.parametrize("typed", ["noin tuhat", "12,", "1,2,3", "1.200.50", "--1", "1e5", "NaN", "Infinity", "12,3456"])
def test_what_cannot_be_understood_is_refused(typed):
    with pytest.raises(ValidationError) as told:
        read_amount(typed)
    assert told.value.code == "invalid"


@pytest.mark.parametrize("language", ["fi", "sv"])
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.decimals(min_value=0, max_value=9_999_999, places=2))
def test_what_is_written_is_read_again(language, value):
    with translation.override(language):
        assert read_amount(written(value)) == value


def test_a_field_bounds_its_digits():
    assert AmountField(max_digits=5, decimal_places=2).clean("120,50") == Decimal("120.50")
    with pytest.raises(ValidationError):
        AmountField(max_digits=5, decimal_places=2).clean("12 000")
