from django.db import migrations

from base import approved
from desk import rights


def guard(apps, schema_editor):
    approved.guard(schema_editor, table="desk_reportversion", owner="report", name="report")


def unguard(apps, schema_editor):
    approved.unguard(schema_editor, table="desk_reportversion", name="report")


def grant(apps, schema_editor):
    rights.grant(apps)


class Migration(migrations.Migration):
    """The database itself refuses to change or delete what was approved. Only the link to a user who is deleted may be emptied."""

    dependencies = [("desk", "0005_reports")]

    operations = [
        migrations.RunPython(guard, unguard),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
