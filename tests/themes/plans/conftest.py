from __future__ import annotations

import pytest

from base.roles import Role
from tests import factories
from themes.models import Goal


@pytest.fixture(scope="module")
def made_goal(made_home):
    return factories.make_goal(made_home.theme)


@pytest.fixture
def goal(db, made_goal):
    return Goal.objects.get(pk=made_goal.pk)


@pytest.fixture
def staff(cast):
    return cast.enter(Role.COORDINATORS)
