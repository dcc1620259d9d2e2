"""The desk's only rows: a step of a workflow in which somebody else looks at what was written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask

from desk.door.records import ProjectStaff, Submission

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
        return [] if state and is_of(state, user) else super().get_actions(obj, user)

    def on_action(self, task_state: TaskState, user: User, action_name: str, **kwargs: Any) -> None:
        if is_of(task_state, user):
            raise PermissionDenied(_("Another person approves what you have written."))
        super().on_action(task_state, user, action_name, **kwargs)

    def get_task_states_user_can_moderate(self, user: User, **kwargs: Any) -> QuerySet[TaskState]:
        states = super().get_task_states_user_can_moderate(user, **kwargs)
        return states.exclude(workflow_state__requested_by=user).exclude(revision__user=user)  # type: ignore[no-any-return]  # Wagtail is untyped


def is_of(state: TaskState, user: User) -> bool:
    """Whether it is the user's own work that waits."""
    return user.pk in {state.workflow_state.requested_by_id, state.revision.user_id}


__all__ = ["ProjectStaff", "Submission"]
