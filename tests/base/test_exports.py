"""No cell of a list that is taken along is a formula, whichever report it is, Wagtail's own too."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from django.urls import reverse

from base.gate import guard
from base.roles import Role
from tests import factories

REPORTS = ["gate:report", "translations:report", "wagtailadmin_reports:aging_pages", "wagtailadmin_reports:site_history"]


@pytest.mark.django_db
@pytest.mark.parametrize("sign", ["=", "@"])
def test_no_title_is_a_formula(cast, sign):
    formula = f"{sign}HYPERLINK(1)"
    factories.make_story(factories.make_section(factories.make_home(factories.make_theme())), title=formula, search_description="")
    guard.check_live_pages()
    client = cast.enter(Role.ADMINISTRATORS)
    for report in REPORTS:
        text = client.get(reverse(report), {"export": "csv"}).getvalue().decode("utf-8-sig")
        cells = [cell for row in csv.reader(StringIO(text)) for cell in row if formula in cell]
        assert set(cells) == {f"'{formula}"}, report
