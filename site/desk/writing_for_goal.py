"""Writing that starts from a goal: the editor opens with the goal and its audiences ticked, and its core messages in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.views.pages.create import CreateView

from desk.page_templates.actions import begin_from
from themes.models import Goal

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class WriteForGoalView(CreateView):
    """Wagtail's view of a new page, which asks for the rights; its form goes to Wagtail's own address."""

    def dispatch(self, request: HttpRequest, *args: Any, goal: int, **kwargs: Any) -> HttpResponse:
        self.goal = get_object_or_404(Goal.objects.prefetch_related("audiences", "messages"), pk=goal)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[no-any-return]  # Wagtail is untyped

    def get(self, request: HttpRequest) -> HttpResponse:
        """With `template`, from that template of the goal, if it is one of this kind of page."""
        begin(self.page, self.goal)
        number = request.GET.get("template", "")
        kept = self.goal.page_templates.filter(pk=number).first() if number.isascii() and number.isdigit() and len(number) < 10 else None
        if kept and kept.model is type(self.page):
            begin_from(self.page, kept)
        if said := "; ".join(str(message) for message in self.goal.messages.all()):
            messages.info(request, _("What this goal should get across: %(messages)s") % {"messages": said})
        return super().get(request)  # type: ignore[no-any-return]  # as above


def begin(page: Any, goal: Goal) -> None:
    """Ticks the goal's boxes, and opens running text with an empty paragraph to write in."""
    page.goals = [goal]
    page.audiences = list(goal.audiences.all())
    if hasattr(page, "regions"):
        page.regions = list(goal.regions.all())
    body = getattr(page, "body", None)
    if body is not None and not len(body) and "paragraph" in body.stream_block.child_blocks:
        page.body = [("paragraph", "")]
