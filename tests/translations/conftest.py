from __future__ import annotations

import pytest

from tests import factories


@pytest.fixture
def home(db):
    return factories.make_home(factories.make_theme())


@pytest.fixture
def section(home):
    return factories.make_section(home)


@pytest.fixture
def story(section):
    return factories.make_story(section)
