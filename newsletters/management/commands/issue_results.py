from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from base.tables import as_table
from newsletters.models import IssuePage
from newsletters.result_tables import Line, lines
from newsletters.results import results_of

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "Shows what came of an issue: deliveries, clicks, leaving, web views and registrations, with what each figure is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("issue", type=int, metavar="ID", help="the issue's page")
        parser.add_argument("--json", action="store_true", help="a list of figures, for programs")

    def handle(self, *args: Any, issue: int, json: bool, **options: Any) -> None:
        found = IssuePage.objects.select_related("mailing", "locale", "theme").filter(pk=issue).first()
        if found is None or found.mailing is None:
            raise CommandError(f"There is no sent newsletter issue with the id {issue}.")
        rows = [line._asdict() for line in lines(results_of(found))]
        self.stdout.write(_as_json(rows) if json else as_table(Line._fields[:-1], rows))


def _as_json(rows: list[dict[str, Any]]) -> str:
    return json.dumps(rows, ensure_ascii=False)
