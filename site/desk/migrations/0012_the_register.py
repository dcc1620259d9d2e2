from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations

from desk import rights


def grant(apps: Any, schema_editor: object) -> None:
    rights.grant(apps)


class Migration(migrations.Migration):
    """Coordinators keep networks, who does what, service needs, ties, tags and notes."""

    dependencies: ClassVar = [("desk", "0011_coordinators_read_registrations"), ("contacts", "0009_the_register")]

    operations: ClassVar = [migrations.RunPython(grant, migrations.RunPython.noop, elidable=False)]
