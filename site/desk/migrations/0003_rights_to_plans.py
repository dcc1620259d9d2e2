from django.db import migrations

from desk import rights


def grant(apps, schema_editor):
    rights.grant(apps)


class Migration(migrations.Migration):
    """Communications read plans; coordinators begin and approve them."""

    dependencies = [
        ("desk", "0002_rights_to_purposes"),
        ("themes", "0005_approved_versions_stay"),
    ]

    operations = [
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
