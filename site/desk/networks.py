"""Who belongs to the network of a meeting or an internal event, beside the staff of its theme: the staff of the project that it is of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from base.bounds import everywhere
from desk.models import ProjectStaff
from events.network import register_network

if TYPE_CHECKING:
    from events.models import EventPage, MeetingPage


def is_of_project(user: Any, page: MeetingPage | EventPage) -> bool:
    with everywhere():
        return page.project_id is not None and ProjectStaff.objects.filter(user=user.pk, project=page.project_id).exists()


def register() -> None:
    register_network("project staff", is_of_project)
