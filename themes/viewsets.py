"""The communication plan and the theme's words, for the staff."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from base.languages import CODES, language_panels
from themes.evidence.views import MentionViewSet, SurveyViewSet
from themes.models import Channel, Goal, Means, Plan, Practice, Project, SubTheme, TargetGroup, Theme
from themes.pages import ticks
from themes.plans.forms import GoalForm, PlanForm, ProofPagePanel, ResultsPanel
from themes.plans.meanwhile import LockedEditView
from themes.plans.smart.panel import SmartPanel

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet
    from django.http import HttpRequest

NAMES = ["name_fi", "name_sv", "name_en"]
NAME = MultiFieldPanel([FieldPanel(name) for name in NAMES], heading=_("Name"))
OF_THEME = FieldRowPanel([FieldPanel("theme"), FieldPanel("key")])
DESCRIPTION = MultiFieldPanel([FieldPanel(f"description_{code}") for code in ("fi", "sv", "en")], heading=_("Description"))


class WordsViewSet(SnippetViewSet):
    """A list by name. `related` names what its columns read, so that queries do not grow with the rows."""

    related: ClassVar[list[str]] = []
    search_fields: ClassVar[list[str]] = NAMES
    search_backend_name = None
    list_display: ClassVar[list[str]] = ["name_fi"]
    panels: ClassVar[list[Any]] = [NAME, OF_THEME]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        rows: QuerySet[Model] = self.model._default_manager.all()
        return rows.select_related(*self.related) if self.related else rows


class GoalViewSet(WordsViewSet):
    model = Goal
    icon = "crosshairs"
    related: ClassVar = ["plan"]
    list_display: ClassVar = ["name_fi", "scope", "kind", "plan"]
    list_filter: ClassVar = ["scope", "kind", "plan", "audiences"]
    edit_view_class = LockedEditView
    edit_handler = ObjectList(
        [
            SmartPanel(heading=_("Is the goal SMART?")),
            NAME,
            OF_THEME,
            FieldRowPanel([FieldPanel("plan"), FieldPanel("scope"), FieldPanel("kind")]),
            FieldRowPanel([FieldPanel("starts"), FieldPanel("due")]),
            DESCRIPTION,
            InlinePanel(
                "messages",
                panels=[
                    language_panels("name"),
                    InlinePanel(
                        "proofs",
                        panels=[FieldRowPanel([FieldPanel("practice"), ProofPagePanel("page")])],
                        heading=_("What proves it"),
                        label=_("Proof"),
                    ),
                ],
                heading=_("Core messages"),
                label=_("Core message"),
            ),
            ResultsPanel(
                "expected_results",
                panels=[
                    FieldPanel("measure"),
                    FieldPanel("due"),
                    FieldRowPanel([FieldPanel(name) for name in ("baseline", "low", "target", "high")]),
                ],
                heading=_("Expected results"),
                label=_("Expected result"),
            ),
            MultiFieldPanel([ticks(name) for name in ("audiences", "regions", "strategies", "means", "channels")], heading=_("Whom and how")),
            InlinePanel(
                "responsibilities",
                panels=[FieldPanel("staff"), FieldRowPanel([FieldPanel(f"role_{code}") for code in CODES])],
                heading=_("Who answers for it"),
                label=_("Responsibility"),
            ),
            MultiFieldPanel([FieldRowPanel([FieldPanel("budget_hours"), FieldPanel("budget_eur")])], heading=_("Hours and cost")),
        ],
        base_form_class=GoalForm,
    )


class PlanViewSet(WordsViewSet):
    model = Plan
    icon = "calendar-alt"
    related: ClassVar = ["theme"]
    list_display: ClassVar = ["name_fi", "theme", "starts", "ends"]
    edit_view_class = LockedEditView
    edit_handler = ObjectList(
        [NAME, OF_THEME, FieldRowPanel([FieldPanel("starts"), FieldPanel("ends")]), DESCRIPTION],
        base_form_class=PlanForm,
    )


class ChannelViewSet(WordsViewSet):
    model = Channel
    icon = "site"
    list_display: ClassVar = ["name_fi", "kind"]
    list_filter: ClassVar = ["kind"]
    panels: ClassVar = [NAME, OF_THEME, FieldPanel("kind")]


class MeansViewSet(WordsViewSet):
    model = Means
    icon = "cogs"


class TargetGroupViewSet(WordsViewSet):
    model = TargetGroup
    icon = "group"
    list_display: ClassVar = ["name_fi", "scope"]
    list_filter: ClassVar = ["scope"]
    panels: ClassVar = [NAME, OF_THEME, FieldPanel("scope")]


class SubThemeViewSet(WordsViewSet):
    model = SubTheme
    icon = "tag"
    panels: ClassVar = [NAME, OF_THEME, DESCRIPTION]


class ProjectViewSet(WordsViewSet):
    model = Project
    icon = "folder-open-inverse"
    search_fields: ClassVar = [*NAMES, "code"]
    list_display: ClassVar = ["name_fi", "code", "kind", "starts", "ends"]
    list_filter: ClassVar = ["kind", "regions"]
    panels: ClassVar = [
        NAME,
        OF_THEME,
        FieldRowPanel([FieldPanel("code"), FieldPanel("kind")]),
        FieldRowPanel([FieldPanel("starts"), FieldPanel("ends")]),
        FieldRowPanel([FieldPanel("total_cost_eur"), FieldPanel("cofinancing_rate"), FieldPanel("intervention_code")]),
        FieldPanel("website"),
        MultiFieldPanel([ticks("sub_themes"), ticks("regions")], heading=_("Belongs to"), icon="tag"),
        *(
            MultiFieldPanel([FieldPanel(f"{name}_{code}") for code in ("fi", "sv", "en")], heading=heading)
            for name, heading in (
                ("purpose", _("Purpose and achievements")),
                ("location", _("Location")),
                ("intervention_type", _("Type of intervention")),
            )
        ),
    ]


class PracticeViewSet(WordsViewSet):
    model = Practice
    icon = "success"
    related: ClassVar = ["project"]
    list_display: ClassVar = ["name_fi", "stage", "project"]
    list_filter: ClassVar = ["stage", "project"]
    panels: ClassVar = [NAME, OF_THEME, FieldRowPanel([FieldPanel("stage"), FieldPanel("project")])]


class ThemeViewSet(WordsViewSet):
    model = Theme
    icon = "home"
    list_display: ClassVar = ["name_fi", "objective_code", "fund", "starts", "ends"]
    panels: ClassVar = [
        NAME,
        FieldRowPanel([FieldPanel("key"), FieldPanel("objective_code"), FieldPanel("fund")]),
        FieldRowPanel([FieldPanel("starts"), FieldPanel("ends"), FieldPanel("budget_eur")]),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("accent"), FieldPanel("face")]), FieldPanel("logo")],
            heading=_("Look"),
            icon="view",
            help_text=_("The preview beside the form shows what comes of it, in light and dark."),
        ),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("promised_sv"), FieldPanel("promised_en")])],
            heading=_("Promised languages"),
            icon="globe",
            help_text=_("Pages of these kinds are told as owed until they stand in the language too. Finnish is promised of all."),
        ),
        *(
            MultiFieldPanel([FieldPanel(f"{name}_{code}") for code in ("fi", "sv", "en")], heading=heading)
            for name, heading in (
                ("programme", _("Programme")),
                ("objective", _("Specific objective")),
                ("summary", _("Short description")),
                ("description", _("Description")),
                ("how_it_works", _("How the theme works")),
                ("earlier_work", _("Earlier work")),
            )
        ),
    ]


class PlanGroup(SnippetViewSetGroup):
    menu_label = _("Plan")
    menu_icon = "crosshairs"
    menu_name = "plan"
    menu_order = 150
    items = (
        GoalViewSet,
        PlanViewSet,
        MentionViewSet,
        SurveyViewSet,
        ChannelViewSet,
        MeansViewSet,
        TargetGroupViewSet,
        SubThemeViewSet,
        ProjectViewSet,
        PracticeViewSet,
        ThemeViewSet,
    )
