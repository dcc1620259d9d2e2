"""Rows by their keys: the theme that a command is about, and a key that a new row may have."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError
from django.utils.text import slugify

from base.bounds import everywhere
from themes.models import Theme


def theme_named(key: str | None) -> Theme:
    """By its key; without one, the only theme that there is. Raises CommandError."""
    found = list(Theme.objects.filter(**({"key": key} if key else {}))[:2])
    if len(found) != 1:
        raise CommandError("Name the theme: --theme KEY." if found or not key else f"There is no theme {key}.")
    return found[0]


def free_key(model: Any, theme: Theme, name: str) -> str:
    """Of the name; with a number behind it where that is taken. `model` has one row a theme and key."""
    root = slugify(name)[:50] or model._meta.model_name
    with everywhere():
        taken = set(model._default_manager.filter(theme=theme, key__startswith=root).values_list("key", flat=True))
    return next(key for key in (root, *(f"{root}-{number}" for number in range(2, len(taken) + 3))) if key not in taken)
