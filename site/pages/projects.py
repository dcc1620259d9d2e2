"""Projects: their section, and a page for each. `themes.Project` is the identity and the facts, the page is the text.

A project page is no act of communication: it is owed (Regulation (EU) 2021/1060, Article 50(1)(a)) and stands as long as the project is
known. What is told of the project, such as a story, a result or an event, is an act, names its goals, and is found on the project's page.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page, get_page_models
from wagtail_localize.fields import SynchronizedField

from base.blocks import StoryField
from base.narrowing import Facet, Match
from base.pages import Digest, Digestible
from base.pictures import load_pictures
from base.remembered import remember
from contacts.models import ProjectParty
from pages import described, facts, operations
from pages.catalogue import CataloguePage
from themes.facets import everywhere, keys_by_row, region_facet, sub_theme_facet
from themes.models import Project
from themes.pages import ThemedPage

if TYPE_CHECKING:
    from django.http import HttpRequest

OF_EACH_KIND = 5


class ProjectsPage(CataloguePage):
    """The projects, with the list of operations to take along."""

    subpage_types: ClassVar = ["pages.ProjectPage"]
    template = "pages/projects.html"
    empty_title = _("No project has a page yet")
    empty_text = _("Each project of the theme appears here with its facts, its results and its events.")

    class Meta:
        verbose_name = _("projects")

    def rows(self) -> models.QuerySet[ProjectPage]:
        """Projects under way first, then those that have ended; by name."""
        is_over = models.Case(models.When(project__ends__lt=timezone.localdate(), then=1), default=0)
        pages: models.QuerySet[ProjectPage] = ProjectPage.objects.child_of(self).live().select_related("project")
        return pages.order_by(is_over, "title", "pk")

    def facets(self) -> list[Facet]:
        return [sub_theme_facet(self.theme_id), region_facet()]

    def matches(self) -> list[Match]:
        regions = region_facet()
        rows = list(self.rows().values_list("pk", "project_id"))
        numbers = [project for _pk, project in rows]
        themes = keys_by_row(Project.sub_themes.through, "project_id", "subtheme__key", numbers)
        codes = keys_by_row(Project.regions.through, "project_id", "region__code", numbers)
        return [Match(pk, {"sub_theme": themes.get(project, frozenset()), "region": everywhere(codes.get(project), regions)}) for pk, project in rows]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        files = {form: reverse("pages:operations", args=[self.theme.key, form]) for form in operations.FORMS}
        context["structured"].parts.append(described.list_of_operations(self, files))
        return context | {"operations_files": [(form.upper(), url) for form, url in files.items()]}


class ProjectPage(Digestible, ThemedPage, Page):
    project = models.ForeignKey(Project, models.PROTECT, related_name="+", verbose_name=_("project"))
    lead = models.TextField(_("lead"), max_length=300, help_text=_("Two sentences that tell the whole; shown in lists and mails too."))
    body = StoryField(verbose_name=_("text"), blank=True)

    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("project", help_text=_("Its facts, parties and purpose are shown beside the text. They are kept under Plan, Projects.")),
        FieldPanel("lead"),
        FieldPanel("body"),
    ]
    override_translatable_fields: ClassVar = [SynchronizedField("project", overridable=False)]
    parent_page_types: ClassVar = ["pages.ProjectsPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "pages/project.html"
    kind_label = _("Project")
    kind_label_plural = _("Projects")

    class Meta:
        verbose_name = _("project's page")

    def clean(self) -> None:
        super().clean()
        others = ProjectPage.objects.filter(project_id=self.project_id).exclude(translation_key=self.translation_key)
        if self.project_id and others.exists():
            raise ValidationError({"project": _("This project has a page already.")})

    @property
    def sub_themes(self) -> Any:
        """For the search, which narrows by them."""
        return self.project.sub_themes

    def digest(self, request: HttpRequest | None = None) -> Digest:
        """With place and time instead of the day on which the page was published."""
        return replace(super().digest(request), date=None, note=f"{self.project.location}, {facts.years(self.project.starts, self.project.ends)}")

    def also_found_by(self) -> str:
        names = [str(party.organisation) for party in self.parties() if party.organisation_id]
        return " ".join([self.project.name, self.project.code, self.project.purpose, self.project.location, *names])

    def parties(self) -> list[ProjectParty]:
        return list(ProjectParty.objects.filter(project_id=self.project_id).select_related("organisation", "person").order_by("pk"))

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        parties, today = self.parties(), timezone.localdate()
        context = super().get_context(request, *args, **kwargs)
        context["structured"].parts.append(described.project(self, parties, today))
        return context | {
            "facts": facts.of_project(self.project, parties, today),
            "steering": [party.public_name(today) for party in parties if party.part == ProjectParty.Part.STEERING],
            "groups": self.told(request),
        }

    def told(self, request: HttpRequest) -> list[dict[str, Any]]:
        """What pages of any kind tell of the project in this language: the newest of each kind, one query a kind."""
        groups = []
        for model in kinds_about_projects():
            pages = model.objects.live().filter(project_id=self.project_id, locale_id=self.locale_id)
            if (hidden := model.unlisted()) is not None:
                pages = pages.exclude(pk__in=hidden.values("pk"))
            found = list(pages.order_by("-first_published_at", "-pk")[:OF_EACH_KIND])
            load_pictures(found)
            if items := model.digests(found, request):
                groups.append({"title": model.kind_label_plural or model.kind_label, "key": model._meta.model_name, "items": items})
        return groups


def kinds_about_projects() -> list[Any]:
    """The kinds of page that belong to a project and stand as rows elsewhere, whatever package they are in."""
    return [
        model
        for model in get_page_models()
        if issubclass(model, Digestible) and model is not ProjectPage and any(field.name == "project" for field in model._meta.concrete_fields)
    ]


def page_of(project_id: int | None, locale_id: int) -> ProjectPage | None:
    """The project's live page in the language."""
    if project_id is None:
        return None
    here = ProjectPage.objects.live().filter(project_id=project_id, locale_id=locale_id)
    found: ProjectPage | None = remember(("page of project", project_id, locale_id), here.first)
    return found
