"""Who does what, so that nothing is done twice; and what workplaces say that they need."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from base.bounds import Bounded, BoundManager, BoundQuerySet
from contacts.models.organisations import Organisation
from contacts.models.people import Person, Term, TermQuerySet, ends_after_it_starts
from themes.models import Region, SubTheme, Theme


class WorkArea(Bounded, Term):
    """An organisation works on a sub-theme: where, with which service, with which meter. Without a region: in the whole country."""

    theme_path = "organisation__theme"

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="work_areas", verbose_name=_("organisation"))
    person = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="work_areas", verbose_name=_("whom to ask"))
    sub_theme = models.ForeignKey(SubTheme, models.PROTECT, related_name="work_areas", verbose_name=_("sub-theme"))
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="work_areas", verbose_name=_("region"), help_text=_("Empty: the whole country.")
    )
    service = models.CharField(_("service"), max_length=200, blank=True)
    meter = models.CharField(_("meter"), max_length=200, blank=True, help_text=_("What it is measured with, such as the QWL index or Työnimu."))

    objects: ClassVar = BoundManager.from_queryset(TermQuerySet)()

    class Meta:
        verbose_name = _("area of work")
        verbose_name_plural = _("who does what")
        ordering: ClassVar = ["sub_theme", "region", "pk"]
        constraints: ClassVar = [ends_after_it_starts("work_ends_after_it_starts")]

    def __str__(self) -> str:
        # Nobody's name: the label stays in logs.
        return f"{self.organisation}: {self.sub_theme}"

    def clean(self) -> None:
        super().clean()
        if self.organisation_id and self.sub_theme_id and self.organisation.theme_id != self.sub_theme.theme_id:
            raise ValidationError({"sub_theme": _("Choose a sub-theme of the organisation's own theme.")})


class ServiceNeedQuerySet(BoundQuerySet["ServiceNeed"]):
    def open(self) -> Self:
        return self.filter(state__in=(ServiceNeed.State.HEARD, ServiceNeed.State.CONFIRMED))


class ServiceNeed(Bounded):
    """What a workplace says that it needs. `contacts.needs` takes it from heard to the national level."""

    class State(models.TextChoices):
        HEARD = "heard", _("Heard")
        CONFIRMED = "confirmed", _("Confirmed in the region")
        PASSED_ON = "passed_on", _("Passed on to the national level")
        ANSWERED = "answered", _("Answered")
        DROPPED = "dropped", _("Not taken further")

    theme = models.ForeignKey(Theme, models.PROTECT, related_name="service_needs", verbose_name=_("national theme"))
    need = models.CharField(_("what is needed"), max_length=250)
    details = models.TextField(_("in their own words"), blank=True)
    sub_theme = models.ForeignKey(SubTheme, models.PROTECT, related_name="service_needs", verbose_name=_("sub-theme"))
    region = models.ForeignKey(
        Region,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="service_needs",
        verbose_name=_("region"),
        help_text=_("Empty: the whole country."),
    )
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="service_needs", verbose_name=_("organisation"),
        help_text=_("The workplace that said so."),
    )  # fmt: skip
    person = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="service_needs", verbose_name=_("who said so"))
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.HEARD, editable=False)
    heard_on = models.DateField(_("heard on"), default=timezone.localdate)
    heard_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name=_("heard by")
    )

    objects: ClassVar = BoundManager.from_queryset(ServiceNeedQuerySet)()

    class Meta:
        verbose_name = _("service need")
        verbose_name_plural = _("service needs")
        ordering: ClassVar = ["-heard_on", "-pk"]

    def __str__(self) -> str:
        return self.need

    def clean(self) -> None:
        related = (self.sub_theme if self.sub_theme_id else None, self.organisation, self.person)
        if self.theme_id and any(row and row.theme_id != self.theme_id for row in related):
            raise ValidationError(_("Sub-theme, organisation and person must be of the need's own theme."))


class NeedTurn(Bounded):
    """A step of a service need: when, by whom, and where it went. Never edited."""

    theme_path = "need__theme"

    need = models.ForeignKey(ServiceNeed, models.CASCADE, related_name="turns", verbose_name=_("service need"))
    state = models.CharField(_("state"), max_length=9, choices=ServiceNeed.State.choices)
    at = models.DateTimeField(_("at"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    passed_to = models.ForeignKey(Organisation, models.SET_NULL, null=True, related_name="needs_received", verbose_name=_("passed on to"))
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("step of a service need")
        verbose_name_plural = _("steps of service needs")
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["need", "state"], condition=~Q(state="heard"), name="one_step_per_service_need_and_state")
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()}: {self.need}"
