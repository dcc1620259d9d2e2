"""When the database does not answer, readers get a page all the same."""

from __future__ import annotations

import pytest
from django.test import Client

from base import remembered


@pytest.mark.parametrize("path", ["/fi/", "/sv/sok/", "/en/search/?q=work"])
def test_a_page_comes_without_a_database(path):
    # No fixture of the database: whoever asks it anything gets an error.
    remembered.forget()
    answer = Client(raise_request_exception=False).get(path)
    assert (answer.status_code, answer["Content-Type"]) == (500, "text/html; charset=utf-8")
    text = answer.content.decode()
    for words in ("Palvelussa on häiriö", "Försök igen om en stund", "Please try again", "Euroopan unionin osarahoittama"):
        assert words in text
