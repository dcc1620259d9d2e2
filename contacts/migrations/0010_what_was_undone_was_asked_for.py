from django.db import migrations
from django.db.models import F


def say_so(apps, schema_editor):
    undone = apps.get_model("contacts", "ContactImport").objects.filter(undo_asked_at=None).exclude(undone_at=None)
    undone.update(undo_asked_at=F("undone_at"))


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0009_undone_by_the_worker'),
    ]

    operations = [
        migrations.RunPython(say_so, migrations.RunPython.noop),
    ]
