"""The demo's door for project staff: one member, and submissions at each of their turns, made by the short form."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from base.models import User
from base.tasks import in_this_process
from desk.demo.content import read
from desk.door import actions
from desk.door.forms import FORMS
from desk.models import ProjectStaff, Submission
from themes.models import Project

if TYPE_CHECKING:
    from themes.models import Theme


def open_door(theme: Theme) -> None:
    content = read("door")
    member, communicator = User.objects.get(username="hanke"), User.objects.get(username="viestija")
    project = Project.objects.get(theme=theme, key=content["project"])
    ProjectStaff.objects.get_or_create(user=member, project=project)
    with in_this_process():
        for row in content["submissions"]:
            submission = _submit(row, project, member)
            if "comment" in row:
                actions.return_submission(submission=submission, comment=row["comment"], by=communicator)


def _submit(row: dict[str, Any], project: Project, member: User) -> Submission:
    values: dict[str, Any] = {"project": project.pk, "language": "fi"} | {name: value for name, value in row["values"].items() if name != "in_days"}
    if days := row["values"].get("in_days"):
        starts = timezone.localtime() + timedelta(days=days)
        starts = starts.replace(hour=13, minute=0, second=0, microsecond=0)
        values |= {"starts_at": f"{starts:%d.%m.%Y %H.%M}", "ends_at": f"{starts + timedelta(hours=2):%d.%m.%Y %H.%M}"}
    form = FORMS[row["kind"]](values, user=member)
    if not form.is_valid():
        raise ValueError(form.errors.as_text())
    return actions.submit(form=form, kind=row["kind"], by=member)
