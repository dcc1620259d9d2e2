from django.db import migrations

from desk import rights


def grant(apps, schema_editor):
    rights.grant(apps)


class Migration(migrations.Migration):
    """Communications set up accounts, and write, approve and settle posts."""

    dependencies = [
        ("desk", "0008_rights_to_reach"),
        ("social", "0001_accounts_posts_and_outbox"),
    ]

    operations = [
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
