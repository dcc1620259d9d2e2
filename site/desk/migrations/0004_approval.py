from __future__ import annotations

from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models

from desk.approval.workflow import make_workflow


def make(apps: Any, schema_editor: object) -> None:
    make_workflow(apps)


class Migration(migrations.Migration):
    """The workflow of approval by another person, in the place of Wagtail's own."""

    dependencies: ClassVar = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("base", "0001_users"),
        ("desk", "0003_enquiries"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="ApprovalTask",
            fields=[
                (
                    "task_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="wagtailcore.task",
                    ),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        help_text="Pages/snippets at this step in a workflow will be moderated or approved by these groups of users",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
            ],
            options={"verbose_name": "approval by another person", "verbose_name_plural": "approvals by another person"},
            bases=("wagtailcore.task",),
        ),
        migrations.RunPython(make, migrations.RunPython.noop, elidable=False),
    ]
