"""The pages of the public site: home, sections, stories, results and good practices; other kinds stand in modules of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.core.paginator import Paginator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail_localize.fields import SynchronizedField

from base.blocks import RICH_TEXT, StoryField
from base.fallbacks import below, borrowed, readable
from base.pages import Digestible
from base.pictured import PicturedPage
from base.pictures import load_pictures
from base.remembered import remember
from contacts.models import Outreach
from contacts.pages import OutreachPage
from pages.composed import ComposedPage, LandingPage
from pages.enquiry import Enquiry
from pages.projects import ProjectPage, ProjectsPage, page_of
from pages.standing import AccessibilityPage, ContactPage, InformationPage, PrivacyPage
from themes.models import Practice, Project, Theme
from themes.pages import SortedPage, ThemedPage, ticks

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest

__all__ = [
    "AccessibilityPage",
    "ContactPage",
    "Enquiry",
    "HomePage",
    "InformationPage",
    "LandingPage",
    "PracticePage",
    "PrivacyPage",
    "ProjectPage",
    "ProjectsPage",
    "ResultPage",
    "SectionPage",
    "StoryPage",
]
ROWS_A_PAGE = 10
ON_THE_FRONT_PAGE = 3
NEXT_STEPS = 2


class HomePage(ComposedPage):
    """The front page of a theme in one language. The page that gives all below it their theme."""

    # Below another front page, the theme is a section of that one's site.
    parent_page_types: ClassVar = ["wagtailcore.Page", "pages.HomePage"]
    is_front = True
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
    """A section: a list of the pages below it, newest first."""

    lead = models.TextField(_("lead"), max_length=400, blank=True)

    content_panels: ClassVar = [*Page.content_panels, FieldPanel("lead")]
    parent_page_types: ClassVar = ["pages.HomePage"]
    subpage_types: ClassVar = ["pages.StoryPage", "pages.ResultPage", "pages.PracticePage"]
    template = "pages/section.html"
    has_feed = True

    class Meta:
        verbose_name = _("section")

    @property
    def feed_path(self) -> str:
        from pages.feeds import feed_path

        return feed_path(self)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        children = readable(Page.objects.filter(below(self, directly=True)).live(), self.locale.language_code)
        children = children.order_by("-first_published_at", "-pk").specific()
        rows = Paginator(children, ROWS_A_PAGE).get_page(request.GET.get("page"))
        children = list(rows)
        load_pictures(children)
        return super().get_context(request, *args, **kwargs) | {
            "items": [child.digest(request) for child in children],
            "pager": {
                "previous_url": f"?page={rows.previous_page_number()}" if rows.has_previous() else "",
                "next_url": f"?page={rows.next_page_number()}" if rows.has_next() else "",
                "status": f"{rows.start_index()}-{rows.end_index()} / {rows.paginator.count}",
            },
        }


class ArticlePage(Digestible, PicturedPage, ThemedPage, SortedPage, OutreachPage, Page):
    """What stories, results and practices share."""

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
    shown_with: ClassVar = (*ThemedPage.shown_with, "project")

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


class StoryPage(ArticlePage):
    body = StoryField(verbose_name=_("text"))

    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("lead"),
        ArticlePage.picture_panel,
        FieldPanel("body"),
        OutreachPage.plan_panel,
        ArticlePage.sorting_panel,
    ]
    template = "pages/story.html"
    kind_label = _("Story")
    kind_label_plural = _("Stories")
    schema_type = "NewsArticle"
    outreach_kind = Outreach.Kind.STORY

    class Meta:
        verbose_name = _("story")


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
    """The newest articles of each kind of a theme below a page, so many, newest first; in other languages what is not in its own."""
    found: list[Any] = []
    where, language = below(page, directly=False), page.locale.language_code
    kinds: Iterable[Any] = models or (StoryPage, ResultPage, PracticePage)
    for model in kinds:
        found += readable(model.objects.filter(where, theme=theme).live(), language).order_by("-first_published_at", "-pk")[:number]
    return sorted(found, key=lambda article: (article.first_published_at, article.pk), reverse=True)
