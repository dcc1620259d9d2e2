from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations

from desk import rights


def grant(apps: Any, schema_editor: object) -> None:
    rights.grant(apps)


class Migration(migrations.Migration):
    """Communications see what came back, and put addresses on the suppression list."""

    dependencies: ClassVar = [("desk", "0008_bridges"), ("mail", "0004_what_came_back")]

    operations: ClassVar = [migrations.RunPython(grant, migrations.RunPython.noop, elidable=False)]
