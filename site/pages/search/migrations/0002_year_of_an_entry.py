from django.db import migrations, models
from django.utils import timezone


def from_date(apps, schema_editor):
    entries = apps.get_model("search", "Entry").objects.using(schema_editor.connection.alias)
    found = {pk: timezone.localtime(date).year for pk, date in entries.values_list("pk", "date")}
    for year in set(found.values()):
        numbers = [pk for pk, own in found.items() if own == year]
        for start in range(0, len(numbers), 500):
            entries.filter(pk__in=numbers[start : start + 500]).update(year=year)


class Migration(migrations.Migration):
    # PostgreSQL changes no table in the transaction that has changed its rows.
    atomic = False
    dependencies = [("search", "0001_the_index")]
    operations = [
        migrations.AddField("entry", "year", models.PositiveSmallIntegerField(default=0), preserve_default=False),
        migrations.RunPython(from_date, migrations.RunPython.noop),
    ]
