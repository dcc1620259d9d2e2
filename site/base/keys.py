"""Rows' numbers and signed tokens in addresses."""

from __future__ import annotations

import re

from django.urls.converters import IntConverter, StringConverter


class KeyConverter(IntConverter):
    """`<key:pk>`: a whole number that every database can hold. Of a longer one a robot gets 404, and not an error of the database."""

    regex = "[0-9]{1,9}"


class TokenConverter(StringConverter):
    """`<token:token>`, at an address's end and with its closing slash: a signed token (`mail.signing`), whatever a mail program has made of it.

    What is no letter of a token ends it: a bracket or a full stop of the sentence behind the link. A cut one comes to the view, which says what
    to do, and is not a page that is missing.
    """

    regex = ".*"

    def to_python(self, value: str) -> str:
        found = re.match(r"[\w.-]*", value, re.ASCII)
        return found[0].rstrip(".") if found else ""

    def to_url(self, value: str) -> str:
        return f"{value}/"
