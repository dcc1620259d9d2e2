"""The pages of the public site: home, sections, stories, results and good practices; other kinds stand in modules of their own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.paginator import Paginator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail_localize.fields import SynchronizedField

from base.blocks import RICH_TEXT, StoryField
from base.fallbacks import below, readable
from base.pictures import load_pictures
from contacts import shared
from contacts.models import Organisation, Outreach
from contacts.pages import OutreachPage
from pages import described
from pages.articles import ArticlePage
from pages.calls import CallPage, CallsPage
from pages.composed import ComposedPage, LandingPage
from pages.enquiry import Enquiry
from pages.projects import ProjectPage, ProjectsPage
from pages.publications import PublicationPage
from pages.series import StorySeries, place_in_series
from pages.services import ServiceCheck, ServicePage, ServicesPage
from pages.standing import AccessibilityPage, ContactPage, InformationPage, PrivacyPage
from themes.models import Practice, Theme
from themes.pages import ThemedPage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest

__all__ = [
    "AccessibilityPage",
    "CallPage",
    "CallsPage",
    "ContactPage",
    "Enquiry",
    "HomePage",
    "InformationPage",
    "LandingPage",
    "PracticePage",
    "PrivacyPage",
    "ProjectPage",
    "ProjectsPage",
    "PublicationPage",
    "ResultPage",
    "SectionPage",
    "ServiceCheck",
    "ServicePage",
    "ServicesPage",
    "StoryPage",
    "StorySeries",
]
ROWS_A_PAGE = 10
ON_THE_FRONT_PAGE = 3


class HomePage(ComposedPage):
    """The front page of a theme in one language. The page that gives all below it their theme."""

    # Below another front page, the theme is a section of that one's site.
    parent_page_types: ClassVar = ["wagtailcore.Page", "pages.HomePage"]
    is_front = True
    promised_in = ("sv",)
    template = "pages/composed.html"
    # What it shows until editors compose it: blocks of its field, by name.
    DEFAULT: ClassVar = (
        ("newest", {"what": "stories", "title": "", "number": ON_THE_FRONT_PAGE, "leads": True}),
        ("newest", {"what": "findings", "title": "", "number": ON_THE_FRONT_PAGE, "leads": False}),
        ("events", {"title": "", "sub_theme": "", "region": "", "number": ON_THE_FRONT_PAGE}),
    )

    class Meta:
        verbose_name = _("front page")

    def composition(self) -> Iterable[Any]:
        """Events are a sibling package: where its block is not there, neither is its band."""
        if self.body:
            return super().composition()
        stream: Any = self.body.stream_block
        return list(stream.normalize([row for row in self.DEFAULT if row[0] in stream.child_blocks]))


class SectionPage(ThemedPage, Page):
    """A section: a list of the pages below it, and of those that another theme shares with it, newest first."""

    lead = models.TextField(_("lead"), max_length=400, blank=True)

    content_panels: ClassVar = [*Page.content_panels, FieldPanel("lead")]
    parent_page_types: ClassVar = ["pages.HomePage"]
    subpage_types: ClassVar = ["pages.StoryPage", "pages.ResultPage", "pages.PracticePage", "pages.PublicationPage"]
    template = "pages/section.html"
    has_feed = True
    takes_shared = True

    class Meta:
        verbose_name = _("section")

    @property
    def feed_path(self) -> str:
        from pages.feeds import feed_path

        return feed_path(self)

    def pages_in_feed(self) -> Any:
        return Page.objects.filter(Page.objects.child_of_q(self) | Q(locale=self.locale_id) & shared.pages(shared.into(self)))

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        listed = below(self, directly=True) | shared.pages(shared.into(self))
        children = readable(Page.objects.filter(listed).live(), self.locale.language_code)
        children = children.order_by("-first_published_at", "-pk").specific()
        rows = Paginator(children, ROWS_A_PAGE).get_page(request.GET.get("page"))
        children = list(rows)
        load_pictures(children)
        return super().get_context(request, *args, **kwargs) | {
            "items": [replace(child.digest(request), origin=self.origin_of(child)) for child in children],
            "pager": {
                "previous_url": f"?page={rows.previous_page_number()}" if rows.has_previous() else "",
                "next_url": f"?page={rows.next_page_number()}" if rows.has_next() else "",
                "status": f"{rows.start_index()}-{rows.end_index()} / {rows.paginator.count}",
            },
        }


class StoryPage(ArticlePage):
    body = StoryField(verbose_name=_("text"))
    author_name = models.CharField(
        _("writer"), max_length=150, blank=True, help_text=_("Whoever wrote it and is to be named. Leave it empty where the office wrote it.")
    )
    author_role = models.CharField(_("the writer's title"), max_length=150, blank=True)
    author_organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("the writer's organisation")
    )
    series = models.ForeignKey(StorySeries, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("series"))
    series_part = models.PositiveSmallIntegerField(
        _("which part"), null=True, blank=True, help_text=_("Parts without a number come last, in the order of their publication.")
    )

    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("lead"),
        ArticlePage.picture_panel,
        FieldPanel("body"),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("author_name"), FieldPanel("author_role")]), FieldPanel("author_organisation")],
            heading=_("Writer"),
            icon="user",
        ),
        MultiFieldPanel([FieldRowPanel([FieldPanel("series"), FieldPanel("series_part")])], heading=_("Series"), icon="list-ol"),
        OutreachPage.plan_panel,
        ArticlePage.sorting_panel,
    ]
    override_translatable_fields: ClassVar = [
        *ArticlePage.override_translatable_fields,
        *(SynchronizedField(name, overridable=False) for name in ("author_name", "author_organisation", "series", "series_part")),
    ]
    template = "pages/story.html"
    kind_label = _("Story")
    kind_label_plural = _("Stories")
    schema_type = "NewsArticle"
    outreach_kind = Outreach.Kind.STORY
    shown_with: ClassVar = (*ArticlePage.shown_with, "author_organisation", "series")

    class Meta:
        verbose_name = _("story")

    @property
    def byline(self) -> str:
        organisation = str(self.author_organisation) if self.author_organisation_id else ""
        return ", ".join(filter(None, (self.author_name, self.author_role, organisation)))

    @property
    def author_names(self) -> list[str]:
        organisation = str(self.author_organisation) if self.author_organisation_id else ""
        return [name for name in (self.author_name or organisation,) if name]

    def also_found_by(self) -> str:
        return " ".join(filter(None, (self.byline, self.series.name if self.series else "")))

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        for part in context["structured"].parts:
            if part["@type"] == self.schema_type:
                part.update(described.of_story(self))
        return context | {"series": place_in_series(self, request) if self.series_id else None}


class ResultPage(ArticlePage):
    """A project's result: what was found, and what it rests on."""

    finding = models.TextField(_("finding"))
    evidence = models.TextField(_("evidence"))
    material = models.TextField(_("material"), blank=True)
    licence = models.CharField(_("licence"), max_length=60, default="CC BY 4.0")
    body = StoryField(verbose_name=_("text"), blank=True)

    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("lead"),
        ArticlePage.picture_panel,
        *(FieldPanel(name) for name in ("finding", "evidence", "material", "licence", "body")),
        OutreachPage.plan_panel,
        ArticlePage.sorting_panel,
    ]
    override_translatable_fields: ClassVar = [*ArticlePage.override_translatable_fields, SynchronizedField("licence")]
    template = "pages/result.html"
    kind_label = _("Result")
    proves = True
    kind_label_plural = _("Results")
    outreach_kind = Outreach.Kind.RESULT

    class Meta:
        verbose_name = _("result")


class PracticePage(ArticlePage):
    """The text of a good practice; `themes.Practice` is its identity and stage."""

    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", verbose_name=_("good practice"))
    problem = RichTextField(_("what problem it solves"), features=RICH_TEXT)
    how_it_works = RichTextField(_("how it works"), features=RICH_TEXT)
    who_has_used = RichTextField(_("who has used it"), features=RICH_TEXT)
    how_to_start = RichTextField(_("how to take it into use"), features=RICH_TEXT)

    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("lead"),
        ArticlePage.picture_panel,
        *(FieldPanel(name) for name in ("practice", "problem", "how_it_works", "who_has_used", "how_to_start")),
        OutreachPage.plan_panel,
        ArticlePage.sorting_panel,
    ]
    override_translatable_fields: ClassVar = [*ArticlePage.override_translatable_fields, SynchronizedField("practice", overridable=False)]
    template = "pages/practice.html"
    shown_with: ClassVar = (*ArticlePage.shown_with, "practice")
    kind_label = _("Good practice")
    kind_label_plural = _("Good practices")
    outreach_kind = Outreach.Kind.PRACTICE

    class Meta:
        verbose_name = _("good practice's page")


def newest_below(page: Page, theme: Theme, number: int, models: Iterable[type[Any]] | None = None) -> list[Any]:
    """The newest articles of each kind of a theme below a page, or shared with it: so many, newest first. What is not in its language, in another."""
    found: list[Any] = []
    where = (below(page, directly=False) & Q(theme=theme)) | shared.pages(shared.with_theme(theme))
    language = page.locale.language_code
    kinds: Iterable[Any] = models or (StoryPage, ResultPage, PracticePage)
    for model in kinds:
        found += readable(model.objects.filter(where).live(), language).order_by("-first_published_at", "-pk")[:number]
    return sorted(found, key=lambda article: (article.first_published_at, article.pk), reverse=True)
