from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("events", "0006_dates_pools_and_groups")]

    operations: ClassVar = [
        migrations.RemoveConstraint("event", "an_event_is_never_overbooked"),
        migrations.RemoveField("event", "capacity"),
        migrations.RemoveField("event", "taken"),
        migrations.AlterField("event", "date_key", models.UUIDField(editable=False)),
        migrations.AddConstraint("event", models.UniqueConstraint(fields=("item_key", "date_key"), name="one_event_per_page_and_date")),
    ]
