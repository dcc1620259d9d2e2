"""Keeping a page as a template, from its editor; and taking one away, from the goal's screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages
from wagtail.admin.auth import require_admin_access
from wagtail.log_actions import log
from wagtail.models import Page

from base.staff import staff_of
from contacts.pages import OutreachPage
from desk.page_templates import actions
from desk.page_templates.records import PageTemplate
from desk.writing import beginnings
from themes.models import Goal

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class KeepForm(forms.Form):
    goal = forms.ModelChoiceField(Goal.objects.none(), label=gettext_lazy("Goal"))
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        help_text=gettext_lazy("As writers will look for it, such as “Story of an event”. One of the same name is replaced."),
    )

    def __init__(self, data: Any, *, page: Any) -> None:
        super().__init__(data)
        goals: Any = self.fields["goal"]
        goals.queryset = Goal.objects.filter(theme=page.theme_id).order_by("scope", "pk")
        goals.initial = page.goals.first()


def may_keep(page: Any, user: Any) -> bool:
    return issubclass(type(page), OutreachPage) and bool(page.permissions_for_user(user).can_edit())


@require_admin_access  # type: ignore[untyped-decorator]  # Wagtail is untyped
@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: HttpRequest, page_id: int) -> HttpResponse:
    page: Any = get_object_or_404(Page, pk=page_id).specific
    if not may_keep(page, request.user):
        raise PermissionDenied
    form = KeepForm(request.POST or None, page=page)
    if request.method == "POST" and form.is_valid():
        goal = form.cleaned_data["goal"]
        row = actions.keep(page, goal=goal, name=form.cleaned_data["name"], by=staff_of(request))
        messages.success(request, _("“%(name)s” is a template of the goal now. New pages begin from it on the goal's screen.") % {"name": row.name})
        return redirect("desk:goal", goal.pk)
    return TemplateResponse(request, "desk/keep_template.html", {"page": page, "form": form}, status=422 if form.errors else 200)


@require_admin_access  # type: ignore[untyped-decorator]  # Wagtail is untyped
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """By whoever may begin a page from it."""
    row = get_object_or_404(PageTemplate.objects.select_related("goal"), pk=pk)
    if row.model not in {beginning.model for beginning in beginnings(request.user)}:
        raise PermissionDenied
    log(row.goal, "desk.remove_template", user=staff_of(request), data={"name": row.name})
    row.delete()
    messages.success(request, _("The template was taken away. Pages that began from it stay as they are."))
    return redirect("desk:goal", row.goal_id)
