from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from base.bounds import Bounded
from themes.models import Goal


class PageTemplate(Bounded):
    """What a page of the kind began with: `content` are the fields of its editor, as a revision keeps them (`desk.page_templates.actions`)."""

    theme_path = "goal__theme"

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="page_templates", verbose_name=_("goal"))
    name = models.CharField(_("name"), max_length=80)
    kind = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    content = models.JSONField(editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("page template")
        verbose_name_plural = _("page templates")
        constraints: ClassVar = [models.UniqueConstraint(fields=["goal", "name"], name="one_page_template_per_goal_and_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def model(self) -> type[Any] | None:
        """None where the product has no such kind any more."""
        return self.kind.model_class()
