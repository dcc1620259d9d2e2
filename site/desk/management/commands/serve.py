"""`manage.py serve`: everything on this machine. Prepares the database and the demo, then runs the web server and the worker."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from wagtail.models import Site

from desk.demo.logins import LOGINS, PASSWORD
from desk.opening import place_site
from desk.schedules import register_schedules
from desk.web import port, web_server

if TYPE_CHECKING:
    from argparse import ArgumentParser

STOPS_WITHIN = 30  # seconds


class Command(BaseCommand):
    help = "Runs Kantama on this machine with its demo: web server and worker. Ctrl-C stops both."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=port, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        self.check_port(options["port"])
        self.name_address(options["port"])
        call_command("migrate", verbosity=0)
        call_command("demo", logins=True, stdout=self.stdout)
        # Made for another port, it moves to this one.
        place_site(Site.objects.get(is_default_site=True).root_page)
        register_schedules()
        self.announce(options["port"])
        self.run(options["port"])

    def check_port(self, port: int) -> None:
        """The web server shares its port with others of its kind: without this, two installations would answer in turns."""
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                raise CommandError(f"Port {port} is taken by another program. Stop it, or choose another port: manage.py serve --port N") from error

    def name_address(self, port: int) -> None:
        """Where no BASE_URL says otherwise, the links in mails lead to the port that was asked for. Web and worker read the environment."""
        address = os.environ.setdefault("BASE_URL", f"http://127.0.0.1:{port}")
        settings.BASE_URL = settings.WAGTAILADMIN_BASE_URL = address

    def announce(self, port: int) -> None:
        here = f"http://127.0.0.1:{port}"
        lines = [f"  {here}/{code}/" for code in ("fi", "sv", "en")] + [f"  {here}/admin/", f"  {here}/mail/outbox/   the mails that were sent"]
        logins = [f"  {login.username:16}{PASSWORD:10}{login.role}" for login in LOGINS]
        self.stdout.write("\n".join(["", "Kantama runs:", *lines, "", "Logins:", *logins, ""]))

    def run(self, port: int) -> None:
        environment = os.environ | {"DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "config.settings.dev")}
        web = web_server(host="127.0.0.1", port=port)
        worker = [sys.executable, str(settings.ROOT / "manage.py"), "qcluster"]
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        running = [subprocess.Popen(words, env=environment, cwd=settings.ROOT) for words in (web, worker)]  # noqa: S603 — words of ours
        try:
            # Neither is of use without the other.
            while all(process.poll() is None for process in running):
                time.sleep(0.5)
        except KeyboardInterrupt:
            self.stdout.write("Stopping.")
        finally:
            for process in running:
                process.terminate()
            for process in running:
                process.wait(timeout=STOPS_WITHIN)
