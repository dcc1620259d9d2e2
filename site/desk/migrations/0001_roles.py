from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations

from desk import rights


def grant(apps: Any, schema_editor: object) -> None:
    rights.grant(apps)


class Migration(migrations.Migration):
    """The four groups of staff with their rights."""

    dependencies: ClassVar = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("base", "0002_images_and_documents"),
        ("mail", "__first__"),
        ("themes", "__first__"),
        ("contacts", "__first__"),
        ("newsletters", "__first__"),
        ("events", "__first__"),
        ("pages", "__first__"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations: ClassVar = [migrations.RunPython(grant, migrations.RunPython.noop, elidable=False)]
