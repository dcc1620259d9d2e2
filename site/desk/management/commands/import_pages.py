"""`manage.py import_pages FILE.csv [--dry-run] [--skip-bad] [--by NAME] [--language CODE]`: pages of an old site as drafts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from base.languages import CODES, FALLBACK
from base.models import User
from desk.importing.actions import import_pages

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from desk.importing.actions import Report


class Command(BaseCommand):
    help = "Brings pages of an old site in as drafts, with their old addresses: docs/importing.md. Nothing is brought where any row is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="rows as CSV")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and change nothing")
        parser.add_argument("--skip-bad", action="store_true", help="bring the rows that are right")
        parser.add_argument("--by", help="the user name of whoever brings them")
        parser.add_argument("--language", choices=CODES, default=FALLBACK, help="of what is told")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(options["language"]):
            try:
                content = options["file"].read_bytes()
            except OSError as error:
                raise CommandError(f"{options['file']}: {error.strerror}") from None
            by = User.objects.filter(username=options["by"]).first() if options["by"] else None
            if options["by"] and by is None:
                raise CommandError(_("There is no user {name}.").format(name=options["by"]))
            report = import_pages(content, by=by, skip_bad=options["skip_bad"], dry_run=options["dry_run"])
            self.tell(report)
            if report.problems and not options["skip_bad"]:
                raise CommandError(_("Nothing was brought: mend the rows above, or leave them out with --skip-bad."))

    def tell(self, report: Report) -> None:
        for problem in report.problems:
            self.stdout.write(_("Row {line}, {column}: {message}").format(line=problem.line, column=problem.column, message=problem.message))
        for line, page in report.made:
            self.stdout.write(_("Row {line}: a draft, “{title}”.").format(line=line, title=page.title))
            for finding in report.findings[line]:
                weight = _("Before it goes out") if finding.is_error else _("Note")
                self.stdout.write(f"  {weight}: {finding.message}")
            if line in report.left_out:
                self.stdout.write("  " + _("Pictures and recordings that were left out: {number}.").format(number=report.left_out[line]))
        if report.kept:
            self.stdout.write(_("Rows that had been brought before: {number}.").format(number=len(report.kept)))
