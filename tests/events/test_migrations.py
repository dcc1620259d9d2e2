"""What stood in the database before seats stood in pools."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from tests import kept

if TYPE_CHECKING:
    from collections.abc import Iterator

AFTER = ("events", "0007_seats_stand_in_pools")


@pytest.fixture
def old_apps(django_db_setup: None, django_db_blocker: Any, tmp_path: Path) -> Iterator[Any]:
    """The models as they were, on a database as it was, which stands in the place of the newest one for as long as the test takes."""
    newest, is_embedded = connection.settings_dict["NAME"], connection.vendor == "sqlite"
    old = str(tmp_path / kept.BEFORE_POOLS) if is_embedded else f"{newest}_before"
    with django_db_blocker.unblock():
        if is_embedded:
            kept.copy_migrated(Path(old), kept.BEFORE_POOLS)
        else:
            kept.copy_migrated_on_server(old, kept.BEFORE_POOLS)
        connection.close()
        connection.settings_dict["NAME"] = old
        try:
            yield MigrationExecutor(connection).loader.project_state([kept.BEFORE]).apps
        finally:
            connection.close()
            connection.settings_dict["NAME"] = newest
            if not is_embedded:
                kept.drop_on_server(old)


def test_seats_move_into_pools_and_events_become_first_dates(old_apps: Any) -> None:
    theme = old_apps.get_model("themes", "Theme").objects.create(key="one", name_fi="Yksi", starts=2021, ends=2027, budget_eur=1)
    starts, event = timezone.now() + timedelta(days=1), old_apps.get_model("events", "Event")
    facts = {"theme_id": theme.pk, "starts_at": starts, "ends_at": starts + timedelta(hours=1)}
    rows = [event.objects.create(**facts, item_key=uuid4(), mode=mode, capacity=9, taken=4) for mode in ("in_person", "online", "hybrid")]
    person = old_apps.get_model("contacts", "Person").objects.create(theme_id=theme.pk, email="aino@example.org")
    registration = old_apps.get_model("events", "Registration")
    for row in rows:
        registration.objects.create(event=row, person=person, state="confirmed", held_until=starts, asked_at=starts)
    executor = MigrationExecutor(connection)
    executor.migrate([AFTER])
    apps = executor.loader.project_state([AFTER]).apps
    pools = apps.get_model("events", "Pool").objects.order_by("event", "key").values_list("event", "key", "taken", "capacity")
    room, online, hybrid = (row.pk for row in rows)
    assert list(pools) == [(room, "in_person", 4, 9), (online, "online", 4, 9), (hybrid, "in_person", 4, 9), (hybrid, "online", 0, 0)]
    assert all(row.date_key == row.item_key for row in apps.get_model("events", "Event").objects.all())
    modes = apps.get_model("events", "Registration").objects.order_by("event").values_list("mode", "size")
    assert list(modes) == [("in_person", 1), ("online", 1), ("in_person", 1)]
