"""A worker of its own process, which goes on until it is killed: `python -m tests.social.worker`, with SOCIAL_TEST_HOSTS as JSON."""

from __future__ import annotations

import json
import os
import time
from datetime import timedelta

import django

LEASE = timedelta(seconds=3)


def main() -> None:
    django.setup()
    from django.conf import settings
    from django.db import InterfaceError, OperationalError, connection

    from social import engine, ledger
    from social.models import accounts
    from tests.social.conftest import hurry

    settings.SOCIAL_HOSTS, settings.SOCIAL_TIMEOUT = json.loads(os.environ["SOCIAL_TEST_HOSTS"]), 0.25
    hurry(setattr, ledger)
    ledger.LEASE = LEASE
    accounts.BUDGETS = {name: (10**6, span) for name, (_most, span) in accounts.BUDGETS.items()}
    while True:
        try:
            engine.sweep()
        except (OperationalError, InterfaceError):
            connection.close()
        time.sleep(0.05)


if __name__ == "__main__":
    main()
