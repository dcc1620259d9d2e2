"""Staff screens' addresses, below Wagtail's admin."""

from __future__ import annotations

from django.urls import path

from desk.approval.views import ReviewView
from desk.calendar import urls as calendar
from desk.exempting import exempt_page
from desk.item.views import ItemView
from desk.new_theme import new_theme
from desk.open_data import OperationsReport
from desk.overview.views import OverviewView
from desk.page_templates import views as page_templates
from desk.plans.views import CompareView, PlanView, PrintView, VersionView
from desk.plans.wizard import WizardView
from desk.views import GoalsView, GoalView, OutreachView
from desk.writing_for_goal import WriteForGoalView

app_name = "desk"
urlpatterns = [
    path("themes/new/", new_theme, name="new_theme"),
    path("overview/", OverviewView.as_view(), name="overview"),
    path("", GoalsView.as_view(), name="goals"),
    path("goals/<key:pk>/", GoalView.as_view(), name="goal"),
    path(
        "goals/<int:goal>/write/<slug:content_type_app_name>/<slug:content_type_model_name>/<int:parent_page_id>/",
        WriteForGoalView.as_view(),
        name="write",
    ),
    path("pages/<key:page_id>/keep/", page_templates.keep, name="keep_template"),
    path("pages/<key:page_id>/exempt/", exempt_page, name="exempt"),
    path("templates/<key:pk>/remove/", page_templates.remove, name="remove_template"),
    path("item/<uuid:key>/", ItemView.as_view(), name="item"),
    path("outreach/<key:pk>/", OutreachView.as_view(), name="outreach"),
    path("plans/new/", WizardView.as_view(), name="plan_new"),
    path("plans/<key:pk>/", PlanView.as_view(), name="plan"),
    path("plans/<key:pk>/compare/", CompareView.as_view(), name="plan_compare"),
    path("plans/<key:pk>/print/", PrintView.as_view(), name="plan_print"),
    path("plans/<key:pk>/versions/<int:number>/", VersionView.as_view(), name="plan_version"),
    *calendar.urlpatterns,
    path("operations/", OperationsReport.as_view(), name="operations_report"),
    path("approval/<int:pk>/", ReviewView.as_view(), name="review"),
]
