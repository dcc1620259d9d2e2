"""What an event's page holds beside its text: its dates, its venue, its programme and its materials."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail_localize.fields import SynchronizedField

from events import wall
from events.date_blocks import DatesBlock
from events.material_blocks import MaterialsBlock
from events.models.fields import PartsField, TicksField
from events.session_blocks import ProgrammeBlock
from events.venue import FACTS

if TYPE_CHECKING:
    import uuid


class DatedPage(models.Model):
    """Of a page that has `starts_at` and `ends_at`: the zone of their clock, and further dates."""

    time_zone = models.CharField(
        _("time zone"),
        max_length=40,
        choices=wall.zone_choices,
        default=wall.DEFAULT_ZONE,
        help_text=_("Times are by the clock of this place, in winter as in summer."),
    )
    dates = PartsField(
        DatesBlock,
        verbose_name=_("further dates"),
        blank=True,
        help_text=_("A tour of regions, or a meeting that is repeated: one page, many dates."),
    )

    dated_fields: ClassVar[list[SynchronizedField]] = [SynchronizedField("time_zone", overridable=False)]

    class Meta:
        abstract = True

    @cached_property
    def places_by_date(self) -> dict[uuid.UUID, str]:
        from events.dates import places_by_date

        return places_by_date(self)  # type: ignore[arg-type]  # it is an EventPage


class VenuePage(models.Model):
    address = models.CharField(_("address"), max_length=250, blank=True, help_text=_("Street, number and town, and how to get there."))
    access = TicksField(
        _("accessibility"),
        ticks=FACTS.items(),
        default=list,
        blank=True,
        help_text=_("Tick what is certain: people decide by it whether they can come."),
    )
    access_note = models.TextField(
        _("more on accessibility"), max_length=600, blank=True, help_text=_("For example where the step-free door is, and whom to ask.")
    )
    remote_text = models.TextField(
        _("how to take part online"),
        max_length=600,
        blank=True,
        help_text=_("What people need for it. The link itself goes to those who registered."),
    )

    venue_panel = MultiFieldPanel(
        [FieldPanel("address"), FieldPanel("access"), FieldPanel("access_note"), FieldPanel("remote_text")],
        heading=_("Venue and accessibility"),
        icon="site",
    )
    venue_fields: ClassVar[list[SynchronizedField]] = [SynchronizedField("access", overridable=False)]

    class Meta:
        abstract = True


class ProgrammePage(models.Model):
    programme = PartsField(ProgrammeBlock, verbose_name=_("programme"), blank=True)
    materials = PartsField(MaterialsBlock, verbose_name=_("materials and recording"), blank=True)

    class Meta:
        abstract = True


def when_panel() -> MultiFieldPanel:
    return MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at"), FieldPanel("time_zone")]),
            FieldRowPanel([FieldPanel("mode"), FieldPanel("capacity"), FieldPanel("online_capacity"), FieldPanel("scope")]),
            FieldPanel("place"),
            FieldPanel("online_link"),
            FieldPanel("languages"),
            FieldPanel("dates"),
        ],
        heading=_("When and where"),
        icon="calendar-alt",
    )
