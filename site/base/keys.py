"""Rows' numbers in addresses."""

from __future__ import annotations

from django.urls.converters import IntConverter


class KeyConverter(IntConverter):
    """`<key:pk>`: a whole number that every database can hold. Of a longer one a robot gets 404, and not an error of the database."""

    regex = "[0-9]{1,9}"
