"""`manage.py roll_up [--anew]`: settles the figures of goals until yesterday, as the worker does each night."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand

from themes.history.rolling import roll_up

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "Keeps what measures say of goals by day, until yesterday. Run again, it changes nothing but what has changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--anew", action="store_true", help="compute every day, also where the sources look as they did")
        parser.add_argument("--today", type=date.fromisoformat, help="settle the days before this one, YYYY-MM-DD")

    def handle(self, *args: Any, **options: Any) -> None:
        done = roll_up(today=options["today"], anew=options["anew"])
        self.stdout.write(f"{done.series} series settled, {done.written} days written, {done.removed} removed")
