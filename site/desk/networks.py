"""Who belongs to the network of a meeting, beside the staff of its theme: the staff of the project whose steering group meets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from base.bounds import everywhere
from desk.models import ProjectStaff
from events.meetings import register_network

if TYPE_CHECKING:
    from events.models import MeetingPage


def is_of_project(user: Any, page: MeetingPage) -> bool:
    with everywhere():
        return page.project_id is not None and ProjectStaff.objects.filter(user=user.pk, project=page.project_id).exists()


def register() -> None:
    register_network("project staff", is_of_project)
