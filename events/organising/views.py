"""The desk's list of who registered, and its figures."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.widgets import HeaderButton

from base.staff import staff_of
from base.staff_lists import as_text
from events import inside
from events.models import Registration
from events.organising import figures, lists
from events.organising.columns import columns
from events.organising.rights import ACT, READ, desk_view, may
from events.viewsets import as_local

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from events.models import EventPage


def desk_url(page: EventPage, name: str = "events_desk") -> str:
    return reverse(name, args=[page.pk])


def frame(page: EventPage, user: Any, here: str) -> dict[str, Any]:
    """What all screens of one desk share: where one is, and the way to the others."""
    screens = [
        ("events_desk", _("Registrations")),
        ("events_desk_figures", _("Figures")),
        ("events_desk_attendance", _("Attendance")),
        ("events_desk_letters", _("Messages")),
    ]
    tabs = [{"url": desk_url(page, name), "label": label, "is_here": name == here} for name, label in screens]
    if page.permissions_for_user(user).can_edit():
        tabs.append({"url": reverse("wagtailadmin_pages:edit", args=[page.pk]), "label": _("Edit the event's page"), "is_here": False})
    inside_url = inside.url(page) if page.is_closed and page.live else ""
    shown = {"page": page, "title": page.title, "inside_url": inside_url, "tabs": tabs}
    return {"desk": shown | {"may_act": may(user, ACT), "dates": lists.dates_of(page)}}


class DeskList(IndexView):
    """Made for one event by `desk`. Exports have all columns, the questions' among them."""

    page: Any = None
    model = Registration
    template_name = "events/staff/desk.html"
    results_template_name = "events/staff/desk_results.html"
    header_icon = "group"
    paginate_by = 50
    is_searchable = True
    search_backend_name = None
    default_ordering = ("person__last_name", "person__first_name", "pk")
    verbose_name_plural = gettext_lazy("registrations")
    add_item_label = gettext_lazy("Add a registration")
    show_other_searches = False

    @cached_property
    def filterset_class(self) -> Any:
        return lists.filters_for(self.page)

    @cached_property
    def columns(self) -> list[Column]:
        found = [
            BulkActionsCheckboxColumn("bulk_actions", obj_type="snippet"),
            TitleColumn("person", label=_("Person"), sort_key="person__last_name", get_url=registration_url, get_title_id=title_id),
            Column("get_state_display", label=_("State"), sort_key="state"),
            Column("organisation", label=_("Organisation"), sort_key="organisation"),
        ]
        dates = lists.dates_of(self.page)
        if len(dates) > 1:
            found.append(Column("date", label=_("Date"), accessor=lambda row: lists.date_text(row.event), sort_key="event__starts_at"))
        if any(len(date.ways) > 1 for date in dates):
            found.append(Column("get_mode_display", label=_("Way to take part"), sort_key="mode"))
        if "reply" in self.filterset_class.base_filters:
            found.append(Column("get_reply_display", label=_("Answer from the calendar"), sort_key="reply"))
        return [*found, Column("size", label=_("People"), sort_key="size"), DateColumn("asked_at", label=_("Asked for"), sort_key="asked_at")]

    def get_base_queryset(self) -> Any:
        return lists.registrations_for(self.page)

    def search_queryset(self, queryset: Any) -> Any:
        return lists.searched(queryset, self.search_query)

    def get_page_title(self) -> str:
        return _("Organiser's desk")

    def get_page_subtitle(self) -> str:
        title: str = self.page.title
        return title

    def get_index_url(self) -> str:
        return desk_url(self.page)

    def get_index_results_url(self) -> str:
        return desk_url(self.page, "events_desk_results")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        edit = reverse("wagtailadmin_pages:edit", args=[self.page.pk])
        return [{"url": reverse("wagtailadmin_home"), "label": _("Home")}, {"url": edit, "label": self.page.title}, *super().get_breadcrumbs_items()]

    def get_add_url(self) -> str | None:
        return desk_url(self.page, "events_desk_add") if may(self.request.user, ACT) else None

    @cached_property
    def header_buttons(self) -> list[Any]:
        address = f"{desk_url(self.page, 'events_desk_names')}?{self.request.GET.urlencode()}"
        names = HeaderButton(_("Name list (PDF)"), url=address, icon_name="download")
        return [*super().header_buttons, names]

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        shown = frame(self.page, self.request.user, "events_desk")
        shown["desk"]["seats"] = figures.seat_rows(shown["desk"]["dates"])
        return context | shown | {"model_opts": Registration._meta}

    # ---- exports
    @cached_property
    def cells(self) -> dict[str, Any]:
        return {cell.key: cell for cell in columns(self.page, with_needs=may(self.request.user, ACT))}

    @cached_property
    def list_export(self) -> list[str]:
        return list(self.cells)

    def get_heading(self, queryset: Any, field: str) -> str:
        return as_text(self.cells[field].label)

    def to_row_dict(self, item: Registration) -> dict[str, Any]:
        return {key: cell.value(item) for key, cell in self.cells.items()}

    def get_preprocess_function(self, field: str, value: Any, export_format: str) -> Any:
        return as_local if field.endswith("_at") else lambda found: found if isinstance(found, int) else as_text("" if found is None else found)

    def get_filename(self) -> str:
        return "-".join([self.page.slug, _("registrations")])


@require_safe
@desk_view(READ)
def desk(request: HttpRequest, page: EventPage, *, results_only: bool = False) -> HttpResponse:
    answer: HttpResponse = DeskList.as_view(page=page, results_only=results_only)(request)
    return answer


@require_safe
@desk_view(READ)
def figures_screen(request: HttpRequest, page: EventPage) -> HttpResponse:
    context = frame(page, request.user, "events_desk_figures")
    rows = lists.chosen_by(page, request.GET.urlencode())
    context["desk"] |= {"seats": figures.seat_rows(context["desk"]["dates"]), "tables": figures.tables(page, rows)}
    return render(request, "events/staff/desk_figures.html", context)


@require_POST
@desk_view(ACT)
def renew_link(request: HttpRequest, page: EventPage) -> HttpResponse:
    if page.is_closed:
        inside.renew(page=page, by=staff_of(request))
        messages.success(request, _("The event has a new link. The old one leads nowhere any more."))
    return redirect(desk_url(page))


def title_id(row: Registration) -> str:
    """How the tick beside it is told."""
    return f"snippet_{row.pk}_title"


def registration_url(row: Registration) -> str:
    return reverse("events_desk_registration", args=[row.pk])
