"""Only production installs this app: it brings the checks that refuse an unsafe start."""

from __future__ import annotations

from django.apps import AppConfig


class ProductionConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        from config import checks

        checks.register()
