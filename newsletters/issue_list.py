"""All issues in one list: how far each is, who got it, and where its next step is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import Min
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import BaseColumn
from wagtail.admin.ui.tables.pages import PageTitleColumn, ParentPageColumn
from wagtail.admin.views.pages.listing import IndexView
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.models import Page

from base.translations.lists import LanguagesColumn
from base.translations.states import annotate_states
from mail.models import Mailing
from newsletters.models import Dispatch, IssuePage, NewsletterPage
from newsletters.result_views import may_view, results_url
from newsletters.staff import may_send, send_url

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet


@dataclass(frozen=True)
class Stage:
    """How far an issue is, in words, and the step that comes next."""

    words: str
    url: str = ""
    label: str = ""


def _stage_of(issue: IssuePage, mailing: Mailing | None, before: str, user: Any) -> Stage:
    if mailing is not None:
        words = _("Sent %(day)s, %(number)s copies") % {"day": _day(mailing.frozen_at), "number": mailing.frozen_count}
        return Stage(words, results_url(issue), _("Results")) if may_view(issue, user) else Stage(words)
    return Stage(before, send_url(issue), _("Check and send")) if issue.live and may_send(issue, user) else Stage(before)


def _words_before(issue: IssuePage, dispatch: Dispatch | None, *, needs_approval: bool) -> str:
    if dispatch and dispatch.reason:
        return _("Did not go at its time")
    if dispatch and dispatch.asked_at and needs_approval and not dispatch.approved_at:
        return _("Waits for another's word")
    if dispatch and dispatch.due_at:
        return _("Goes %(day)s") % {"day": _day(dispatch.due_at, with_time=True)}
    return _("Published, not sent") if issue.live else _("Draft, not sent")


def _day(moment: datetime, *, with_time: bool = False) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT" if with_time else "SHORT_DATE_FORMAT")


def oldest_of_each() -> QuerySet[Any, Any]:
    """The numbers of the pages that stand for their translations as well."""
    found: QuerySet[Any, Any] = Page.objects.filter(alias_of=None).order_by().values("translation_key").annotate(first=Min("pk")).values("first")
    return found


class StageColumn(BaseColumn):
    """Needs `stage` on each issue."""

    cell_template_name = "newsletters/staff/stage_cell.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        return context | {"stage": instance.stage}


class IssueList(IndexView):
    """A row for each issue, whatever the number of its languages. A fixed number of queries."""

    # Of its languages a column tells.
    show_locale_labels = False
    base_columns: ClassVar = [
        PageTitleColumn("title", label=gettext_lazy("Subject"), sort_key="title", classname="title"),
        ParentPageColumn("parent", label=gettext_lazy("Newsletter")),
        StageColumn("stage", label=gettext_lazy("State"), width="24%"),
        LanguagesColumn("languages", label=gettext_lazy("Languages"), width="18%"),
    ]

    def get_base_queryset(self) -> QuerySet[IssuePage]:
        pages: QuerySet[IssuePage] = super().get_base_queryset()
        return pages.filter(pk__in=oldest_of_each())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        annotate_states(context["object_list"])
        add_stages(context["object_list"], self.request.user)
        return context


def add_stages(issues: Iterable[Any], user: Any) -> None:
    """Three queries."""
    issues = list(issues)
    dispatches = {row.issue_id: row for row in Dispatch.objects.filter(issue__in=[issue.pk for issue in issues])}
    mailings = Mailing.objects.in_bulk([issue.mailing_id for issue in issues if issue.mailing_id])
    letters = NewsletterPage.objects.filter(path__in={issue.path[: -Page.steplen] for issue in issues})
    needs = dict(letters.values_list("path", "newsletter__needs_approval"))
    for issue in issues:
        before = _words_before(issue, dispatches.get(issue.pk), needs_approval=needs.get(issue.path[: -Page.steplen], True))
        issue.stage = _stage_of(issue, mailings.get(issue.mailing_id or 0), before, user)


class IssueListing(PageListingViewSet):
    model = IssuePage
    index_view_class = IssueList
    icon = "mail"
    menu_label = gettext_lazy("Newsletter issues")
    menu_name = "issues"
    menu_order = 290
    add_to_admin_menu = True
