"""Meetings of a network, such as a steering group's. Whoever is not of the network never sees one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import Page
from wagtail_localize.fields import SynchronizedField

from base.bounds import Bounded, BoundManager, BoundQuerySet
from contacts.models import Outreach
from contacts.pages import OutreachPage
from events import wall
from events.meeting_blocks import AgendaBlock, AttendanceBlock
from events.models.closed import ClosedPage
from events.models.fields import PartsField
from events.page_forms import EventPageForm
from themes.models import Project, Theme
from themes.pages import ThemedPage

if TYPE_CHECKING:
    from django.http import HttpRequest

FACTS = ("starts_at", "ends_at", "time_zone", "online_link", "project")


class MeetingPage(ClosedPage, ThemedPage, OutreachPage, Page):
    """Agenda, papers, minutes, decisions and who took part. In no list, search, feed or map of the site, and served to its network alone."""

    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    time_zone = models.CharField(_("time zone"), max_length=40, choices=wall.zone_choices, default=wall.DEFAULT_ZONE)
    place = models.CharField(_("place"), max_length=250, blank=True)
    online_link = models.URLField(_("link to the meeting"), blank=True)
    project = models.ForeignKey(
        Project,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("project"),
        help_text=_("The project whose steering group meets: its staff see the meeting too."),
    )
    agenda = PartsField(AgendaBlock, verbose_name=_("agenda and minutes"), blank=True)
    attendance = PartsField(AttendanceBlock, verbose_name=_("who takes part"), blank=True)

    content_panels: ClassVar = [
        *Page.content_panels,
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at"), FieldPanel("time_zone")]),
                FieldPanel("place"),
                FieldPanel("online_link"),
                FieldPanel("project"),
            ],
            heading=_("When and where"),
            icon="calendar-alt",
        ),
        FieldPanel("agenda"),
        FieldPanel("attendance"),
        OutreachPage.plan_panel,
    ]
    override_translatable_fields: ClassVar = [
        *OutreachPage.plan_fields,
        *(SynchronizedField(name, overridable=False) for name in FACTS),
    ]
    parent_page_types: ClassVar = ["events.EventsPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "events/meeting.html"
    outreach_kind = Outreach.Kind.MEETING
    channel_key = "events"
    fact_fields = ("place", "attendance")
    base_form_class = EventPageForm

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")

    def clean(self) -> None:
        super().clean()
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("The meeting must end after it starts.")})

    @property
    def is_closed(self) -> bool:
        return True

    @classmethod
    def unlisted(cls) -> models.QuerySet[MeetingPage]:
        every: models.QuerySet[MeetingPage] = cls.objects.all()
        return every

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from events import meetings

        return super().get_context(request, *args, **kwargs) | meetings.context_of(self)


class DecisionQuerySet(BoundQuerySet["Decision"]):
    def open(self) -> Self:
        return self.filter(done_at=None)

    def of_user(self, user: Any) -> Self:
        return self.filter(responsible=user.pk)


class Decision(Bounded):
    """A decision of a meeting as published. `meeting_key` is the `translation_key` of its page, `key` the id of the decision's block."""

    theme = models.ForeignKey(Theme, models.CASCADE, related_name="decisions", verbose_name=_("national theme"))
    meeting_key = models.UUIDField(db_index=True, editable=False)
    key = models.UUIDField(unique=True, editable=False)
    text = models.TextField(_("what was decided"))
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="decisions", verbose_name=_("who follows it up")
    )
    due = models.DateField(_("by when"), null=True, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by"))

    objects: ClassVar = BoundManager.from_queryset(DecisionQuerySet)()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering: ClassVar = [models.F("due").asc(nulls_last=True), "pk"]

    def __str__(self) -> str:
        return self.text[:80]
