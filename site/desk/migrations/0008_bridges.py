from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations

from desk import rights


def grant(apps: Any, schema_editor: object) -> None:
    rights.grant(apps)


class Migration(migrations.Migration):
    """Communications share pages between themes; coordinators see what is shared."""

    dependencies: ClassVar = [("desk", "0007_series"), ("contacts", "0006_bridges")]

    operations: ClassVar = [migrations.RunPython(grant, migrations.RunPython.noop, elidable=False)]
