"""`manage.py goals [--json] [--today DATE]`: what each goal was to reach, and what it has reached."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand
from django.utils import timezone, translation

from base.tables import as_table
from desk.progress import GoalResult, results
from themes.models import Goal

if TYPE_CHECKING:
    from argparse import ArgumentParser

COLUMNS = ("goal", "scope", "measure", "unit", "expected", "actual", "share", "trend")


class Command(BaseCommand):
    help = "Lists the goals with their expected and actual results. An empty actual means that there is no data, which is not 0."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="rows as JSON")
        parser.add_argument("--today", type=date.fromisoformat, help="count as on this day, YYYY-MM-DD")

    def handle(self, *args: Any, **options: Any) -> None:
        found = results(list(Goal.objects.order_by("scope", "pk")), options["today"] or timezone.localdate())
        rows = [self.row(result) for result in found]
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
            return
        self.stdout.write(as_table(COLUMNS, rows))

    def row(self, result: GoalResult) -> dict[str, Any]:
        return {
            "goal": result.goal.key,
            "title": result.goal.name,
            "scope": result.goal.scope,
            "measure": result.expected.measure,
            "unit": self.unit(result),
            "expected": result.expected.target,
            "actual": result.actual,
            "share": result.share,
            "trend": result.trend,
        }

    def unit(self, result: GoalResult) -> str | None:
        """In English, for scripts; the goal's title is in the installation's language."""
        with translation.override("en"):
            return str(result.measure.unit) if result.measure else None
