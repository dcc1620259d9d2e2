"""`{% load pictures %}`: the one way in which pictures stand on public pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from base import pictures

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from base.models import SiteImage

register = template.Library()


@register.simple_tag
def show_picture(image: SiteImage | None, shape: str = "figure", alt: str | None = None, first: bool = False) -> SafeString:
    """`{% show_picture self.image "figure" %}`. Shapes are in `base.pictures.SHAPES`; `first=True` for what is seen at once, else it loads late."""
    return pictures.shown(image, shape, alt=alt, is_first=first)
