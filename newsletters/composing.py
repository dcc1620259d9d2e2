"""What staff do with an issue beside its text: fill it in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.ui.side_panels import BaseSidePanel
from wagtail.admin.viewsets.pages import PageViewSet

from base.staff import staff_of
from base.translations.lists import PageEditor, PageList
from base.translations.states import may_translate, sheet_url
from newsletters import filling, languages
from newsletters.models import IssuePage
from newsletters.staff import may_send, refused, send_url

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from newsletters.filling import Group


def may_compose(issue: IssuePage, user: Any) -> bool:
    """Whoever may write the text now: not while another holds it, or approves it."""
    rights = issue.permissions_for_user(user)
    return bool(rights.can_edit() and not rights.page_locked() and user.has_perm("newsletters.change_newsletter"))


@require_POST
def fill_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the editor, and there says what was put in."""
    issue: IssuePage = get_object_or_404(IssuePage.objects.select_related("locale", "theme"), pk=pk)
    if not may_compose(issue, request.user):
        return refused(request, issue)
    if issue.mailing_id:
        messages.error(request, _("The issue has been sent. Begin a new one."))
    else:
        groups = filling.fill_in(issue, by=staff_of(request))
        messages.success(request, told(groups)) if groups else messages.info(
            request, _("There is nothing new on the site that the issue does not have already.")
        )
    return redirect(reverse("wagtailadmin_pages:edit", args=[issue.pk]))


def told(groups: list[Group]) -> str:
    parts = [f"{group.heading}: {'; '.join(page.title for page in group.pages)}" for group in groups]
    return _("Put in: %(parts)s. Remove what you do not want.") % {"parts": ". ".join(parts)}


class IssuePanel(BaseSidePanel):
    """Beside the editor: fill in, and which page has no translation."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = gettext_lazy("Issue")
        icon_name = "mail"
        has_counter = False

    name = "issue"
    title = gettext_lazy("Issue")
    template_name = "newsletters/staff/panel.html"
    order = 130

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        user, is_open = self.request.user, not self.object.mailing_id
        return context | {
            # A component is rendered without the request.
            "csrf_token": get_token(self.request),
            "fill_url": reverse("newsletters_fill_in", args=[self.object.pk]) if is_open and may_compose(self.object, user) else "",
            "sheet_url": sheet_url(self.object) if may_translate(self.object, user) else "",
            "lacking": [{"title": row.title, "links": row.links(user)} for row in languages.lacking(self.object)],
            "send_url": send_url(self.object) if may_send(self.object, user) else "",
        }


class IssueEditor(PageEditor):
    def get_side_panels(self) -> Any:
        panels = super().get_side_panels()
        if not (self.expects_json_response or self.hydrate_create_view):
            panels.append(IssuePanel(self.page, self.request))
        return panels


class IssueViewSet(PageViewSet):
    model = IssuePage
    index_view_class = PageList
    edit_view_class = IssueEditor
