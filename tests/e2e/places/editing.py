"""Writing, approving and publishing, and the desk."""

from __future__ import annotations

from io import StringIO
from typing import Any

from django.core.management import call_command
from django.urls import reverse
from django.utils import translation
from django.utils.text import slugify
from wagtail.models import Page

from base.models import TrashedPage, User
from base.tasks import in_this_process
from base.trash import actions as trash
from contacts.models import (
    Bridge,
    Outreach,
)
from desk.models import Report, ReportLink, Submission
from desk.reports.printing import printed
from desk.reports.public import address_of
from pages.models import (
    CallPage,
    Enquiry,
    HomePage,
    PublicationPage,
    ServicePage,
    StoryPage,
    StorySeries,
)
from tests.e2e.places.public import with_block
from tests.e2e.places.rows import of_list, of_rows
from themes.models import Goal, Mention, Plan, PlanVersion, Project, Survey, Theme


def of_staff() -> dict[str, str]:
    found = {**of_list(Enquiry), **of_list(StorySeries)}
    for model in (Goal, Plan, Theme, Project, Mention, Survey):
        found |= of_rows(model)
    return found | of_goals() | of_pages() | of_door() | of_acts() | of_reports()


def of_reports() -> dict[str, str]:
    """The one that is approved and shared, and the draft that came after it."""
    link = ReportLink.objects.get()
    draft = Report.objects.get(versions=None)
    version = link.version
    return {
        "reports": reverse("reports:list"),
        "report_new": f"{reverse('reports:new')}?theme={draft.theme_id}",
        "report": reverse("reports:report", args=[draft.pk]),
        "report_write": reverse("reports:write", args=[draft.pk]),
        "report_version": reverse("reports:version", args=[version.report_id, version.number]),
        "report_decisions": f"{reverse('reports:decisions')}?theme={draft.theme_id}",
        "report_schedules": f"{reverse('reports:schedules')}?theme={draft.theme_id}",
        "shared_report": address_of(link),
    }


def report_file(language: str) -> str:
    """The approved one as a page by itself."""
    version = ReportLink.objects.get().version
    with translation.override(language):
        return printed(version.frozen, "html", version).decode()


def of_goals() -> dict[str, str]:
    """The desk, and the plan that it stands on."""
    version = PlanVersion.objects.get()
    return {
        "desk": reverse("desk:goals"),
        "staff_home": reverse("wagtailadmin_home"),
        "overview": reverse("desk:overview"),
        "overview_narrowed": f"{reverse('desk:overview')}?scope=external&language=sv",
        "reach": reverse("reach_screen"),
        "reach_narrowed": f"{reverse('reach_screen')}?period=90&part=language:sv&beside=year",
        "reach_item": reverse("desk:item", args=[Outreach.objects.filter(kind="story", tallies__isnull=False).first().item_key]),
        "evidence_bring": reverse("themes_bring", args=["mentions"]),
        "calendar": reverse("desk:calendar"),
        "calendar_list": f"{reverse('desk:calendar')}?view=list&scope=external",
        "calendar_plan": reverse("desk:calendar_plan"),
        "calendar_move": reverse("desk:calendar_move", args=[Outreach.objects.filter(done_at=None, planned_on__isnull=False).first().pk]),
        "operations_report": reverse("desk:operations_report"),
        "plan_versions": reverse("desk:plan", args=[version.plan_id]),
        "plan_version": reverse("desk:plan_version", args=[version.plan_id, version.number]),
        "plan_compare": reverse("desk:plan_compare", args=[version.plan_id]),
        "goal": reverse("desk:goal", args=[Outreach.objects.filter(goals__isnull=False).first().goals.first().pk]),
        "outreach": reverse("desk:outreach", args=[Outreach.objects.filter(touches__isnull=False).first().pk]),
    }


def of_pages() -> dict[str, str]:
    return {
        "edit_story": reverse("wagtailadmin_pages:edit", args=[with_block(StoryPage, "timeline", "fi").pk]),
        "service_report": f"{reverse('service_report')}?which=all",
        "service_check": reverse("service_check", args=[ServicePage.objects.filter(locale__language_code="fi").first().pk]),
        "edit_call": reverse("wagtailadmin_pages:edit", args=[CallPage.objects.filter(locale__language_code="fi").first().pk]),
        "edit_publication": reverse("wagtailadmin_pages:edit", args=[PublicationPage.objects.filter(locale__language_code="fi").first().pk]),
    }


def of_door() -> dict[str, str]:
    """Of projects' staff, and of who answers them."""
    returned = Submission.objects.filter(state=Submission.State.RETURNED).first()
    return {
        "door": reverse("wagtailadmin_home"),
        "door_form": reverse("door:submit", args=["result"]),
        "door_returned": reverse("door:edit", args=[returned.pk]),
        "door_queue": reverse("door:queue"),
        "door_return": reverse("door:return", args=[Submission.objects.waiting().first().pk]),
    }


def of_acts() -> dict[str, str]:
    """What is done with a page."""
    return {
        "review": reverse("desk:review", args=[asked_for_approval()]),
        "importing": reverse("importing:bring"),
        "keep_template": reverse("desk:keep_template", args=[StoryPage.objects.filter(live=True).order_by("pk")[0].pk]),
        "exempt": reverse("desk:exempt", args=[HomePage.objects.order_by("depth", "pk")[0].pk]),
        "trash": reverse("trash:list"),
        "trash_back": reverse("trash:back", args=[trashed().pk]),
        "trash_delete": reverse("trash:delete", args=[trashed().pk]),
        "bridging": reverse("bridging:list"),
        "bridging_share": reverse("bridging:share", args=[with_block(StoryPage, "timeline", "fi").pk]),
        "bridging_answer": reverse("bridging:answer", args=[Bridge.objects.waiting().first().pk]),
    }


def command(name: str, **options: Any) -> str:
    """What the command prints."""
    call_command(name, stdout=(printed := StringIO()), **options)
    return printed.getvalue()


def list_of_stories() -> str:
    """Where the staff see the Finnish ones."""
    story = StoryPage.objects.filter(locale__language_code="fi").first()
    return reverse("wagtailadmin_explore", args=[story.get_parent().pk])


def draft(title: str, *, by: User) -> StoryPage:
    """Of a story that stands."""
    story = with_block(StoryPage, "timeline", "fi")
    made: StoryPage = story.copy(update_attrs={"title": title, "slug": slugify(title), "live": False}, keep_live=False, copy_revisions=False)
    made.save_revision(user=by)
    return made


def draft_to_edit(title: str) -> str:
    """Where its writer edits it."""
    return reverse("wagtailadmin_pages:edit", args=[draft(title, by=User.objects.get(username="viestija")).pk])


def trashed() -> TrashedPage:
    by = User.objects.get(username="viestija")
    return TrashedPage.objects.filter(by=by).first() or trash.put(draft("Työhyvinvointikoordinaatiohankkeen väliraportti", by=by), by=by)


def asked_for_approval() -> int:
    """Of a story that its writer has sent to be approved: the state that the review is about."""
    title, writer = "Vuorolistat tehdään yhdessä", User.objects.get(username="viestija")
    made = StoryPage.objects.filter(title=title).first()
    if made is None:
        made = draft(title, by=writer)
        with in_this_process():
            made.get_workflow().start(Page.objects.get(pk=made.pk).specific, writer)
    return int(made.current_workflow_task_state.pk)


def states_of(title: str) -> list[str]:
    """Of each page of this title: "live", "in_workflow" or "draft"."""
    found = Page.objects.filter(title=title).order_by("pk")
    return ["live" if page.live else "in_workflow" if page.workflow_in_progress else "draft" for page in found]


def stored_text(title: str) -> str:
    """The first block of the newest draft of this title, as it is stored."""
    draft = Page.objects.get(title=title).specific.get_latest_revision_as_object()
    return str(draft.body.raw_data[0]["value"])
