"""A worker of its own process, for tests that kill it: `python -m tests.mail.worker`. Environment: EMAIL_URL, DATABASE_URL."""

from __future__ import annotations

import django


def main() -> None:
    django.setup()

    from django.conf import settings

    from base import environment
    from mail import engine, streams

    settings.EMAIL_ADDRESS = environment.mail("EMAIL_URL", "")
    streams.register(streams.Stream("test.news"))
    engine.deliver_now()


if __name__ == "__main__":
    main()
