"""The screen that the mail leads to: the page as it will be, what the publication checks say of it, and two answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import TaskState

from base.gate import findings
from base.gate.guard import NotPublishable, accepted_keys
from base.gate.views import rows
from desk.approval.notices import name_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase


class AnswerForm(forms.Form):
    """`version` is the revision that was looked at: another one is not approved by it."""

    answer = forms.ChoiceField(choices=[("approve", ""), ("reject", "")])
    version = forms.IntegerField(widget=forms.HiddenInput)
    comment = forms.CharField(
        label=gettext_lazy("Comment"),
        help_text=gettext_lazy("Goes to the writer by mail. Needed when you return the page."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("answer") == "reject" and not data.get("comment", "").strip():
            self.add_error("comment", _("Write what should be changed."))
        return data


class ReviewView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "desk/review.html"
    header_icon = "clipboard-list"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.state = get_object_or_404(TaskState.objects.select_related("workflow_state", "revision", "finished_by"), pk=kwargs["pk"])
        self.page = self.state.workflow_state.content_object.specific
        self.task = self.state.task.specific
        if self.state.status != TaskState.STATUS_IN_PROGRESS:
            return self.say_it_is_settled(request)
        if not self.task.get_actions(self.page, request.user):
            return render(request, "desk/refused.html", status=403)
        return super().dispatch(request, *args, **kwargs)

    def say_it_is_settled(self, request: HttpRequest) -> HttpResponse:
        words = {"title": self.page.draft_title, "name": name_of(self.state.finished_by), "status": self.state.get_status_display()}
        messages.info(request, _("“%(title)s” has its answer already: %(status)s, %(name)s.") % words)
        return redirect("wagtailadmin_home")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = AnswerForm(request.POST)
        if form.is_valid():
            if form.cleaned_data["version"] == self.page.latest_revision_id or form.cleaned_data["answer"] == "reject":
                return self.answer(form.cleaned_data["answer"], form.cleaned_data["comment"].strip())
            messages.warning(request, _("The page was changed while you looked at it. Look once more."))
        return self.render_to_response(self.get_context_data(form=form))

    def answer(self, answer: str, comment: str) -> HttpResponse:
        try:
            with transaction.atomic():
                self.task.on_action(self.state, self.request.user, answer, comment=comment)
        except NotPublishable:
            # What it leads to changed a moment ago: the screen shows what the checks say now.
            messages.error(self.request, _("The publication checks found errors. The page still waits."))
            return redirect(self.request.path)
        said = _("“%(title)s” is approved.") if answer == "approve" else _("“%(title)s” was returned to its writer.")
        messages.success(self.request, said % {"title": self.page.draft_title})
        return redirect("wagtailadmin_home")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        newest = self.page.get_latest_revision_as_object()
        edit_url = reverse("wagtailadmin_pages:edit", args=[self.page.pk])
        found, accepted = findings(newest), accepted_keys(newest)
        errors = [finding for finding in found if finding.is_error and finding.key not in accepted]
        return super().get_context_data(**kwargs) | {
            "newest": newest,
            "writer": name_of(self.state.workflow_state.requested_by),
            "edit_url": edit_url,
            "draft_url": reverse("wagtailadmin_pages:view_draft", args=[self.page.pk]),
            "errors": rows(newest, errors, edit_url),
            "warnings": rows(newest, [finding for finding in found if not finding.is_error], edit_url),
            "form": kwargs.get("form") or AnswerForm(),
            "version": self.page.latest_revision_id,
        }

    def get_page_title(self) -> str:
        return str(self.page.draft_title)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": _("Approval")}]
