"""What an import brought, so that the whole of it can be taken back."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from base.bounds import Bounded
from themes.models import Theme


class ContactImport(Bounded):
    """People, organisations, roles and addresses name the import that made them (`brought_by`); what it filled in on others is in `Filled`."""

    theme = models.ForeignKey(Theme, models.CASCADE, related_name="contact_imports", verbose_name=_("national theme"))
    file_name = models.CharField(_("file"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    began_at = models.DateTimeField(_("began"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True)
    undone_at = models.DateTimeField(_("taken back"), null=True)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    created = models.PositiveIntegerField(_("new people"), default=0)
    known = models.PositiveIntegerField(_("known people"), default=0)
    doubled = models.PositiveIntegerField(_("possible duplicates, left out"), default=0)
    refused = models.PositiveIntegerField(_("rows with errors"), default=0)
    organisations = models.PositiveIntegerField(_("new organisations"), default=0)

    class Meta:
        verbose_name = _("import of contacts")
        verbose_name_plural = _("imports of contacts")
        ordering: ClassVar = ["-began_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.file_name} ({timezone.localtime(self.began_at):%d.%m.%Y %H.%M})"
