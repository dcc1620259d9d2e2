"""In which theme one works: said in the menu, and chosen here by whoever is in several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from base.staff import staff_of
from themes.teams import choose_theme, standing_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    standing = standing_of(request.user)
    target = request.POST.get("next") or request.GET.get("next") or ""
    following = target if url_has_allowed_host_and_scheme(target, {request.get_host()}) else reverse("wagtailadmin_home")
    if request.method == "POST":
        theme = next((theme for theme in standing.themes if str(theme.pk) == request.POST.get("theme")), None)
        if theme is None:
            raise Http404
        choose_theme(user=staff_of(request), theme=theme)
        messages.success(request, _("You work in the theme %(theme)s now.") % {"theme": theme.name})
        return redirect(following)
    return TemplateResponse(request, "themes/teams/choose.html", {"standing": standing, "next": following})


def menu_item(request: HttpRequest) -> MenuItem | None:
    """None for those who work in all, and where there is one theme alone."""
    standing = standing_of(request.user)
    if standing.theme is None or standing.roles is None:
        return None
    return MenuItem(_("Theme: %(theme)s") % {"theme": standing.theme.name}, reverse("themes_choose"), name="theme", icon_name="home", order=20)


class NowherePanel(Component):
    """The home of somebody whom no theme has taken in yet."""

    name = "nowhere"
    order = 10
    template_name = "themes/teams/nowhere.html"
    title = gettext_lazy("You are in no theme's team yet")

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return {"title": self.title}
