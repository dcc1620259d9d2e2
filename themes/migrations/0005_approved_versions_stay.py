from django.db import migrations

from base import approved


def guard(apps, schema_editor):
    approved.guard(schema_editor, table="themes_planversion", owner="plan", name="version")


def unguard(apps, schema_editor):
    approved.unguard(schema_editor, table="themes_planversion", name="version")


class Migration(migrations.Migration):
    """The database itself refuses to change or delete what was approved. Only the link to a user who is deleted may be emptied."""

    dependencies = [("themes", "0004_plan_versions")]

    operations = [
        migrations.RunPython(guard, unguard),
    ]
