from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from base.tables import as_table
from mail.inbound import parts, reading
from mail.inbound.receiving import receive
from mail.models import Bounce

if TYPE_CHECKING:
    from argparse import ArgumentParser

COLUMNS = ("address", "kind", "status")
# sysexits.h: a mail server keeps the message and tries again.
TRY_AGAIN = 75
CHUNK = 65536


class Command(BaseCommand):
    help = "Reads a message that came back from the standard input, shows a row for each address in it, and does what follows."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="read it alone: nothing is written, and nobody is suppressed")
        parser.add_argument("--json", action="store_true", help="a list of rows, for programs")

    def handle(self, *args: Any, dry_run: bool, json: bool, **options: Any) -> None:
        message = _read()
        try:
            rows = reading.read(message) if dry_run else receive(message, source=Bounce.Source.PIPE).rows
        except DatabaseError as error:
            self.stderr.write(f"The database could not be reached or written: {type(error).__name__}.")
            sys.exit(TRY_AGAIN)
        shown = [{"address": row.address, "kind": str(row.kind), "status": row.status} for row in rows]
        self.stdout.write(_as_json(shown) if json else as_table(COLUMNS, shown))


def _read() -> bytes:
    """All of it is taken, lest the mail server's pipe breaks; the beginning is kept."""
    kept = sys.stdin.buffer.read(parts.LONGEST)
    while sys.stdin.buffer.read(CHUNK):
        pass
    return kept


def _as_json(rows: list[dict[str, str]]) -> str:
    return json.dumps(rows, ensure_ascii=False)
