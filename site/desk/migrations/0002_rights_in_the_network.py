from django.db import migrations

from desk import rights


def grant(apps, schema_editor):
    rights.grant(apps)


class Migration(migrations.Migration):
    dependencies = [
        ('desk', '0001_roles'),
        ('contacts', '0002_network_and_notices'),
    ]

    operations = [
        migrations.RunPython(grant, migrations.RunPython.noop, elidable=False),
    ]
