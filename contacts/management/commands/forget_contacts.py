"""`manage.py forget_contacts [--months N] [--dry-run] [--json]`: what the worker does nightly, or once by a number of months (docs/contacts.md)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from contacts.privacy import retention
from themes.named import theme_named

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from themes.models import Theme


class Command(BaseCommand):
    help = "Ends what has come to its day by the purposes' months, or, with --months, erases people with whom nothing has happened for so long."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--theme", metavar="KEY", help="the national theme, where there are several")
        parser.add_argument("--months", type=int, metavar="N", help="how long nothing has happened, whatever the purposes say")
        parser.add_argument("--dry-run", action="store_true", help="say who would be erased, or ends within 30 days, and change nothing")
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        theme, months, is_dry = theme_named(options["theme"]), options["months"], options["dry_run"]
        if months is not None and months < 1:
            raise CommandError("--months takes a whole number from 1.")
        if months is None:
            found = ending(theme) if is_dry else dict(zip(("erased", "purposes_ended"), retention.run(theme), strict=True))
        elif is_dry:
            found = {"would_be_erased": [{"id": person.pk, "name": str(person)} for person in retention.unused(theme, months=months)]}
        else:
            found = {"erased": retention.forget_unused(theme, months=months)}
        self.stdout.write(json.dumps(found, ensure_ascii=False) if options["json"] else as_text(found))


def ending(theme: Theme) -> dict[str, Any]:
    rows = retention.ending(theme).select_related("person", "purpose")
    told = [{"id": row.person_id, "name": str(row.person), "purpose": row.purpose.key, "ends_on": str(row.ends_on)} for row in rows]
    return {"ends_within_30_days": told}


def as_text(found: dict[str, Any]) -> str:
    lines = []
    for name, value in found.items():
        rows = value if isinstance(value, list) else []
        lines += [" ".join(str(cell) for cell in row.values()) for row in rows]
        lines.append(f"{name.replace('_', ' ')}: {len(rows) if isinstance(value, list) else value}")
    return "\n".join(lines)
