"""How a theme looks: its colour, its logo and the face of its titles. Everything else is the system's."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from themes import logo
from themes.look import Face, check_accent, stylesheet_url


class Looked(models.Model):
    accent = models.CharField(
        _("colour"),
        max_length=7,
        blank=True,
        validators=[check_accent],
        help_text=_("Such as #8a3c6e. The tones for light and dark are made from it. Without one, Kantama's cloudberry is used."),
    )
    face = models.CharField(_("face of titles"), max_length=12, choices=Face.choices, default=Face.NEWSREADER)
    logo = models.FileField(
        _("logo"),
        upload_to=logo.path_of,
        blank=True,
        max_length=120,
        validators=[logo.check],
        help_text=_("SVG, PNG, WebP or JPEG, at most 200 kB. It stands beside the name, and is never larger than the EU's emblem."),
    )
    logo_width = models.PositiveIntegerField(default=0, editable=False)
    logo_height = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.accent = self.accent.lower()
        if not self.logo:
            self.logo_width = self.logo_height = 0
        elif not getattr(self.logo, "_committed", True):
            found = logo.read(logo.content_of(self.logo))
            self.logo_width, self.logo_height = found.width, found.height
        super().save(*args, **kwargs)

    @property
    def look_url(self) -> str:
        """Where the theme's own small stylesheet is; "" when the system's look serves."""
        return stylesheet_url(self.accent.lower(), self.face)
