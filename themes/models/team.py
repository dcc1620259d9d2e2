"""Who works in which theme, and as what."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from base.bounds import Bounded
from base.roles import Role
from themes.models.theme import Theme


class TeamMember(Bounded):
    """A member of staff has this role in this theme. Whoever works in several chooses in which: `chosen_at` says which came last."""

    class Part(models.TextChoices):
        COMMUNICATIONS = Role.COMMUNICATIONS.value, _("Communications")
        ORGANISERS = Role.ORGANISERS.value, _("Event organisers")
        COORDINATORS = Role.COORDINATORS.value, _("Coordinators")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="teams", verbose_name=_("user"))
    theme = models.ForeignKey(Theme, models.CASCADE, related_name="team", verbose_name=_("national theme"))
    role = models.CharField(_("role"), max_length=20, choices=Part.choices)
    chosen_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("member of a theme's team")
        verbose_name_plural = _("members of a theme's team")
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "theme", "role"], name="one_row_per_member_theme_and_role")]

    def __str__(self) -> str:
        return f"{self.user.get_full_name() or self.user.get_username()}: {self.theme}, {self.get_role_display()}"
