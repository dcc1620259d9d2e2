from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from wagtail.users.models import UserProfile

from base.models import User
from base.roles import Role
from desk.approval.workflow import make_workflow


@pytest.fixture
def workflow(cast, section):
    """The product's own, with the roles that approve; the cast's staff read in English."""
    make_workflow(apps)
    for role in Role:
        UserProfile.objects.update_or_create(user=cast.user(role), defaults={"preferred_language": "en"})
    return section.get_workflow()


@pytest.fixture
def colleague(cast):
    """Another of Communications, who reads in Swedish."""
    user = User.objects.create(username="petra", email="petra@example.org", first_name="Petra", last_name="Parivaljakko")
    user.groups.add(Group.objects.get(name=Role.COMMUNICATIONS.value))
    UserProfile.objects.create(user=user, preferred_language="sv")
    return user
