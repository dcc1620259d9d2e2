"""Newsletters to edit, and subscriptions to read, filter and export."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import django_filters
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.widgets.button import HeaderButton
from wagtail.snippets.views.snippets import IndexView, InspectView, SnippetViewSet

from base.languages import CODES, language_panels
from base.pages import ENDONYMS
from base.staff_lists import PrivateChooserViewSet, ReadOnlyPolicy, as_text
from newsletters.evidence import evidence_of
from newsletters.importing.views import may_import
from newsletters.models import Newsletter, SubscriberImport, Subscription, SubscriptionQuerySet
from themes.models import Region, SubTheme

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from base.models import User


class NewsletterViewSet(SnippetViewSet):
    model = Newsletter
    icon = "mail"
    menu_label = _("Newsletters")
    menu_name = "newsletters"
    menu_order = 300
    add_to_admin_menu = True
    copy_view_enabled = False
    list_display: ClassVar = ["name_fi", Column("get_scope_display", label=_("Scope")), "from_email", "consent_version"]
    ordering: ClassVar = ["name_fi"]
    panels: ClassVar = [
        FieldPanel("theme"),
        FieldPanel("key"),
        language_panels("name"),
        language_panels("description"),
        FieldPanel("scope"),
        FieldPanel("from_email"),
        FieldPanel("needs_approval"),
        MultiFieldPanel([*(FieldPanel(f"consent_{code}") for code in CODES), FieldPanel("consent_version")], heading=_("Consent")),
    ]


def import_choices() -> list[tuple[int, str]]:
    rows = SubscriberImport.objects.filter(brought_at__isnull=False).order_by("-brought_at").values_list("pk", "brought_at", "file_name")
    return [(pk, f"{timezone.localtime(at):%d.%m.%Y} {name}") for pk, at, name in rows]


class SubscriptionFilterSet(WagtailFilterSet):
    newsletter = django_filters.ModelChoiceFilter(label=_("Newsletter"), queryset=Newsletter.objects.all())
    state = django_filters.MultipleChoiceFilter(label=_("State"), choices=Subscription.State.choices)
    language = django_filters.MultipleChoiceFilter(label=_("Language"), choices=list(ENDONYMS.items()))
    sub_themes = django_filters.ModelChoiceFilter(label=_("Sub-theme"), queryset=SubTheme.objects.order_by("name_fi"), method="interested_in")
    regions = django_filters.ModelChoiceFilter(label=_("Region"), queryset=Region.objects.all(), method="interested_in")
    paused = django_filters.BooleanFilter(label=_("On a pause"), method="on_a_pause")
    brought_by = django_filters.ChoiceFilter(label=_("Came by import"), choices=import_choices)

    class Meta:
        model = Subscription
        fields: ClassVar = ["newsletter", "state", "language"]

    def interested_in(self, rows: SubscriptionQuerySet, name: str, topic: Any) -> SubscriptionQuerySet:
        """Those who get what is written of it: also whoever chose no topic."""
        return rows.interested_in(**{name: [topic]})

    def on_a_pause(self, rows: SubscriptionQuerySet, name: str, value: bool) -> SubscriptionQuerySet:
        return rows.paused() if value else rows.exclude(pk__in=Subscription.objects.paused())


class SubscriptionIndexView(IndexView):
    export_headings: ClassVar = {
        "person.first_name": _("First name"), "person.last_name": _("Last name"), "person.email": _("E-mail"), "get_state_display": _("State"),
        "get_language_display": _("Language"), "topics": _("Topics"), "brought_by": _("Came by import"), "consent.given_how": _("How they agreed"),
        "consent.text_version": _("Text version"),
    }  # fmt: skip
    custom_field_preprocess: ClassVar = {
        name: {"csv": as_text, "xlsx": as_text}
        for name in ("person.first_name", "person.last_name", "person.email", "consent.given_how", "brought_by")
    }

    @property
    def header_buttons(self) -> list[Any]:
        buttons: list[Any] = list(super().header_buttons)
        if may_import(self.request.user):
            buttons.append(HeaderButton(_("Import subscribers"), url=reverse("newsletters_import_start"), icon_name="download", priority=20))
        return buttons


class SubscriptionInspectView(InspectView):
    """One subscription with the consents that it stands on, to be read only: they are evidence."""

    template_name = "newsletters/staff/subscription.html"
    page_title = gettext_lazy("Subscription")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"consents": evidence_of(self.object), "empty": "–"}


class SubscriptionViewSet(SnippetViewSet):
    model = Subscription
    inspect_view_enabled = True
    inspect_view_class = SubscriptionInspectView
    inspect_view_fields: ClassVar = [
        "newsletter", "person", "language", "state", "sub_themes", "regions", "paused_until", "brought_by", "asked_at", "confirmed_at", "ended_at",
    ]  # fmt: skip
    inspect_template_name = SubscriptionInspectView.template_name
    chooser_viewset_class = PrivateChooserViewSet
    index_view_class = SubscriptionIndexView
    icon = "group"
    menu_label = _("Subscribers")
    menu_name = "subscriptions"
    menu_order = 310
    add_to_admin_menu = True
    copy_view_enabled = False
    list_per_page = 50
    list_display: ClassVar = [
        "person",
        Column("newsletter", label=_("Newsletter")),
        Column("get_state_display", label=_("State"), sort_key="state"),
        Column("get_language_display", label=_("Language"), sort_key="language"),
        DateColumn("asked_at", label=_("Asked for"), sort_key="asked_at"),
        DateColumn("confirmed_at", label=_("Confirmed"), sort_key="confirmed_at"),
    ]
    ordering: ClassVar = ["-asked_at", "-pk"]
    filterset_class = SubscriptionFilterSet
    search_fields: ClassVar = ["person__first_name", "person__last_name", "person__email"]
    list_export: ClassVar = [
        "newsletter", "person.first_name", "person.last_name", "person.email", "get_language_display", "topics", "paused_until",
        "get_state_display", "asked_at", "confirmed_at", "ended_at", "brought_by", "consent.given_how", "consent.text_version",
    ]  # fmt: skip
    export_filename = "subscriptions"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Subscription]:
        rows = Subscription.objects.select_related("person", "newsletter", "consent", "brought_by__newsletter")
        return rows.prefetch_related("sub_themes", "regions") if "export" in request.GET else rows


class ImportPolicy(ReadOnlyPolicy):
    """Whoever may import sees what was imported."""

    def user_has_permission(self, user: User, action: str) -> bool:
        return action == "view" and may_import(user)


class SubscriberImportIndexView(IndexView):
    def get_inspect_url(self, instance: SubscriberImport) -> str:
        return reverse("newsletters_import", args=[instance.pk])


class SubscriberImportViewSet(SnippetViewSet):
    """What was imported, when, by whom and on what statement: a list to read and to export."""

    model = SubscriberImport
    chooser_viewset_class = PrivateChooserViewSet
    index_view_class = SubscriberImportIndexView
    icon = "download"
    copy_view_enabled = False
    list_per_page = 50
    list_display: ClassVar = [
        "file_name",
        Column("newsletter", label=_("Newsletter")),
        Column("by", label=_("By")),
        DateColumn("brought_at", label=_("Imported"), sort_key="brought_at"),
        Column("imported", label=_("Came"), sort_key="imported"),
        Column("broken", label=_("Not understood"), sort_key="broken"),
    ]
    ordering: ClassVar = ["-at", "-pk"]
    search_fields: ClassVar = ["file_name", "statement"]
    list_export: ClassVar = [
        "newsletter", "file_name", "by", "at", "brought_at", "statement", "stated_on",
        "rows", "imported", "already", "ended", "suppressed", "doubled", "broken",
    ]  # fmt: skip
    export_filename = "imports"

    def get_queryset(self, request: HttpRequest) -> QuerySet[SubscriberImport]:
        return SubscriberImport.objects.select_related("newsletter", "by").defer("content", "left_out")
