from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations

from desk import rights


def grant(apps: Any, schema_editor: object) -> None:
    rights.grant(apps)


class Migration(migrations.Migration):
    """Communications set how fast a receiving domain gets its mail."""

    dependencies: ClassVar = [("desk", "0009_what_came_back"), ("mail", "0005_pauses_limits_and_receiving_domains")]

    operations: ClassVar = [migrations.RunPython(grant, migrations.RunPython.noop, elidable=False)]
