"""What an import brought, so that the whole of it can be taken back; and the file, until it is brought."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from base.bounds import Bounded
from themes.models import Theme

# What an import keeps of a file that has gone.
NO_FILE: dict[str, Any] = {"content": None, "heading": [], "mended": {}, "choices": {}, "looked": None}


class ContactImport(Bounded):
    """People, organisations, roles and addresses name the import that made them (`brought_by`); what it filled in on others is in `Filled`.

    In the admin a file is looked at (`looked`), mended and decided on, then asked for (`asked_at`) and brought by the worker, a batch at a time:
    so many rows are `done`. `content`, `mended`, `choices` and `looked` hold personal data: they go when it has ended, and after a day if it never
    began. `columns` (role -> places) stay, for the next file of the same headings.
    """

    theme = models.ForeignKey(Theme, models.CASCADE, related_name="contact_imports", verbose_name=_("national theme"))
    file_name = models.CharField(_("file"), max_length=200)
    source = models.CharField(
        _("where the data came from"),
        max_length=200,
        blank=True,
        help_text=_("Who gave them, or where they were collected. The people are told."),
    )
    purpose = models.ForeignKey(
        "contacts.Purpose", models.SET_NULL, null=True, related_name="+", verbose_name=_("purpose"), help_text=_("What the people are held for.")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    began_at = models.DateTimeField(_("began"), default=timezone.now)
    asked_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True)
    # Asked to be taken back, which the worker does a batch at a time: so many people are gone, and those to this number were looked at.
    undo_asked_at = models.DateTimeField(null=True, editable=False)
    undo_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False)
    removed = models.PositiveIntegerField(_("people who are gone again"), default=0, editable=False)
    removed_to = models.PositiveBigIntegerField(default=0, editable=False)
    undone_at = models.DateTimeField(_("taken back"), null=True)
    content = models.BinaryField(null=True, editable=False)
    heading = models.JSONField(default=list, editable=False)
    # Of the headings: a checksum that tells files of the same kind.
    kind = models.CharField(max_length=64, default="", blank=True, editable=False, db_index=True)
    columns = models.JSONField(default=dict, editable=False)
    # Row -> place -> what was typed in place of what stands in the file.
    mended = models.JSONField(default=dict, editable=False)
    # Row -> what is to become of a possible duplicate: `contacts.importing.matching`.
    choices = models.JSONField(default=dict, editable=False)
    keeps_duplicates = models.BooleanField(default=False, editable=False)
    looked = models.JSONField(null=True, editable=False)
    done = models.PositiveIntegerField(default=0, editable=False)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    created = models.PositiveIntegerField(_("new people"), default=0)
    known = models.PositiveIntegerField(_("known people, filled in"), default=0)
    doubled = models.PositiveIntegerField(_("possible duplicates, left out"), default=0)
    refused = models.PositiveIntegerField(_("rows with errors"), default=0)
    organisations = models.PositiveIntegerField(_("new organisations"), default=0)

    class Meta:
        verbose_name = _("import of contacts")
        verbose_name_plural = _("imports of contacts")
        ordering: ClassVar = ["-began_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.file_name} ({timezone.localtime(self.began_at):%d.%m.%Y %H.%M})"

    @property
    def is_on_its_way(self) -> bool:
        return bool(self.asked_at and not self.ended_at and not self.undo_asked_at)

    @property
    def is_going_back(self) -> bool:
        return bool(self.undo_asked_at and not self.undone_at)

    @property
    def is_waiting(self) -> bool:
        """Looked at, and neither asked for nor gone."""
        return self.asked_at is None and self.ended_at is None and self.content is not None
