"""What themes share: the list, a page's own screen, an offer's answer, and the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages
from wagtail.admin.auth import require_admin_access
from wagtail.admin.ui.components import Component
from wagtail.models import Page

from contacts import bridges
from contacts.models import Bridge
from desk.bridging import VIEW, may_answer, may_end, may_offer, sections_for
from desk.bridging.forms import AcceptForm, DeclineForm, OfferForm

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.http import HttpRequest, HttpResponse

ROWS_A_PAGE, ON_THE_HOME_SCREEN = 50, 5


def _all() -> Any:
    return Bridge.objects.select_related("outreach__theme", "theme", "section", "offered_by", "answered_by")


def _rows(found: Iterable[Bridge], user: Any) -> list[dict[str, Any]]:
    """One query for the pages of all. The link is to what readers see, never to the other theme's editor."""
    found = list(found)
    pages = bridges.pages_of(found, user.language)
    return [
        {
            "bridge": bridge,
            "url": page.full_url if (page := pages.get(bridge.outreach.item_key)) else "",
            "may_answer": may_answer(user, bridge),
            "may_end": may_end(user, bridge),
        }
        for bridge in found
    ]


@require_admin_access  # type: ignore[untyped-decorator]  # Wagtail is untyped
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Of the theme one works in, from either side: what waits, the oldest first; what stands; and what was."""
    user: Any = request.user
    if not user.has_perm(VIEW):
        raise PermissionDenied
    past = Paginator(_all().exclude(state__in=Bridge.OPEN), ROWS_A_PAGE).get_page(request.GET.get("p"))
    context = {
        "waiting": _rows(_all().waiting().order_by("offered_at", "pk"), user),
        "standing": _rows(_all().standing(), user),
        "past": past,
        "past_rows": _rows(past, user),
    }
    return TemplateResponse(request, "desk/bridging/list.html", context)


@require_admin_access  # type: ignore[untyped-decorator]  # Wagtail is untyped
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: HttpRequest, page_id: int) -> HttpResponse:
    """Offers a page of one's own theme."""
    user: Any = request.user
    page: Any = get_object_or_404(Page, pk=page_id).specific
    if not may_offer(user, page):
        raise PermissionDenied
    form = OfferForm(request.POST or None, page=page)
    if request.method == "POST" and form.is_valid():
        try:
            bridge = bridges.offer(page=page, by=user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("Offered to the theme %(theme)s. Its editors were told by mail.") % {"theme": bridge.theme.name})
            return redirect("bridging:share", page.pk)
    rows = _rows(_all().filter(outreach__item_key=page.translation_key), user)
    return TemplateResponse(request, "desk/bridging/share.html", {"page": page, "form": form, "rows": rows, "media": form.media})


@require_admin_access  # type: ignore[untyped-decorator]  # Wagtail is untyped
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes what another theme offers, or declines it. Shows what its readers see, and no more."""
    user: Any = request.user
    bridge = get_object_or_404(_all(), pk=pk)
    if bridge.state != Bridge.State.OFFERED:
        messages.warning(request, _("This does not wait for an answer any more."))
        return redirect("bridging:list")
    if not may_answer(user, bridge):
        raise PermissionDenied
    is_no = "decline" in request.POST
    given = request.POST or None
    accepting = AcceptForm(None if is_no else given, bridge=bridge, sections=sections_for(user, bridge))
    declining = DeclineForm(given if is_no else None)
    form = declining if is_no else accepting
    if request.method == "POST" and form.is_valid():
        try:
            (bridges.decline if is_no else bridges.accept)(bridge=bridge, by=user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            said = _("Declined. Whoever offered it was told.") if is_no else _("“%(title)s” is shown in your section now.")
            messages.success(request, said % {"title": bridge.outreach.title})
            return redirect("bridging:list")
    page = bridges.pages_of([bridge], user.language).get(bridge.outreach.item_key)
    context = {"bridge": bridge, "page": page and page.specific, "accepting": accepting, "declining": declining}
    return TemplateResponse(request, "desk/bridging/answer.html", context)


@require_admin_access  # type: ignore[untyped-decorator]  # Wagtail is untyped
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    bridge = get_object_or_404(_all(), pk=pk)
    if not bridge.is_open:
        messages.warning(request, _("It has ended already."))
        return redirect("bridging:list")
    if not may_end(user, bridge):
        raise PermissionDenied
    if request.method == "POST":
        bridges.end(bridge=bridge, by=user)
        messages.success(request, _("“%(title)s” is not shared any more.") % {"title": bridge.outreach.title})
        return redirect("bridging:list")
    return TemplateResponse(request, "desk/bridging/end.html", {"bridge": bridge})


class OffersPanel(Component):
    """On the home of those who may answer: what other themes offer."""

    name = "bridging_offers"
    order = 85
    template_name = "desk/bridging/panel.html"

    def __init__(self, user: Any) -> None:
        rows = _all().waiting().order_by("offered_at", "pk")[: ON_THE_HOME_SCREEN * 2]
        self.rows = [bridge for bridge in rows if may_answer(user, bridge)][:ON_THE_HOME_SCREEN]

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return {"rows": self.rows}
