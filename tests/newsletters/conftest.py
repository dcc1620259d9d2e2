from __future__ import annotations

from copy import deepcopy

import pytest

from tests import factories


@pytest.fixture(scope="module")
def made_letter(shared_db):
    theme = factories.make_theme()
    return factories.make_newsletter_page(factories.make_home(theme), factories.make_newsletter(theme))


@pytest.fixture
def letter(db, made_letter):
    """The page of a newsletter that nobody has subscribed to, below a front page."""
    return deepcopy(made_letter)


@pytest.fixture
def home(letter):
    return letter.get_parent().specific
