from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models


def copy_links(apps: Any, schema_editor: object) -> None:
    """From each event's source page, which is its oldest."""
    event_page = apps.get_model("events", "EventPage")
    for event in apps.get_model("events", "Event").objects.all():
        if source := event_page.objects.filter(translation_key=event.item_key).order_by("pk").first():
            event.online_link = source.online_link
            event.save(update_fields=["online_link"])


class Migration(migrations.Migration):
    """The link to the meeting is a fact of the event, as its place is."""

    dependencies: ClassVar = [("events", "0001_events")]

    operations: ClassVar = [
        migrations.AddField("event", "online_link", models.URLField(blank=True, default="", verbose_name="link to the meeting"), preserve_default=False),
        migrations.RunPython(copy_links, migrations.RunPython.noop, elidable=True),
    ]
