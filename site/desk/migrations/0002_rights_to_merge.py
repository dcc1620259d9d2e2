from django.db import migrations

from desk import rights


def grant(apps, schema_editor):
    rights.grant(apps)


class Migration(migrations.Migration):
    """Coordinators look at pairs that look alike, merge them and undo it."""

    dependencies = [("desk", "0001_roles"), ("contacts", "0002_merges_and_pairs")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop, elidable=False)]
