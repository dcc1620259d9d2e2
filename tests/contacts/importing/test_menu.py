"""Where a coordinator looks for it: with the contacts, for whoever may bring them."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from wagtail.admin.menu import admin_menu

from base.roles import Role
from tests import factories


@pytest.fixture
def menu(cast):
    def names(role):
        request = RequestFactory().get("/admin/")
        request.user = cast.user(role)
        whole = admin_menu.menu_items_for_request(request)
        below = [item for item in whole if item.name == "contacts"]
        return {item.name for item in whole}, {item.name for group in below for item in group.menu.menu_items_for_request(request)}

    factories.make_theme()
    return names


def test_bringing_stands_among_the_contacts(db, menu):
    above, below = menu(Role.COORDINATORS)
    assert "bring-contacts" in below
    assert "bring-contacts" not in above


def test_who_may_not_bring_does_not_see_it(db, menu):
    above, below = menu(Role.ORGANISERS)
    assert "bring-contacts" not in above | below
