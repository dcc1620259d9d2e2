from django.db import migrations

from desk import rights


def grant(apps, schema_editor):
    rights.grant(apps)


class Migration(migrations.Migration):
    """Communications and coordinators write media mentions down, and coordinators surveys."""

    dependencies = [
        ("desk", "0003_rights_to_plans"),
        ("themes", "0006_figures_by_day_and_evidence"),
    ]

    operations = [
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
