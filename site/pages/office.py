"""How the office that answers for a page is reached: never a person's own address."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail_localize.fields import SynchronizedField


class OfficePage(models.Model):
    """`pages/office.html` shows it."""

    email = models.EmailField(_("e-mail"), blank=True, help_text=_("Of the office: no person's own address belongs here."))
    phone = models.CharField(
        _("telephone"),
        max_length=30,
        blank=True,
        validators=[RegexValidator(r"^\+?[0-9][0-9 ()-]{4,}$", _("Write the number with digits and spaces, such as +358 29 000 0000."))],
        help_text=_("Of the office."),
    )

    office_panel: ClassVar = FieldRowPanel([FieldPanel("email"), FieldPanel("phone")])
    office_fields: ClassVar = [SynchronizedField(name, overridable=False) for name in ("email", "phone")]

    class Meta:
        abstract = True

    @property
    def phone_address(self) -> str:
        return "".join(sign for sign in self.phone if sign in "+0123456789")
