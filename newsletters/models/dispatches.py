"""What becomes of an issue on its way out, beside its text: a revision of the page brings none of this back."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from newsletters.models.pages import IssuePage


class Dispatch(models.Model):
    """Who asked for the sending of which text, who agreed to it, and when it goes. One for an issue, at its source page.

    `lists` keeps what the blocks by rule showed when the issue was sent (`newsletters.library.Rule.name`).
    """

    issue = models.OneToOneField(IssuePage, models.CASCADE, related_name="dispatch", verbose_name=_("newsletter issue"))
    lists = models.JSONField(default=dict, editable=False)
    content = models.CharField(max_length=64, blank=True, editable=False, help_text=_("A hash of the text that was asked for."))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked for"), null=True, blank=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("approved by"))
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    due_at = models.DateTimeField(_("to be sent"), null=True, blank=True)
    reason = models.TextField(_("why it was not sent"), blank=True)

    class Meta:
        verbose_name = _("dispatch of an issue")
        verbose_name_plural = _("dispatches of issues")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(approved_by=None) | ~models.Q(approved_by=models.F("asked_by")), name="nobody_approves_what_they_asked_for"
            ),
        ]

    def __str__(self) -> str:
        return str(self.issue)
