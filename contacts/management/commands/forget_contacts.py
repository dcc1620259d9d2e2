"""`manage.py forget_contacts --months N [--dry-run] [--json]`: erases people with whom nothing has happened for that long (docs/contacts.md)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from contacts.privacy import retention
from themes.named import theme_named

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "Erases people with whom nothing has happened for so many months, and nothing goes on. --dry-run says who, and changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--theme", metavar="KEY", help="the national theme, where there are several")
        parser.add_argument("--months", type=int, required=True, metavar="N", help="how long nothing has happened")
        parser.add_argument("--dry-run", action="store_true", help="say who would be erased, and change nothing")
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        months = options["months"]
        if months < 1:
            raise CommandError("--months takes a whole number from 1.")
        theme = theme_named(options["theme"])
        if options["dry_run"]:
            people = [{"id": person.pk, "name": str(person)} for person in retention.unused(theme, months=months)]
            lines = [f"{row['id']} {row['name']}" for row in people] + [f"would be erased: {len(people)}"]
            self.stdout.write(json.dumps({"would_be_erased": people}, ensure_ascii=False) if options["json"] else "\n".join(lines))
            return
        number = retention.forget_unused(theme, months=months)
        self.stdout.write(json.dumps({"erased": number}) if options["json"] else f"erased: {number}")
