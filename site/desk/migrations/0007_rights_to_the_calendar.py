from django.db import migrations

from desk import rights


def grant(apps, schema_editor):
    rights.grant(apps)


class Migration(migrations.Migration):
    """Communications plan outreach in the calendar; organisers see what is planned."""

    dependencies = [
        ("desk", "0006_approved_reports_stay"),
    ]

    operations = [
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
