"""What an import filled in on people who were known."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from base.bounds import Bounded
from contacts.models.imports import ContactImport
from contacts.models.people import Person


class Filled(Bounded):
    """The field was empty before. Taken back where it still has the value."""

    theme_path = "person__theme"

    brought_by = models.ForeignKey(ContactImport, models.CASCADE, related_name="filled", verbose_name=_("import"))
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("person"))
    field = models.CharField(_("field"), max_length=30)
    value = models.CharField(_("value"), max_length=254)

    class Meta:
        verbose_name = _("field that an import filled in")
        verbose_name_plural = _("fields that imports filled in")
        constraints: ClassVar = [models.UniqueConstraint(fields=["brought_by", "person", "field"], name="one_row_per_import_person_and_field")]

    def __str__(self) -> str:
        return f"{self.brought_by}: {self.field}"
