"""`manage.py rebuild_search`: writes the index of the search anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand

from pages.search import index
from pages.search.lemmas import make_dictionaries

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "Writes the index of the search anew. Publishing keeps it up to date; this is for pages that came by another way."

    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dictionaries", action="store_true", help="Only makes the dictionaries of basic forms, where they are not there yet.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dictionaries"]:
            make_dictionaries()
            return
        self.stdout.write(f"{index.rebuild()} pages can be found.")
