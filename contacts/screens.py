"""What the screens of the register share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase


class Permitted:
    """Before a view: who lacks `permission` is sent away."""

    permission: str

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # the view's, behind this in the order
        return answer


class Screen(Permitted, WagtailAdminTemplateMixin, TemplateView):
    """`above`: names of addresses, and labels, of the pages on the way to it."""

    above: tuple[tuple[str, Any], ...] = ()

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = [{"url": reverse(name), "label": label} for name, label in self.above]
        return [*self.breadcrumbs_items, *above, {"url": "", "label": self.get_page_title()}]

    def answer(self, status: int = 200, **context: Any) -> HttpResponse:
        made: HttpResponse = self.render_to_response(self.get_context_data(**context), status=status)
        return made
