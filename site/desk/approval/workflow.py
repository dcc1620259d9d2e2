"""The product's own workflow, which every page of the installation has. Made by a migration, and again where it is missing."""

from __future__ import annotations

from typing import Any

from base.roles import Role

# In Finnish, as all rows that the product itself makes.
WORKFLOW = "Julkaisun hyväksyntä"
TASK = "Toinen henkilö hyväksyy"
# A second person of Communications, or whoever leads the work.
APPROVERS = (Role.COMMUNICATIONS, Role.COORDINATORS, Role.ADMINISTRATORS)
# What Wagtail's own migrations leave behind.
WAGTAILS_WORKFLOW = "Moderators approval"
WAGTAILS_GROUPS = ("Moderators", "Editors")


def make_workflow(apps: Any) -> None:
    """`apps` is the registry, of a migration or the real one. Does nothing where there is no root page yet; run again, it changes nothing."""
    root = apps.get_model("wagtailcore", "Page").objects.filter(depth=1).first()
    if root is None:
        return
    drop_wagtails(apps)
    workflow, _made = apps.get_model("wagtailcore", "Workflow").objects.get_or_create(name=WORKFLOW)
    content_type, _made = apps.get_model("contenttypes", "ContentType").objects.get_or_create(app_label="desk", model="approvaltask")
    task, is_new = apps.get_model("desk", "ApprovalTask").objects.get_or_create(name=TASK, defaults={"content_type": content_type})
    if is_new:
        task.groups.set(apps.get_model("auth", "Group").objects.filter(name__in=[role.value for role in APPROVERS]))
        apps.get_model("wagtailcore", "WorkflowTask").objects.create(workflow=workflow, task=task, sort_order=0)
    apps.get_model("wagtailcore", "WorkflowPage").objects.get_or_create(page=root, defaults={"workflow": workflow})


def drop_wagtails(apps: Any) -> None:
    """What an administrator has taken into use stays."""
    states = apps.get_model("wagtailcore", "WorkflowState").objects
    for workflow in apps.get_model("wagtailcore", "Workflow").objects.filter(name=WAGTAILS_WORKFLOW):
        if not states.filter(workflow=workflow).exists():
            apps.get_model("wagtailcore", "Task").objects.filter(workflow_tasks__workflow=workflow).delete()
            workflow.delete()
    for group in apps.get_model("auth", "Group").objects.filter(name__in=WAGTAILS_GROUPS):
        if not apps.get_model("base", "User").objects.filter(groups=group).exists():
            group.delete()


def publish_approved(workflow_state: Any, user: Any = None) -> None:
    """Wagtail's own would ask for the right to publish, which who only approves need not have. The publication gate is asked as ever."""
    workflow_state.content_object.get_latest_revision().publish(user=user, skip_permission_checks=True)
