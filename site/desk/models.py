"""The desk's only rows: a step of a workflow in which somebody else looks at what was written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db.models import CharField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask, Page

from desk.door.records import ProjectStaff, Submission
from desk.page_templates.records import PageTemplate
from desk.reports.records import Recommendation, Report, ReportLink, ReportSchedule, ReportVersion, Section
from themes.teams import groups_of
from themes.teams.pages import ground_of

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise
    from wagtail.models import TaskState

    from base.models import User


class ApprovalTask(AbstractGroupApprovalTask):
    """A member of the groups approves; never the one who asked for it, or who wrote the version that was handed in."""

    class Meta:
        verbose_name = _("approval by another person")
        verbose_name_plural = _("approvals by another person")

    @classmethod
    def get_description(cls) -> _StrPromise:
        return _("A member of the chosen groups approves, but never a page of their own")

    def get_actions(self, obj: Any, user: User) -> list[tuple[str, str, bool]]:
        state = obj.current_workflow_task_state
        return [] if (state and is_of(state, user)) or not self._may(obj, user) else super().get_actions(obj, user)

    def user_can_access_editor(self, obj: Any, user: User) -> bool:
        return self._may(obj, user) and bool(super().user_can_access_editor(obj, user))

    def _may(self, obj: Any, user: User) -> bool:
        """In the page's theme, and there in one of the groups."""
        return user.is_superuser or (ground_of(user).has(obj.path) and self.groups.filter(pk__in=groups_of(user).values("pk")).exists())

    def on_action(self, task_state: TaskState, user: User, action_name: str, **kwargs: Any) -> None:
        if is_of(task_state, user) or not self._may(task_state.workflow_state.content_object, user):
            raise PermissionDenied(_("Another person approves what you have written."))
        super().on_action(task_state, user, action_name, **kwargs)

    def get_task_states_user_can_moderate(self, user: User, **kwargs: Any) -> QuerySet[TaskState]:
        states = super().get_task_states_user_can_moderate(user, **kwargs)
        if not (user.is_superuser or self.groups.filter(pk__in=groups_of(user).values("pk")).exists()):
            return states.none()  # type: ignore[no-any-return]  # Wagtail is untyped
        here = Page.objects.filter(ground_of(user).pages()).annotate(number=Cast("pk", CharField())).values("number")
        states = states.filter(workflow_state__object_id__in=here)
        return states.exclude(workflow_state__requested_by=user).exclude(revision__user=user)  # type: ignore[no-any-return]  # Wagtail is untyped


def is_of(state: TaskState, user: User) -> bool:
    """Whether it is the user's own work that waits."""
    return user.pk in {state.workflow_state.requested_by_id, state.revision.user_id}


__all__ = [
    "PageTemplate",
    "ProjectStaff",
    "Recommendation",
    "Report",
    "ReportLink",
    "ReportSchedule",
    "ReportVersion",
    "Section",
    "Submission",
]
