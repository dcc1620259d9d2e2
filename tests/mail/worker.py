"""A worker of its own process, for tests that kill it: `python -m tests.mail.worker`. Environment: EMAIL_URL, DATABASE_URL.

With HURRY it goes on until it is killed, and waits for nothing as long as in earnest: a dead worker's lease lasts seconds, and not a minute.
With FORK it is no worker itself, but forks one, which has Django ready, at each empty line that it reads, and says its number. The worker begins
when the next line gives it the EMAIL_URL; how it ended is said then.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import timedelta

import django

LEASE, PAUSE = timedelta(seconds=4), timedelta(seconds=0.3)


def main() -> None:
    django.setup()

    from mail import engine, ledger, streams

    streams.register(streams.Stream("test.news"))
    if os.environ.get("FORK"):
        fork()
        return
    take_address()
    if not os.environ.get("HURRY"):
        engine.deliver_now()
        return
    ledger.LEASE, ledger.FIRST_PAUSE, ledger.LONGEST_PAUSE, engine.WHEN_DOWN = LEASE, PAUSE, PAUSE, PAUSE
    while True:
        go_on()


def take_address() -> None:
    from django.conf import settings

    from base import environment

    settings.EMAIL_ADDRESS = environment.mail("EMAIL_URL", "")


def fork() -> None:
    from mail import engine

    for _wish in sys.stdin:
        ours, theirs = os.pipe()
        if not (worker := os.fork()):
            os.environ["EMAIL_URL"] = os.read(ours, 1000).decode().strip()
            take_address()
            engine.deliver_now()
            os._exit(0)
        print(worker, flush=True)
        os.write(theirs, sys.stdin.readline().encode())
        print(os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1]), flush=True)


def go_on() -> None:
    """As the task queue does: what broke is tried again."""
    from django.db import InterfaceError, OperationalError, connection

    from mail import engine

    try:
        engine.sweep()
    except (OperationalError, InterfaceError):
        connection.close()
    time.sleep(0.1)


if __name__ == "__main__":
    main()
