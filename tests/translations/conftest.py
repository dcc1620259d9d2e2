from __future__ import annotations

from copy import deepcopy

import pytest

from tests import factories


@pytest.fixture(scope="module")
def made(shared_db):
    return factories.make_story(factories.make_section(factories.make_home(factories.make_theme())))


@pytest.fixture
def story(db, made):
    return deepcopy(made)


@pytest.fixture
def section(story):
    return story.get_parent().specific


@pytest.fixture
def home(section):
    return section.get_parent().specific
