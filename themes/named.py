"""The theme that a command is about."""

from __future__ import annotations

from django.core.management.base import CommandError

from themes.models import Theme


def theme_named(key: str | None) -> Theme:
    """By its key; without one, the only theme that there is. Raises CommandError."""
    found = list(Theme.objects.filter(**({"key": key} if key else {}))[:2])
    if len(found) != 1:
        raise CommandError("Name the theme: --theme KEY." if found or not key else f"There is no theme {key}.")
    return found[0]
