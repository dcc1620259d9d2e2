"""From what is planned to its editor: the goal, the audiences and the title are filled in, and the page that comes fulfils it.

The editor's form goes to Wagtail's own address. Which act it is of travels in `next`, the address to come back to: Wagtail keeps it through errors
and drafts, and it leads back to the act in the calendar.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404, redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.admin import messages
from wagtail.admin.views.pages.create import CreateView

from base.staff import staff_of
from contacts.models import Outreach
from contacts.pages import OutreachPage
from desk.calendar import actions
from desk.calendar.timed import written_models
from desk.writing import beginning_of
from desk.writing_for_goal import begin

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from wagtail.models import Page

BACK = "desk:calendar_act"


@require_safe
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """To the right editor, or to the page that was begun already."""
    act = get_object_or_404(Outreach, pk=pk)
    if begun := actions.page_of(act):
        return redirect("wagtailadmin_pages:edit", begun.pk)
    if act.done_at is None and act.kind in (Outreach.Kind.MEETING, Outreach.Kind.CALL) and request.user.has_perm("contacts.add_touch"):
        return redirect(f"{reverse('contacts_log')}?planned={act.pk}")
    found = next((found for model in written_models() if model.outreach_kind == act.kind and (found := beginning_of(model, request.user))), None)
    if found is None or act.done_at:
        messages.error(request, _("You have no right to write this kind. Whoever writes pages of it opens it from here."))
        return redirect(BACK, act.pk)
    return redirect("desk:calendar_begin", act.pk, *found.place)


class WritePlannedView(CreateView):
    """Wagtail's view of a new page, which asks for the rights."""

    def dispatch(self, request: HttpRequest, *args: Any, act: int, **kwargs: Any) -> HttpResponse:
        self.act = get_object_or_404(Outreach, pk=act, done_at=None)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[no-any-return]  # Wagtail is untyped

    def get(self, request: HttpRequest) -> HttpResponse:
        begin_planned(self.page, self.act)
        # Typing a title makes one; a title that stands already does not.
        self.page.slug = free_slug(self.act.title, self.parent_page)
        self.next_url = reverse(BACK, args=[self.act.pk])
        messages.info(request, _("When this is published, “%(title)s” is done in the calendar.") % {"title": self.act.title})
        return super().get(request)  # type: ignore[no-any-return]  # as above


def begin_planned(page: Any, act: Outreach) -> None:
    """As for its first goal, with all of what was planned."""
    goals, audiences, regions = list(act.goals.all()), list(act.audiences.all()), list(act.regions.all())
    if goals:
        begin(page, goals[0])
        page.goals = goals
    page.title = act.title
    page.audiences = audiences or page.audiences.all()
    page.core_messages = list(act.core_messages.all())
    if regions and hasattr(page, "regions"):
        page.regions = regions


def free_slug(title: str, parent: Page) -> str:
    taken = set(parent.get_children().values_list("slug", flat=True))
    slug = slugify(title)[:80].strip("-")
    numbered = (f"{slug}-{number}" for number in count(2))
    return slug if slug not in taken else next(one for one in numbered if one not in taken)


def fulfil_planned(request: HttpRequest, page: Any) -> None:
    """For Wagtail's hooks: before a new page is published, and after it was made."""
    page = page.specific
    if isinstance(page, OutreachPage) and (act := planned_in(request.POST.get("next", ""))):
        actions.fulfil(act=act, page=page, by=staff_of(request))


def planned_in(address: str) -> Outreach | None:
    """The act that the address leads back to."""
    try:
        found = resolve(address) if address else None
    except Resolver404:
        return None
    if found is None or found.view_name.split(":")[-1] != BACK.split(":")[-1]:
        return None
    return Outreach.objects.filter(pk=found.kwargs["pk"], done_at=None).first()
