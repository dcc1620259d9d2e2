"""`manage.py find_duplicates`: who stands in the register twice (docs/contacts.md)."""

from __future__ import annotations

import json as formats
import time
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from contacts.duplicates.records import THRESHOLD
from contacts.duplicates.register import find_pairs
from contacts.models import Organisation, Person
from themes.named import theme_named

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from themes.models import Theme


class Command(BaseCommand):
    help = "Finds people, or organisations, who stand in the register twice. Changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--theme", metavar="KEY", help="the national theme, where there are several")
        parser.add_argument("--organisations", action="store_true", help="organisations in place of people")
        parser.add_argument("--threshold", type=float, default=THRESHOLD, metavar="P", help=f"the least probability that is told ({THRESHOLD})")
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 0 < options["threshold"] <= 1:
            raise CommandError("--threshold is a probability: more than 0, at most 1.")
        model, theme, began = Organisation if options["organisations"] else Person, theme_named(options["theme"]), time.perf_counter()
        found = find_pairs(model, theme, options["threshold"])
        names = self.names(model, theme)
        rows = [
            {
                "left_external_id": names[pair.left][0],
                "right_external_id": names[pair.right][0],
                "score": pair.score,
                "left": pair.left,
                "right": pair.right,
            }
            for pair in found
        ]
        if options["json"]:
            self.stdout.write(formats.dumps(rows, ensure_ascii=False))
            return
        for pair in found:
            self.stdout.write(f"{pair.score:.3f}  {pair.left} {names[pair.left][1]} = {pair.right} {names[pair.right][1]}")
        self.stdout.write(f"pairs: {len(rows)}\nseconds: {time.perf_counter() - began:.2f}")

    def names(self, model: Any, theme: Theme) -> dict[int, tuple[str, str]]:
        """The number elsewhere of a person, the key of an organisation; and the name."""
        rows = model.objects.filter(theme=theme).iterator()
        return {row.pk: (row.external_id if model is Person else row.key, str(row)) for row in rows}
