"""Nothing of who the readers were is anywhere: database, logs, buffer, Redis. And public pages set no cookie."""

from __future__ import annotations

import logging
import os
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection

from base.redis import connection as redis
from reach import buffer, salts
from reach.layer import ReachLayer
from reach.models import Total
from reach.rolling import roll_up
from tests import factories
from tests.reach.readers import HEADERS, begin_anew, tell
from tests.reach.simulator import Day, Place, Simulator, live

HELSINKI = ZoneInfo("Europe/Helsinki")
pytestmark = pytest.mark.django_db(transaction=True)


def in_database(words):
    """Tables that have one of the words in one of their columns."""
    found = set()
    with connection.cursor() as cursor:
        for model in apps.get_models():
            columns = [connection.ops.quote_name(field.column) for field in model._meta.local_concrete_fields]
            if not columns:
                # A proxy: its rows are in the table of another.
                continue
            cursor.execute(f"SELECT {', '.join(columns)} FROM {connection.ops.quote_name(model._meta.db_table)}")
            text = "\n".join(str(row) for row in cursor.fetchall())
            found |= {(model._meta.db_table, word) for word in words if word in text}
    return found


def in_files(words):
    """Of the buffer, and of the database itself with its log of writes."""
    paths = [path for path in settings.REACH_FOLDER.rglob("*") if path.is_file()]
    if connection.vendor == "sqlite":
        name = Path(connection.settings_dict["NAME"])
        paths += [path for path in name.parent.glob(f"{name.name}*") if path.is_file()]
    return {(str(path), word) for path in paths for word in words if word.encode() in path.read_bytes()}


def in_redis(words):
    if not settings.REDIS_URL:
        return set()
    found = set()
    for key in redis().scan_iter("*"):
        kind = redis().type(key).decode()
        value = {"string": redis().get, "stream": redis().xrange}.get(kind, redis().dump)(key)
        found |= {(key, word) for word in words if word.encode() in key + (value if isinstance(value, bytes) else repr(value).encode())}
    return found


def test_no_address_and_no_browser_of_a_reader_is_anywhere(caplog):
    begin_anew()
    caplog.set_level(logging.DEBUG)
    theme = factories.make_theme()
    section = factories.make_section(factories.make_home(theme))
    stories = [factories.make_story(section, goals=[factories.make_goal(theme)]) for _number in range(3)]
    day = Simulator(11, [Place(story.pk, code) for story, code in zip(stories, ("fi", "sv", "en"), strict=True)], datetime.now(HELSINKI), 60).make()
    asks = Day(day.asks[:600])
    words = {ask.address for ask in asks.asks if len(ask.address) > 8} | {ask.headers["user-agent"] for ask in asks.asks if ask.headers["user-agent"]}
    live(asks, ReachLayer(WSGIHandler()))
    waiting = [raw for _what, parts in buffer.taken() for part in parts for raw in part.lines]
    assert len(waiting) > 100
    assert not [word for word in words if word.encode() in b"".join(waiting)]
    for _before_and_after in range(2):
        assert in_files(words) == in_redis(words) == in_database(words) == set()
        roll_up()
    assert Total.objects.exists()
    assert not [word for word in words if word in caplog.text]
    # What would be found is found.
    assert in_database({theme.name})


def test_public_pages_set_no_cookie(client):
    begin_anew()
    story = factories.make_story(factories.make_section(factories.make_home(factories.make_theme())))
    for answer in (client.get(story.url, headers=HEADERS), tell(client, story), client.get("/fi/search/?q=olematonta", headers=HEADERS)):
        assert answer.status_code in (200, 204)
        assert answer.cookies == {}


def test_the_salt_is_gone_after_midnight():
    begin_anew()
    today = datetime.now(HELSINKI).date()
    before = salts.salts.of(today)
    other = salts.Salts()
    assert other.of(today) == before
    tomorrow = today.replace(year=today.year + 1)
    salts.throw_away(tomorrow)
    assert salts.salts.salt == b""
    with salts._opened() as file:
        assert file is None or before not in os.pread(file, 200, 0)
    if not settings.REDIS_URL:
        assert salts.Salts().of(today) != before
    else:
        keys = list(redis().scan_iter(f"{salts.KEY}.*"))
        assert keys
        assert all(0 < redis().ttl(key) <= 24 * 3600 for key in keys)
