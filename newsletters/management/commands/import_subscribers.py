"""`manage.py import_subscribers FILE --newsletter KEY --statement TEXT --date DAY`: subscribers who agreed elsewhere (docs/importing.md)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from base.languages import CODES, FALLBACK
from base.models import User
from base.spreadsheets import Unreadable
from newsletters.importing import actions
from newsletters.importing.columns import LABELS
from newsletters.importing.forms import read_heading
from newsletters.importing.looking import Tally, look
from newsletters.importing.views import as_csv
from newsletters.models import COUNTED, Newsletter, SubscriberImport

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "Brings subscribers who agreed elsewhere, with the evidence of it: docs/importing.md. Lines with errors are told and left out."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="lines as CSV or .xlsx")
        parser.add_argument("--newsletter", required=True, help="its key, with the theme's in front where several have it: theme:key")
        parser.add_argument("--statement", required=True, help="where the consent came from")
        parser.add_argument("--date", required=True, help="when they agreed, for lines that do not say it: 2024-05-31")
        parser.add_argument("--reader-language", choices=CODES, default=FALLBACK, help="of lines that do not say it")
        parser.add_argument("--column", action="append", default=[], metavar="ROLE=HEADING", help=f"instead of the guess; roles: {', '.join(LABELS)}")
        parser.add_argument("--left-out", type=Path, help="where the lines that do not come are written, as CSV")
        parser.add_argument("--dry-run", action="store_true", help="say what would come, and change nothing")
        parser.add_argument("--by", help="the user name of whoever brings them")
        parser.add_argument("--language", choices=CODES, default=FALLBACK, help="of what is told")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(options["language"]):
            bringing = self.bringing(options)
            try:
                tally = look(bringing)
                if not options["dry_run"]:
                    bringing.save()
                    bringing = actions.bring(bringing)
            except (Unreadable, actions.Busy) as told:
                raise CommandError(str(told)) from None
            self.tell(bringing, tally, options)

    def bringing(self, options: dict[str, Any]) -> SubscriberImport:
        """Not saved yet."""
        day = parse_date(options["date"])
        if day is None:
            raise CommandError(_("{day} is no day such as 2024-05-31.").format(day=options["date"]))
        try:
            content = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from None
        by = User.objects.filter(username=options["by"]).first() if options["by"] else None
        if options["by"] and by is None:
            raise CommandError(_("There is no user {name}.").format(name=options["by"]))
        words = {"file_name": options["file"].name[:200], "statement": options["statement"], "language": options["reader_language"]}
        found = SubscriberImport(newsletter=self.newsletter(options["newsletter"]), by=by, content=content, stated_on=day, **words)
        try:
            read_heading(found)
            found.columns |= self.columns(found.heading, options["column"])
            found.full_clean(exclude=["content"])
        except (Unreadable, ValidationError) as told:
            raise CommandError("\n".join(told.messages) if isinstance(told, ValidationError) else str(told)) from None
        if "address" not in found.columns:
            raise CommandError(_("No column holds addresses. Name it: --column address=HEADING."))
        return found

    def newsletter(self, key: str) -> Newsletter:
        theme, _colon, own = key.rpartition(":")
        rows = Newsletter.objects.select_related("theme").filter(key=own, **({"theme__key": theme} if theme else {}))
        if len(found := list(rows[:2])) != 1:
            raise CommandError(_("There is not exactly one newsletter {key}.").format(key=key))
        return found[0]

    def columns(self, heading: list[str], chosen: list[str]) -> dict[str, int]:
        found = {}
        for choice in chosen:
            role, _equals, name = choice.partition("=")
            if role not in LABELS or name not in heading:
                raise CommandError(_("{choice} is no column. Roles: {roles}.").format(choice=choice, roles=", ".join(LABELS)))
            found[role] = heading.index(name)
        return found

    def tell(self, bringing: SubscriberImport, tally: Tally, options: dict[str, Any]) -> None:
        words = {field.name: field.verbose_name for field in SubscriberImport._meta.fields}
        for line in tally.lines:
            self.stdout.write(_("Line {line}: {reason}").format(line=line["line"], reason=line["reason"]))
        for name in COUNTED:
            self.stdout.write(f"{words[name]}: {tally.counts[name] if options['dry_run'] else getattr(bringing, name)}")
        if options["left_out"]:
            options["left_out"].write_bytes(as_csv(bringing, tally.lines).content)
