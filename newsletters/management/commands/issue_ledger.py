from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from base.tables import as_table
from newsletters.ledgers import COLUMNS, ledger_rows
from newsletters.models import IssuePage

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "Shows what became of an issue's copies: frozen = sent + failed + suppressed + in doubt + waiting."

    def add_arguments(self, parser: ArgumentParser) -> None:
        chosen = parser.add_mutually_exclusive_group(required=True)
        chosen.add_argument("issue", type=int, nargs="?", metavar="ID", help="the issue's page")
        chosen.add_argument("--all", action="store_true", help="every issue that was sent")
        parser.add_argument("--json", action="store_true", help="a list of rows, for programs")

    def handle(self, *args: Any, issue: int | None, json: bool, **options: Any) -> None:
        rows = ledger_rows(self._chosen(issue))
        self.stdout.write(_as_json(rows) if json else as_table(COLUMNS, rows))

    def _chosen(self, issue: int | None) -> list[IssuePage]:
        if issue is None:
            return list(IssuePage.objects.filter(mailing__isnull=False).order_by("pk"))
        found = list(IssuePage.objects.filter(pk=issue))
        if not found:
            raise CommandError(f"There is no newsletter issue with the id {issue}.")
        return found


def _as_json(rows: list[dict[str, int]]) -> str:
    return json.dumps(rows)
