from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from base.gate import guard


class Command(BaseCommand):
    help = "Looks at every live page again with the publication checks, for the report. Nothing is unpublished."

    def handle(self, *args: Any, **options: Any) -> None:
        number, failing = guard.check_live_pages()
        self.stdout.write(f"{number} pages checked, {failing} with errors")
