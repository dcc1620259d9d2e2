from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from contacts import ties


class Command(BaseCommand):
    help = "Counts anew the ties that follow from what contacts share: events, networks, projects."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{ties.derive_all()} ties")
