"""A worker of its own process, for tests that kill it: `python -m tests.mail.worker`. Environment: EMAIL_URL, DATABASE_URL.

With HURRY it goes on until it is killed, and waits for nothing as long as in earnest: a dead worker's lease lasts seconds, and not a minute.
"""

from __future__ import annotations

import os
import time
from datetime import timedelta

import django

LEASE, PAUSE = timedelta(seconds=4), timedelta(seconds=0.3)


def main() -> None:
    django.setup()

    from django.conf import settings

    from base import environment
    from mail import engine, ledger, streams

    settings.EMAIL_ADDRESS = environment.mail("EMAIL_URL", "")
    streams.register(streams.Stream("test.news"))
    if not os.environ.get("HURRY"):
        engine.deliver_now()
        return
    ledger.LEASE, ledger.FIRST_PAUSE, ledger.LONGEST_PAUSE, engine.WHEN_DOWN = LEASE, PAUSE, PAUSE, PAUSE
    while True:
        go_on()


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
