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
        ("mail", "0001_outbox_and_ledger"),
        ("themes", "0002_regions"),
        ("contacts", "0001_register_and_outreach"),
        ("newsletters", "0002_newsletter_pages_are_outreach"),
        ("events", "0001_events"),
        ("pages", "0001_pages"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations: ClassVar = [migrations.RunPython(grant, migrations.RunPython.noop, elidable=False)]
