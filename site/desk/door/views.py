"""The door's screens: the short form, one's submissions, and the communicators' queue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages
from wagtail.admin.auth import require_admin_access
from wagtail.admin.ui.components import Component

from desk.door import ADD, CHANGE, actions, writing
from desk.door.forms import FORMS, ReturnForm
from desk.models import ProjectStaff, Submission

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

ROWS_A_PAGE, ON_THE_HOME_SCREEN = 50, 5
TITLES = {
    Submission.Kind.RESULT: gettext_lazy("Submit a result"),
    Submission.Kind.PRACTICE: gettext_lazy("Submit a good practice"),
    Submission.Kind.EVENT: gettext_lazy("Submit an event"),
}


def may_submit(user: Any) -> bool:
    return bool(user.has_perm(ADD) and user.project_staff.exists())


@require_admin_access  # type: ignore[untyped-decorator]  # Wagtail is untyped
@require_http_methods(["GET", "POST"])
def submit(request: HttpRequest, kind: str) -> HttpResponse:
    user: Any = request.user
    if kind not in FORMS:
        raise Http404
    if not may_submit(user):
        raise PermissionDenied
    form = FORMS[kind](request.POST or None, user=user, initial={"language": user.language})
    if request.method == "POST" and form.is_valid():
        try:
            actions.submit(form=form, kind=kind, by=user)
        except ValidationError as refusal:
            _add_errors(form, refusal)
        else:
            messages.success(request, _("Thank you. The communicators have your text, and you hear of it by mail."))
            return redirect("wagtailadmin_home")
    return _form(request, form, TITLES[Submission.Kind(kind)], None)


@require_admin_access  # type: ignore[untyped-decorator]  # Wagtail is untyped
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """A submission that was returned, to the one who made it."""
    user: Any = request.user
    submission = get_object_or_404(Submission.objects.select_related("project"), pk=pk, by=user)
    if not (may_submit(user) and ProjectStaff.objects.filter(user=user, project=submission.project_id).exists()):
        raise PermissionDenied
    if not submission.is_returned:
        messages.warning(request, _("The text is with the communicators. They ask you when something is missing."))
        return redirect("wagtailadmin_home")
    kind = FORMS[submission.kind]
    form = kind(request.POST or None, user=user, submission=submission, initial=writing.values_of(actions.newest(submission), kind))
    if request.method == "POST" and form.is_valid():
        try:
            actions.submit_again(submission=submission, form=form, by=user)
        except ValidationError as refusal:
            _add_errors(form, refusal)
        except actions.NotYours:
            messages.warning(request, _("The text is with the communicators. They ask you when something is missing."))
            return redirect("wagtailadmin_home")
        else:
            messages.success(request, _("Thank you. The communicators have your text, and you hear of it by mail."))
            return redirect("wagtailadmin_home")
    return _form(request, form, submission.title, submission)


def _add_errors(form: Any, refusal: ValidationError) -> None:
    """What the page itself refuses, beside its field where the form has it."""
    for name, errors in (refusal.error_dict if hasattr(refusal, "error_dict") else {"": refusal.error_list}).items():
        form.add_error(name if name in form.fields else None, errors)


def _form(request: HttpRequest, form: Any, title: Any, submission: Submission | None) -> HttpResponse:
    return TemplateResponse(request, "desk/door/form.html", {"form": form, "title": title, "submission": submission, "media": form.media})


def _may_work(user: Any) -> None:
    if not user.has_perm(CHANGE):
        raise PermissionDenied


@require_admin_access  # type: ignore[untyped-decorator]  # Wagtail is untyped
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Those that wait, the oldest first; then the others, the newest first."""
    _may_work(request.user)
    rows = Submission.objects.select_related("project", "by")
    settled = Paginator(rows.exclude(pk__in=rows.waiting().values("pk")), ROWS_A_PAGE).get_page(request.GET.get("p"))
    context = {"waiting": rows.waiting().order_by("changed_at", "pk"), "settled": settled}
    return TemplateResponse(request, "desk/door/queue.html", context)


@require_admin_access  # type: ignore[untyped-decorator]  # Wagtail is untyped
@require_http_methods(["GET", "POST"])
def return_to_submitter(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    _may_work(user)
    submission = get_object_or_404(Submission.objects.select_related("project", "by"), pk=pk)
    form = ReturnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if actions.return_submission(submission=submission, comment=form.cleaned_data["comment"], by=user):
            messages.success(request, _("The text is back with its submitter, who gets your comment by mail."))
        else:
            messages.warning(request, _("The text does not wait for you any more: see its state."))
        return redirect("door:queue")
    return TemplateResponse(request, "desk/door/return.html", {"form": form, "submission": submission})


class DoorPanel(Component):
    """The home of project staff."""

    name = "door"
    order = 10
    template_name = "desk/door/home.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        user = (parent_context or {})["request"].user
        rows = Submission.objects.filter(by=user).select_related("project")[:ROWS_A_PAGE]
        return {"may_submit": may_submit(user), "titles": list(TITLES.items()), "rows": _with_addresses(rows)}


def _with_addresses(rows: Any) -> list[dict[str, Any]]:
    """One query for the pages of all."""
    from wagtail.models import Page

    pages = Page.objects.live().in_bulk([row.page_id for row in rows if row.state == Submission.State.PUBLISHED and row.page_id])
    return [{"submission": row, "url": pages[row.page_id].get_url() if row.page_id in pages else ""} for row in rows]


class QueuePanel(Component):
    """On the communicators' home: what projects have sent in."""

    name = "door_queue"
    order = 80
    template_name = "desk/door/queue_panel.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        waiting = Submission.objects.waiting()
        return {"number": waiting.count(), "rows": waiting.select_related("project", "by").order_by("changed_at", "pk")[:ON_THE_HOME_SCREEN]}
