from django.db import migrations

from desk import rights


def grant(apps, schema_editor):
    rights.grant(apps)


class Migration(migrations.Migration):
    """Coordinators read what people are held for; administrators say it."""

    dependencies = [
        ("desk", "0001_roles"),
        ("contacts", "0006_address_changes"),
    ]

    operations = [
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
