"""`manage.py demo`: a theme with a year of outreach, for trying the product out."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from desk.demo.approving import approve_demo_plan
from desk.demo.content import read
from desk.demo.door import open_door
from desk.demo.logins import make_logins
from desk.demo.reporting import make_reports
from desk.demo.second import settle_logins
from desk.demo.year import make_demo
from themes.models import Theme

if TYPE_CHECKING:
    from argparse import ArgumentParser


def number(text: str) -> int:
    """Of people, so never below 0; argparse turns a ValueError into its own words."""
    if (found := int(text)) < 0:
        raise ValueError(text)
    return found


class Command(BaseCommand):
    help = "Makes the demo by the product's own actions. Run again, it changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--subscribers", type=number, default=300, help="how many subscribe to the external newsletter (300)")
        parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same demo")
        parser.add_argument("--logins", action="store_true", help="also a login for each role, with a password that everybody knows")
        parser.add_argument("--today", type=date.fromisoformat, help="the demo's today, YYYY-MM-DD")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["logins"]:
            if getattr(settings, "PRODUCTION", False):
                raise CommandError("The demo's password is known to everybody; in production use manage.py start_theme.")
            make_logins()
        if standing := Theme.objects.filter(key=read("theme")["theme"]["key"]).first():
            if options["logins"]:
                settle_logins(standing)
            self.stdout.write("The demo stands already.")
            return
        theme = make_demo(subscribers=options["subscribers"], seed=options["seed"], today=options["today"] or timezone.localdate())
        if options["logins"]:
            open_door(theme)
            approve_demo_plan(theme)
            make_reports(theme)
            settle_logins(theme)
        self.stdout.write(f"The demo is ready: {theme.name}.")
