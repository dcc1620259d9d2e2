"""The rules of registering, as the page sets them and the event holds them."""

from __future__ import annotations

import re
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail_localize.fields import SynchronizedField

from themes.models import TargetGroup
from themes.pages import ticks

LARGEST_GROUP = 50
CODE = re.compile(r"(?P<code>[A-Z0-9-]{3,40})(?:\s+(?P<seats>[0-9]{1,6}))?")


class RegistrationRules(models.Model):
    registration_opens_at = models.DateTimeField(_("registration opens"), null=True, blank=True)
    registration_closes_at = models.DateTimeField(
        _("registration closes"), null=True, blank=True, help_text=_("Without a time, it is open until the event is over.")
    )
    largest_group = models.PositiveSmallIntegerField(
        _("largest group"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(LARGEST_GROUP)],
        help_text=_("How many people one registration may bring, the person who registers included."),
    )
    needs_approval = models.BooleanField(
        _("approved by the organiser"), default=False, help_text=_("Registrations are applications: they take seats once you have approved them.")
    )
    has_waiting_list = models.BooleanField(
        _("waiting list"), default=True, help_text=_("When all seats are taken, people may wait, and are offered those that come free.")
    )

    class Meta:
        abstract = True


RULES = ("registration_opens_at", "registration_closes_at", "largest_group", "needs_approval", "has_waiting_list")


class RegisteringPage(RegistrationRules):
    """Of a page: also who needs a code, and who comes first on the waiting list."""

    access_codes = models.TextField(
        _("access codes"),
        blank=True,
        help_text=_("One on a line; after it, if you like, how many seats it opens: PARTNER 20. With codes, only who has one can register."),
    )
    priority_groups = ParentalManyToManyField(
        TargetGroup,
        blank=True,
        related_name="+",
        verbose_name=_("first on the waiting list"),
        help_text=_("People of these target groups are offered seats before others."),
    )

    registering_panel = MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("registration_opens_at"), FieldPanel("registration_closes_at")]),
            FieldRowPanel([FieldPanel("largest_group"), FieldPanel("needs_approval"), FieldPanel("has_waiting_list")]),
            FieldPanel("access_codes"),
            ticks("priority_groups"),
        ],
        heading=_("Registration"),
        icon="group",
    )
    registering_fields: ClassVar[list[SynchronizedField]] = [
        SynchronizedField(name, overridable=False) for name in (*RULES, "access_codes", "priority_groups")
    ]

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        if self.registration_opens_at and self.registration_closes_at and self.registration_closes_at <= self.registration_opens_at:
            raise ValidationError({"registration_closes_at": _("Registration must close after it opens.")})
        self.codes()

    def codes(self) -> dict[str, int | None]:
        """How many seats each code opens, None where the event's capacity is the only limit. Raises a ValidationError that names the line."""
        found: dict[str, int | None] = {}
        for line in filter(None, map(str.strip, self.access_codes.splitlines())):
            if not (match := CODE.fullmatch(line.upper())):
                text = _("“%(line)s” is no code. Write 3 to 40 letters, digits or hyphens, and a number after them if you like.")
                raise ValidationError({"access_codes": text % {"line": line}})
            found[match["code"]] = int(match["seats"]) if match["seats"] else None
        return found
