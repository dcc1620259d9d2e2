"""What stories, results, practices and publications share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page
from wagtail_localize.fields import SynchronizedField

from base.fallbacks import borrowed
from base.pages import Digestible
from base.pictured import PicturedPage
from base.pictures import load_pictures
from base.remembered import remember
from contacts.pages import OutreachPage
from pages.projects import page_of
from themes.models import Project
from themes.pages import SortedPage, ThemedPage, ticks

if TYPE_CHECKING:
    from django.http import HttpRequest

NEXT_STEPS = 2


class ArticlePage(Digestible, PicturedPage, ThemedPage, SortedPage, OutreachPage, Page):  # type: ignore[django-manager-missing]  # Page is Any to the plugin
    lead = models.TextField(_("lead"), max_length=300, help_text=_("Two sentences that tell the whole; shown in lists and mails too."))
    project = models.ForeignKey(Project, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("project"))

    override_translatable_fields: ClassVar = [
        *OutreachPage.plan_fields,
        SynchronizedField("sub_themes", overridable=False),
        SynchronizedField("regions", overridable=False),
        SynchronizedField("project", overridable=False),
    ]
    sorting_panel: ClassVar = MultiFieldPanel([FieldPanel("project"), ticks("sub_themes"), ticks("regions")], heading=_("Belongs to"), icon="tag")
    parent_page_types: ClassVar = ["pages.SectionPage"]
    subpage_types: ClassVar[list[str]] = []
    schema_type = "Article"
    can_be_shared = True
    shown_with: ClassVar = (*ThemedPage.shown_with, "project", "picture")

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        newest = remember(("newest in", self.path[: -self.steplen]), self._newest_beside)
        others = [page for page in newest if page.pk != self.pk]
        about = page_of(self.project_id, self.locale_id)
        return super().get_context(request, *args, **kwargs) | {
            "next_steps": [page.digest(request) for page in others[:NEXT_STEPS]],
            "project_url": about.get_url(request) if about else "",
        }

    def _newest_beside(self) -> list[Any]:
        """One more than is shown, for this page may be among them."""
        newest = list(self.get_siblings().live().exclude(borrowed()).order_by("-first_published_at", "-pk")[: NEXT_STEPS + 1].specific())
        load_pictures(newest)
        return newest
