"""`manage.py messages --update | --check | --compile`: the product's translations, without GNU gettext."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from base import messages

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "Collects (--update), checks (--check) or compiles (--compile) the Finnish and Swedish messages."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        for name in ("update", "check", "compile"):
            what.add_argument(f"--{name}", dest="what", action="store_const", const=name)

    def handle(self, *args: Any, **options: Any) -> None:
        {"update": self.update, "check": self.find_gaps, "compile": messages.compile_all}[options["what"]]()

    def update(self) -> None:
        for language in messages.LANGUAGES:
            messages.update(language)
            self.stdout.write(f"{language}: {len(messages.missing(language))} untranslated")

    def find_gaps(self) -> None:
        gaps = {language: messages.missing(language) for language in messages.LANGUAGES}
        for language, texts in gaps.items():
            for text in texts:
                self.stderr.write(f"{language}: {text}")
        if any(gaps.values()):
            raise CommandError("Messages without a translation; run `manage.py messages --update` and translate them.")
