from __future__ import annotations

from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F


def move(apps: Any, schema_editor: object) -> None:
    """Each event becomes the first date of its pages, and its seats stand in pools. Who registered for a hybrid event had a seat in the room."""
    event, pool, page = (apps.get_model("events", name) for name in ("Event", "Pool", "EventPage"))
    event.objects.update(date_key=F("item_key"))
    for row in event.objects.iterator(chunk_size=500):
        ways = {"in_person": row.capacity} if row.mode != "online" else {"online": row.capacity}
        first = next(iter(ways))
        if row.mode == "hybrid":
            source = page.objects.filter(translation_key=row.item_key).order_by("pk").first()
            ways["online"] = source.online_capacity if source else 0
        pool.objects.bulk_create(
            pool(event=row, key=key, capacity=capacity, taken=row.taken if key == first else 0) for key, capacity in ways.items()
        )
    apps.get_model("events", "Registration").objects.filter(event__mode="online").update(mode="online")


class Migration(migrations.Migration):
    """The columns that go away with this, go in the next one: PostgreSQL alters no table that it still owes a check."""

    dependencies: ClassVar = [
        ("contacts", "0007_outreach_carries_core_messages"),
        ("events", "0005_pages_carry_core_messages"),
        ("themes", "0007_promised_languages"),
    ]

    operations: ClassVar = [
        migrations.AddField("event", "date_key", models.UUIDField(editable=False, null=True)),
        migrations.AlterField("event", "item_key", models.UUIDField(db_index=True, editable=False)),
        migrations.AddField(
            "eventpage",
            "online_capacity",
            models.PositiveIntegerField(default=100, help_text="Of a hybrid event.", verbose_name="capacity online"),
        ),
        migrations.AlterField(
            "eventpage",
            "capacity",
            models.PositiveIntegerField(default=30, help_text="In the room, or online where there is no room.", verbose_name="capacity"),
        ),
        migrations.AddField("registration", "further_pools", models.JSONField(blank=True, default=list, editable=False)),
        migrations.AddField(
            "registration",
            "mode",
            models.CharField(
                choices=[("in_person", "In person"), ("online", "Online")], default="in_person", max_length=10, verbose_name="way to take part"
            ),
        ),
        migrations.AddField("registration", "size", models.PositiveSmallIntegerField(default=1, verbose_name="number of people")),
        migrations.AddConstraint(
            "registration", models.CheckConstraint(condition=models.Q(("size__gte", 1)), name="a_registration_is_of_somebody")
        ),
        migrations.AddConstraint(
            "registration",
            models.CheckConstraint(condition=models.Q(("mode__in", ["in_person", "online"])), name="a_registration_has_one_way_to_take_part"),
        ),
        migrations.CreateModel(
            "Guest",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first_name", models.CharField(blank=True, max_length=100, verbose_name="first name")),
                ("last_name", models.CharField(blank=True, max_length=100, verbose_name="last name")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("needs", models.TextField(blank=True, max_length=1000, verbose_name="diet and accessibility")),
                (
                    "registration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="guests",
                        to="events.registration",
                        verbose_name="registration",
                    ),
                ),
            ],
            options={"verbose_name": "guest", "verbose_name_plural": "guests", "ordering": ["registration", "pk"]},
        ),
        migrations.CreateModel(
            "Pool",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(editable=False, max_length=200)),
                ("capacity", models.PositiveIntegerField(verbose_name="capacity")),
                ("taken", models.PositiveIntegerField(default=0, editable=False, verbose_name="seats taken")),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="pools", to="events.event", verbose_name="event"
                    ),
                ),
            ],
            options={
                "verbose_name": "places",
                "verbose_name_plural": "places",
                "ordering": ["event", "key"],
                "constraints": [
                    models.UniqueConstraint(fields=("event", "key"), name="one_pool_per_event_and_key"),
                    models.CheckConstraint(condition=models.Q(("taken__lte", models.F("capacity"))), name="a_pool_is_never_overbooked"),
                ],
            },
        ),
        migrations.RunPython(move, migrations.RunPython.noop),
    ]
