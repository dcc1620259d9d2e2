from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations

from desk import rights


def grant(apps: Any, schema_editor: object) -> None:
    rights.grant(apps)


class Migration(migrations.Migration):
    """Grants the rights to enquiries."""

    dependencies: ClassVar = [
        ("desk", "0002_files_and_translations"),
        ("pages", "0003_enquiries"),
    ]

    operations: ClassVar = [migrations.RunPython(grant, migrations.RunPython.noop, elidable=False)]
