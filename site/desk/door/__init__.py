"""The door for the staff of projects: a short form, their submissions and whose turn it is, and nothing else of the admin."""

from __future__ import annotations

from typing import Any

from base.roles import Role

ADD, CHANGE = "desk.add_submission", "desk.change_submission"


def is_confined(user: Any) -> bool:
    """Whether the door is all that the user may see: project staff without another role."""
    if not user.is_authenticated or user.is_superuser:
        return False
    roles = set(user.groups.values_list("name", flat=True))
    return Role.PROJECTS.value in roles and not roles & {role.value for role in Role if role is not Role.PROJECTS}
