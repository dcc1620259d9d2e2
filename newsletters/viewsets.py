"""Newsletters to edit, and subscriptions to read, filter and export."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import django_filters
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.snippets.views.snippets import IndexView, InspectView, SnippetViewSet

from base.languages import CODES, language_panels
from base.pages import ENDONYMS
from base.staff_lists import PrivateChooserViewSet, as_text
from newsletters.models import Newsletter, Subscription
from newsletters.subscriptions import evidence_of

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


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
        MultiFieldPanel([*(FieldPanel(f"consent_{code}") for code in CODES), FieldPanel("consent_version")], heading=_("Consent")),
    ]


class SubscriptionFilterSet(WagtailFilterSet):
    newsletter = django_filters.ModelChoiceFilter(label=_("Newsletter"), queryset=Newsletter.objects.all())
    state = django_filters.MultipleChoiceFilter(label=_("State"), choices=Subscription.State.choices)
    language = django_filters.MultipleChoiceFilter(label=_("Language"), choices=list(ENDONYMS.items()))

    class Meta:
        model = Subscription
        fields: ClassVar = ["newsletter", "state", "language"]


class SubscriptionIndexView(IndexView):
    custom_field_preprocess: ClassVar = {
        name: {"csv": as_text, "xlsx": as_text} for name in ("person.first_name", "person.last_name", "person.email")
    }


class SubscriptionInspectView(InspectView):
    """One subscription with the consents that it stands on, to be read only: they are evidence."""

    fields: ClassVar = ["newsletter", "language", "state", "topics", "paused_until", "asked_at", "confirmed_at", "ended_at"]
    template_name = "newsletters/staff/subscription.html"
    page_title = gettext_lazy("Subscription")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"consents": evidence_of(self.object), "empty": "–"}


class SubscriptionViewSet(SnippetViewSet):
    model = Subscription
    inspect_view_enabled = True
    inspect_view_class = SubscriptionInspectView
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
        "newsletter", "person.first_name", "person.last_name", "person.email", "get_language_display",
        "get_state_display", "asked_at", "confirmed_at", "ended_at",
    ]  # fmt: skip
    export_filename = "subscriptions"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Subscription]:
        return Subscription.objects.select_related("person", "newsletter")
