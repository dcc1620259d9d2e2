from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations

from desk import rights


def grant(apps: Any, schema_editor: object) -> None:
    rights.grant(apps)


class Migration(migrations.Migration):
    """Coordinators see who registered, without what is about health."""

    dependencies: ClassVar = [("desk", "0010_receiving_domains"), ("events", "0009_answers_notes_and_letters")]

    operations: ClassVar = [migrations.RunPython(grant, migrations.RunPython.noop, elidable=False)]
