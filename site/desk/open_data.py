"""Open data: the public page that says what there is to take, and the staff's report of what the list of operations lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from base.languages import active
from base.page_cache import SECONDS_HEADER
from base.pages import home_in
from contacts.screens import Screen
from desk.api import guarding
from desk.api.endpoints import LICENCE
from desk.api.resources import KINDS
from pages import operations
from themes.models import Project, Theme
from themes.places import address_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest, HttpResponse

CACHE_SECONDS = 300
# By the names that the API's addresses have.
LABELS = {
    "stories": gettext_lazy("Stories"),
    "results": gettext_lazy("Results"),
    "practices": gettext_lazy("Good practices"),
    "projects": gettext_lazy("Projects"),
    "services": gettext_lazy("Services"),
    "events": gettext_lazy("Events"),
}
FILTERS = [
    ("language", gettext_lazy("fi, sv or en; Finnish where nothing is said")),
    ("theme", gettext_lazy("key of a national theme")),
    ("sub_theme", gettext_lazy("key of a sub-theme")),
    ("region", gettext_lazy("national code of a region, such as 06")),
    ("changed_since", gettext_lazy("what was published or changed since, such as 2026-05-01T00:00:00Z")),
    ("limit", gettext_lazy("how many at a time, at most 100")),
]


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    language = active()
    home = home_in(request, language)
    if home is None:
        raise Http404
    context = {
        "sharing": None,
        "translations": list(_translations(home, request)),
        "lists": [_list(theme) for theme in Theme.objects.order_by("pk")],
        "licence": {"name": operations.LICENCE[0], "url": LICENCE},
        "kinds": [(LABELS[kind.name], f"/api/v1/{kind.name}?language={language}") for kind in KINDS],
        "filters": FILTERS,
        "openapi_url": reverse("api:openapi"),
        "per_hour": int(guarding.RATE.partition("/")[0]),
    }
    response = render(request, "desk/open_data.html", home.frame(request) | context)
    response[SECONDS_HEADER] = str(CACHE_SECONDS)
    return response


def _translations(home: Any, request: HttpRequest) -> Iterator[dict[str, Any]]:
    for link in home.language_links(request):
        with translation.override(link.language_code):
            address = reverse("open_data")
        yield {"language_code": link.language_code, "label": link.label, "url": address, "is_current": link.is_current}


def _list(theme: Theme) -> dict[str, Any]:
    files = [(form.upper(), f"{address_of(theme)}{reverse('pages:operations', args=[theme.key, form])}") for form in operations.FORMS]
    return {"theme": theme.name, "files": files, "number": Project.objects.filter(theme=theme).count(), "changed": operations.changed_at(theme)}


class OperationsReport(Screen):
    """What the Article asks for and nobody has said, project by project."""

    permission = "themes.view_project"
    header_icon = "table"
    page_title = gettext_lazy("List of operations")
    template_name = "desk/operations_report.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        numbers = dict(Project.objects.values_list("code", "pk"))
        may_edit = self.request.user.has_perm("themes.change_project")
        rows, every = [], 0
        for theme in Theme.objects.order_by("pk"):
            for row in operations.operations(theme):
                every += 1
                if lacking := operations.lacking(row):
                    url = reverse("wagtailsnippets_themes_project:edit", args=[numbers[row.code]]) if may_edit else ""
                    rows.append({"code": row.code, "name": row.name, "url": url, "lacking": [capfirst(word) for word in lacking]})
        return super().get_context_data(**kwargs) | {"rows": rows, "number": every, "sentence": sentence(len(rows), every)}


def sentence(lacking: int, every: int) -> str:
    if not every:
        return _("There is no project on the list yet.")
    if not lacking:
        return _("The list of operations has everything that the regulation asks for.")
    return _("%(lacking)d of %(every)d projects lack something that the regulation asks for. It stands empty on the public list.") % {
        "lacking": lacking,
        "every": every,
    }
