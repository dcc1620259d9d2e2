"""New e-mail addresses that people have asked us to write to, until they prove them."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from base.bounds import Bounded
from contacts.models.people import Person


class AddressChange(Bounded):
    """The link in the mail to the new address names `key`: no address stands in it."""

    theme_path = "person__theme"

    person = models.ForeignKey(Person, models.CASCADE, related_name="address_changes", verbose_name=_("person"))
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("new e-mail address"))
    asked_at = models.DateTimeField(_("asked for"), default=timezone.now)

    class Meta:
        verbose_name = _("change of address that was asked for")
        verbose_name_plural = _("changes of addresses that were asked for")

    def __str__(self) -> str:
        # Nobody's name: the label stays in logs.
        return f"{self.pk}"
