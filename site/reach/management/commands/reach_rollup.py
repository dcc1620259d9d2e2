"""`manage.py reach_rollup`: what the buffer has of readers becomes numbers. The worker does the same each minute."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from reach.rolling import roll_up


class Command(BaseCommand):
    help = "Rolls up the readers who wait in the buffer, and forgets what is older than is kept. May be run, and killed, at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        number = roll_up()
        self.stdout.write("Another process is rolling up." if number is None else f"{number} lines were rolled up.")
