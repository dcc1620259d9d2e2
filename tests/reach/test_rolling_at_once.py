"""Roll-ups and web processes that are killed, wherever that is: each line is counted once, and none is left."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from contacts.models import Tally
from reach import buffer, rolling
from reach.lines import VIEW, Line
from reach.models import RolledUp, Seen, Total
from reach.rolling import roll_up
from tests import factories
from tests.reach.readers import begin_anew

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def story():
    begin_anew()
    theme = factories.make_theme()
    return factories.make_story(factories.make_section(factories.make_home(theme)), goals=[factories.make_goal(theme, measure="page_views")])


def write(story, number, reader=0):
    line = Line(int(time.time()), VIEW, page=story.pk, reader=f"{reader:016x}", language="fi", source="direct", campaign=f"k{number % 3}")
    return buffer.append(line.encoded())


def views():
    whole = Total.objects.filter(grain="day", scope="site")
    by_name = Counter(dict(whole.filter(facet="campaign").values_list("value", "views")))
    return whole.get(facet="").views, by_name, whole.get(facet="").readers, Tally.objects.get().count


def wait(child):
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def killed_at(statement):
    """A roll-up in a process of its own, killed before the statement of that number. Returns whether it came so far."""
    connection.close()
    if not (child := os.fork()):
        left = [statement]

        def count(execute, *args):
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)
            return execute(*args)

        with connection.execute_wrapper(count):
            roll_up()
        os._exit(0)
    return wait(child) == -signal.SIGKILL


def killed_before_removing():
    connection.close()
    if not (child := os.fork()):
        rolling.buffer.remove = lambda _what: os.kill(os.getpid(), signal.SIGKILL)
        roll_up()
        os._exit(0)
    return wait(child) == -signal.SIGKILL


def test_a_roll_up_that_is_killed_anywhere_counts_each_line_once(story, monkeypatch):
    # Several transactions of one file.
    monkeypatch.setattr(buffer, "PART", 7)
    for number in range(30):
        write(story, number, reader=number % 4)
    statement = 1
    while killed_at(statement):
        statement += 1
    assert statement > 20
    assert views() == (30, Counter(k0=10, k1=10, k2=10), 4, 30)
    for number in range(30):
        write(story, number, reader=number % 5)
    assert killed_before_removing()
    assert views() == (60, Counter(k0=20, k1=20, k2=20), 5, 60)
    assert roll_up() == 0
    assert views()[0] == 60
    assert not list(buffer.taken())


def test_web_processes_that_are_killed_lose_no_line_that_they_have_written(story):
    """Beside roll-ups all the while."""
    written, children = [], []
    connection.close()
    for number in range(4):
        ours, theirs = os.pipe()
        if not (child := os.fork()):
            while True:
                write(story, number, reader=number)
                os.write(theirs, b".")
                time.sleep(0.001)
        os.close(theirs)
        children.append((child, ours))
    for child, ours in children:
        time.sleep(random.uniform(0.1, 0.3))
        roll_up()
        os.kill(child, signal.SIGKILL)
        wait(child)
        told = 0
        while more := os.read(ours, 65536):
            told += len(more)
        os.close(ours)
        written.append(told)
    roll_up()
    # Of each, a line may stand that it could not tell of any more.
    assert 0 <= views()[0] - sum(written) <= 4
    assert sum(written) > 100


def test_two_at_once_count_once(story):
    for number in range(50):
        write(story, number)
    connection.close()
    children = []
    for _both in range(2):
        if not (child := os.fork()):
            roll_up()
            os._exit(0)
        children.append(child)
    assert [wait(child) for child in children] == [0, 0]
    roll_up()
    assert views()[0] == 50


def test_the_command_rolls_up_and_what_is_old_is_forgotten(story, capsys, monkeypatch):
    write(story, 1)
    call_command("reach_rollup")
    assert "1" in capsys.readouterr().out
    assert Seen.objects.count() == 4
    later = timezone.now() + timezone.timedelta(hours=3)
    rolling.forget_old(later)
    assert not Total.objects.filter(grain="minute").exists()
    assert Total.objects.filter(grain="hour").exists()
    rolling.forget_old(timezone.now() + timezone.timedelta(days=36))
    assert not Seen.objects.exists()
    assert not RolledUp.objects.exists()
    assert set(Total.objects.values_list("grain", flat=True)) == {"day"}


def test_a_line_that_a_full_disk_has_cut_is_told_and_stops_nothing(story, settings):
    settings.REDIS_URL = None
    write(story, 1)
    (path,) = settings.REACH_FOLDER.glob("*.lines")
    with path.open("ab") as file:
        file.write(b"1700000000\tv\tperson\n\xff\xfe\n" + b"x" * 5000 + b"\n")
    write(story, 2)
    roll_up()
    assert views()[0] == 2
    assert not list(settings.REACH_FOLDER.glob("*.taken"))
