"""The trash in the admin: what lies there, and its two ways out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.views.reports import ReportView
from wagtail.admin.widgets import AdminPageChooser
from wagtail.models import Page

from base.models import TrashedPage
from base.trash import actions

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class TrashList(ReportView):
    model = TrashedPage
    page_title = gettext_lazy("Trash")
    header_icon = "bin"
    index_url_name = "trash:list"
    index_results_url_name = "trash:results"
    results_template_name = "base/trash/results.html"
    paginate_by = 50
    export_headings: dict[str, Any] = {}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not actions.may_see(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        self.queryset = actions.seen_by(self.request.user)
        return super().get_queryset()

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        return context | {"days": settings.TRASH_DAYS, "may_delete": actions.may_see_all(self.request.user)}


class PlaceForm(forms.Form):
    place = forms.ModelChoiceField(Page.objects.all(), label=gettext_lazy("Where to"), widget=AdminPageChooser(), required=False)


def bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(actions.seen_by(request.user), pk=pk)
    is_there = row.parent is not None and not actions.holds(row.parent)
    form = PlaceForm(request.POST if request.method == "POST" else None, initial={"place": row.parent if is_there else None})
    if request.method == "POST" and form.is_valid():
        try:
            page = actions.bring_back(row, to=form.cleaned_data["place"], by=request.user)
        except ValidationError as refused:
            form.add_error("place", refused)
        else:
            edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
            text = _("“{title}” is back as a draft. It goes out when you publish it.")
            messages.success(request, format_html('{} <a href="{}">{}</a>', text.format(title=page.title), edit, _("Edit")))
            if page.slug != row.slug:
                messages.warning(request, _("Its slug had been taken: it is now {slug}.").format(slug=page.slug))
            return redirect("wagtailadmin_explore", page.get_parent().pk)
    return render(request, "base/trash/back.html", {"row": row, "form": form, "media": form.media})


def delete(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(actions.seen_by(request.user), pk=pk)
    if not actions.may_see_all(request.user):
        raise PermissionDenied
    if request.method == "POST":
        actions.delete_for_good(row, by=request.user)
        messages.success(request, _("“{title}” has been deleted for good.").format(title=row.page.title))
        return redirect("trash:list")
    return render(request, "base/trash/delete.html", {"row": row})


def lead_to_trash(request: HttpRequest, page: Page) -> HttpResponse | None:
    if not actions.holds(page):
        return None
    messages.warning(request, _("“{title}” is in the trash. Bring it back before you edit it.").format(title=page.title))
    return redirect("trash:list")


def tell(request: HttpRequest) -> None:
    """After deleting, by the screen of one page."""
    days = settings.TRASH_DAYS
    text = ngettext("It can be brought back from the trash for %(days)d day.", "It can be brought back from the trash for %(days)d days.", days)
    messages.info(request, format_html('{} <a href="{}">{}</a>', text % {"days": days}, reverse("trash:list"), _("Trash")))
