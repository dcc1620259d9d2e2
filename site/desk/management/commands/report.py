"""`manage.py report steering-group|funder|annual --language fi --format pdf|docx|xlsx|html --out FILE`: a report of all goals, as a draft."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from base.documents import Unmade
from base.languages import CODES, FALLBACK
from desk.reports import composing, periods
from desk.reports.beginning import draft, sections
from desk.reports.printing import TYPES, printed
from desk.reports.records import Kind
from themes.models import Goal, Theme

if TYPE_CHECKING:
    from argparse import ArgumentParser

# The last that has ended, unless the days are given.
PACES = {Kind.STEERING_GROUP: "quarter", Kind.FUNDER: "quarter", Kind.ANNUAL: "year"}


class Command(BaseCommand):
    help = "Writes a report into a file. It keeps nothing: a report that people write and approve is begun on the staff's screens."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=Kind.values)
        parser.add_argument("--language", choices=CODES, default=FALLBACK)
        parser.add_argument("--format", choices=list(TYPES), required=True)
        parser.add_argument("--out", type=Path, required=True, help="the file to write")
        parser.add_argument("--theme", help="the theme's key, where there are several")
        parser.add_argument("--goals", help="keys of goals with commas between; all of the theme without")
        parser.add_argument("--from", dest="starts", type=date.fromisoformat, help="first day, YYYY-MM-DD")
        parser.add_argument("--to", dest="ends", type=date.fromisoformat, help="last day, YYYY-MM-DD")

    def handle(self, *args: Any, **options: Any) -> None:
        theme, period = self.theme(options["theme"]), self.period(options)
        goals = self.goals(theme, options["goals"])
        with translation.override(options["language"]):
            report = draft(theme=theme, kind=options["kind"], period=period, languages=[options["language"]])
            try:
                report.clean()
                content = printed(composing.of_goals(report, goals, sections(report, goals), timezone.localdate()), options["format"], None)
                options["out"].write_bytes(content)
            except ValidationError as refused:
                raise CommandError(" ".join(refused.messages)) from None
            except (OSError, Unmade) as refused:
                raise CommandError(str(refused)) from None
        self.stdout.write(f"{options['out']}: {len(content)} bytes, {period.starts}..{period.ends}, {len(goals)} goals")

    def theme(self, key: str | None) -> Theme:
        themes = list(Theme.objects.filter(**({"key": key} if key else {})).order_by("pk"))
        if not themes:
            raise CommandError(f"There is no theme {key}." if key else "There is no theme yet.")
        if len(themes) > 1:
            raise CommandError(f"Say which theme, by --theme: {', '.join(theme.key for theme in themes)}.")
        return themes[0]

    def period(self, options: dict[str, Any]) -> periods.Period:
        usual = periods.before(timezone.localdate(), PACES[Kind(options["kind"])])
        return periods.Period(options["starts"] or usual.starts, options["ends"] or usual.ends)

    def goals(self, theme: Theme, keys: str | None) -> list[Goal]:
        rows = Goal.objects.filter(theme=theme).select_related("plan").prefetch_related("expected_results").order_by("scope", "pk")
        if keys is None:
            return list(rows)
        wanted = [key.strip() for key in keys.split(",") if key.strip()]
        found = list(rows.filter(key__in=wanted))
        if missing := sorted(set(wanted) - {goal.key for goal in found}):
            raise CommandError(f"The theme {theme.key} has no goal {', '.join(missing)}.")
        return found
