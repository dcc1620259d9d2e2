"""A page that is an act of outreach: it names the goals that it serves, and publishing it records the act."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import MultiFieldPanel
from wagtail.signals import page_published
from wagtail_localize.fields import SynchronizedField

from base.gate import Finding, error, register, warning
from contacts import outreach
from contacts.models import Outreach
from themes.models import Channel, Goal, Message, TargetGroup
from themes.pages import ticks

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from base.gate.subject import Subject


class OutreachPage(models.Model):
    """Translations are the same act: the source page's goals count, the translations carry copies of them."""

    goals = ParentalManyToManyField(
        Goal, related_name="+", verbose_name=_("goals"), help_text=_("Which goals of the communication plan does this serve?")
    )
    audiences = ParentalManyToManyField(TargetGroup, blank=True, related_name="+", verbose_name=_("audiences"))
    core_messages = ParentalManyToManyField(
        Message, blank=True, related_name="+", verbose_name=_("core messages"), help_text=_("Which messages of those goals does it get across?")
    )

    outreach_kind: ClassVar[Outreach.Kind]
    channel_key: ClassVar[str] = "site"
    # Whether another theme may show it in a section of its own (`contacts.bridges`).
    can_be_shared: ClassVar[bool] = False

    plan_panel = MultiFieldPanel([ticks("goals"), ticks("audiences"), ticks("core_messages")], heading=_("Plan"), icon="crosshairs")
    plan_fields: ClassVar[list[SynchronizedField]] = [
        SynchronizedField("goals", overridable=False),
        SynchronizedField("audiences", overridable=False),
        SynchronizedField("core_messages", overridable=False),
    ]

    class Meta:
        abstract = True

    def outreach_goals(self) -> Collection[Goal]:
        return list(self.goals.all())

    def record_outreach(self) -> Outreach:
        page: Any = self
        return outreach.record(
            theme=page.theme,
            kind=self.outreach_kind,
            title=page.title,
            goals=self.outreach_goals(),
            item_key=page.translation_key,
            channel=Channel.objects.filter(theme=page.theme, key=self.channel_key).first(),
            audiences=page.audiences.all(),
            core_messages=page.core_messages.all(),
            regions=page.regions.all() if hasattr(page, "regions") else (),
            done_at=page.first_published_at,
            by=page.owner,
        )


def check_goal(subject: Subject) -> Iterator[Finding]:
    """For the publication gate: no act of communication without a goal of the plan."""
    if isinstance(subject.page, OutreachPage) and not subject.page.outreach_goals():
        yield error("goal.missing", _("Name the goal of the communication plan that this serves."), field="goals")


def check_messages(subject: Subject) -> Iterator[Finding]:
    """A message belongs to its goal: one that is ticked alone counts for nothing that the page serves."""
    if isinstance(subject.page, OutreachPage):
        goals = {goal.pk for goal in subject.page.outreach_goals()}
        if stray := [message for message in subject.page.core_messages.all() if message.goal_id not in goals]:
            told = _("The message “%(message)s” belongs to a goal that is not ticked: %(goal)s.")
            yield warning("message.stray", told % {"message": stray[0], "goal": stray[0].goal}, field="core_messages")


def is_source(page: Any) -> bool:
    """Whether this is the page that its translations were made from: the oldest of the set."""
    return not page.get_translations().filter(pk__lt=page.pk).exists()


def record_published_page(sender: type, instance: Any, **kwargs: object) -> None:
    """Publishing an outreach page records the act, by whatever way it was published. Wagtail sends its signal for a time in the future too."""
    if instance.live and isinstance(instance, OutreachPage) and is_source(instance):
        instance.record_outreach()


def connect() -> None:
    register("contacts.goal", check_goal)
    register("contacts.messages", check_messages)
    page_published.connect(record_published_page, dispatch_uid="contacts.record_published_page")
