"""`manage.py import_contacts FILE`: people and organisations from CSV, .xlsx or vCards (docs/contacts.md)."""

from __future__ import annotations

import json as formats
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from base.languages import CODES, FALLBACK
from base.models import User
from base.spreadsheets import Unreadable
from contacts import purposes
from contacts.importing import reading, undoing
from contacts.importing.actions import Report, Why, bring
from contacts.models import ContactImport, Purpose
from themes.named import theme_named

if TYPE_CHECKING:
    from argparse import ArgumentParser

# Of a file whose owner waits for nobody.
MOST_BYTES = 500_000_000
COUNTED = ("rows", "created", "known", "doubled", "refused", "organisations")


class Command(BaseCommand):
    help = "Brings people and organisations from CSV, .xlsx or vCards. Rows with errors are told by cell and left out; --undo takes an import back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help="vCards, or CSV or .xlsx with headings such as last_name, email, organisation")
        parser.add_argument("--theme", metavar="KEY", help="the national theme, where there are several")
        parser.add_argument("--dry-run", action="store_true", help="say what would come, and change nothing")
        parser.add_argument("--keep-duplicates", action="store_true", help="every row becomes a person of its own")
        parser.add_argument("--source", help="where the data came from; else the file's name")
        parser.add_argument("--purpose", metavar="KEY", default=purposes.COOPERATION, help="what they are held for: a purpose of the theme")
        parser.add_argument("--by", metavar="USER", help="the user name of whoever brings them")
        parser.add_argument("--undo", type=int, metavar="ID", help="take this import back")
        parser.add_argument("--language", choices=CODES, default=FALLBACK, help="of what is told")
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(options["language"]):
            if options["undo"]:
                self.undo(options["undo"], as_json=options["json"])
            elif options["file"]:
                self.bring(options)
            else:
                raise CommandError("Name a file, or --undo ID.")

    def undo(self, number: int, *, as_json: bool) -> None:
        bringing = ContactImport.objects.filter(pk=number).first()
        if bringing is None:
            raise CommandError(f"There is no import {number}.")
        found = undoing.undo(bringing)
        told = f"removed: {found.removed}\nkept, because they have more by now: {found.kept}"
        self.stdout.write(formats.dumps(found._asdict()) if as_json else told)

    def bring(self, options: dict[str, Any]) -> None:
        file: Path = options["file"]
        theme = theme_named(options["theme"])
        purposes.make_usual(theme)
        purpose = Purpose.objects.filter(theme=theme, key=options["purpose"], is_active=True).first()
        if purpose is None:
            known = Purpose.objects.filter(theme=theme, is_active=True).values_list("key", flat=True)
            raise CommandError(f"There is no purpose {options['purpose']} in use; there are {', '.join(sorted(known))}.")
        why = Why(options["source"] or file.name[:200], purpose)
        by = User.objects.filter(username=options["by"]).first() if options["by"] else None
        if options["by"] and by is None:
            raise CommandError(f"There is no user {options['by']}.")
        began = time.perf_counter()
        try:
            chosen = {"keep_duplicates": options["keep_duplicates"], "dry_run": options["dry_run"]}
            with file.open("rb") as opened:
                content = reading.take(opened, most=MOST_BYTES)
            report = bring(content, theme=theme_named(options["theme"]), file_name=file.name, why=why, by=by, **chosen)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from None
        except Unreadable as told:
            raise CommandError(str(told)) from None
        facts = facts_of(report, dry_run=options["dry_run"]) | {"seconds": round(time.perf_counter() - began, 2)}
        self.stdout.write(formats.dumps(facts, ensure_ascii=False) if options["json"] else as_text(facts))


def facts_of(report: Report, *, dry_run: bool) -> dict[str, Any]:
    return {
        "import": None if dry_run else report.bringing.pk,
        **{name: getattr(report.bringing, name) for name in COUNTED},
        "headings_left": report.left,
        "errors": [problem._asdict() for problem in report.problems],
        "duplicates": [duplicate._asdict() for duplicate in report.duplicates],
    }


def as_text(facts: dict[str, Any]) -> str:
    lines = [f"{error['row']}:{error['column']} {error['heading']} “{error['value']}”: {error['message']}" for error in facts["errors"]]
    lines += [f"{row['row']}: {row['name']} = {row['person']} {row['person_name']}" for row in facts["duplicates"]]
    lines += [f"{name}: {facts[name]}" for name in ("import", *COUNTED, "seconds")]
    return "\n".join(lines + [f"not read: {', '.join(facts['headings_left'])}"] * bool(facts["headings_left"]))
