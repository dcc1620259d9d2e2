"""What the admin says before a page is deleted."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings

from base.trash import actions

register = template.Library()


@register.simple_tag
def consequences_of(page: Any) -> list[Any]:
    return actions.consequences(page)


@register.simple_tag
def trash_days() -> int:
    return int(settings.TRASH_DAYS)
