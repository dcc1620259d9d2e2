from django.db import migrations

from desk import rights


def grant(apps, schema_editor):
    rights.grant(apps)


class Migration(migrations.Migration):
    """Communications, coordinators and administrators see what reached readers."""

    dependencies = [
        ("desk", "0007_rights_to_the_calendar"),
        ("reach", "0001_roll_ups"),
    ]

    operations = [
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
