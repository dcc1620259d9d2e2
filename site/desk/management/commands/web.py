"""`manage.py web`: the web server, once every check has passed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from desk.web import port, web_server

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "Runs the web server in place of this process. Refuses to start where a check of the settings finds an error."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen at (127.0.0.1)")
        parser.add_argument("--port", type=port, default=8000, help="the port to listen at (8000)")

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("check", deploy=True, fail_level="ERROR")
        words = web_server(host=options["host"], port=options["port"])
        os.execv(words[0], words)  # noqa: S606 — words of ours
