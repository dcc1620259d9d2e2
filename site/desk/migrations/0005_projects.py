from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations

from desk import rights


def grant(apps: Any, schema_editor: object) -> None:
    rights.grant(apps)


class Migration(migrations.Migration):
    """Coordinators keep the register of projects and of their parties."""

    dependencies: ClassVar = [
        ("desk", "0004_approval"),
        ("contacts", "0002_steering_groups_and_natural_persons"),
        ("themes", "0004_facts_of_operations"),
    ]

    operations: ClassVar = [migrations.RunPython(grant, migrations.RunPython.noop, elidable=False)]
