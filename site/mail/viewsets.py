"""What came back, to read, filter and export; the suppression list, to ask for an address, add one, take one off; domains with a pace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import django_filters
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet, SnippetViewSetGroup

from base.bounds import bound
from base.staff_lists import PrivateChooserViewSet, ReadOnlyPolicy
from mail import streams, suppression
from mail.models import Bounce, Mailing, ReceivingDomain, Suppression, Variant
from mail.suppression_forms import SuppressionForm

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from base.models import User

# Mailings to choose from in the filter.
NEWEST = 50


class MailingChoices(django_filters.fields.ModelChoiceField):
    """By what the readers saw in their list of mails."""

    def label_from_instance(self, mailing: Any) -> str:
        return str(mailing.subject or mailing.key)


class MailingFilter(django_filters.ModelChoiceFilter):
    field_class = MailingChoices


def _newest_mailings(request: object) -> QuerySet[Mailing]:
    subject = Variant.objects.filter(mailing=OuterRef("pk")).order_by("pk").values("subject")[:1]
    newest = _of_theme(Mailing.objects.all(), "pk").order_by("-pk").values("pk")[:NEWEST]
    return Mailing.objects.filter(pk__in=list(newest.values_list("pk", flat=True))).annotate(subject=Subquery(subject)).order_by("-pk")


def _of_theme(rows: QuerySet[Any], path: str) -> QuerySet[Any]:
    theme = bound()
    if theme is None:
        return rows
    return rows.filter(Q(**{path: None}) | Q(**{f"{path}__in": streams.mailings_of(theme)}))


class BounceFilterSet(WagtailFilterSet):
    kind = django_filters.MultipleChoiceFilter(label=_("Kind"), choices=Bounce.Kind.choices)
    source = django_filters.MultipleChoiceFilter(label=_("Came by"), choices=Bounce.Source.choices)
    mailing = MailingFilter(label=_("Message"), field_name="delivery__mailing", queryset=_newest_mailings)  # type: ignore[arg-type]  # django-filter takes a callable too

    class Meta:
        model = Bounce
        fields: ClassVar = ["kind", "source", "mailing"]


class PlaceColumn(Column):
    """A link where there is a place for it."""

    cell_template_name = "mail/staff/place_cell.html"


class BounceIndexView(IndexView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Each with its `place`: where the staff see whose copy it was."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        copies = [bounce.delivery for bounce in context["object_list"] if bounce.delivery]
        places = streams.places_of(copies, self.request.user)
        for bounce in context["object_list"]:
            bounce.place = places.get(bounce.delivery_id, "")
        return context


class BounceViewSet(SnippetViewSet):
    model = Bounce
    index_view_class = BounceIndexView
    chooser_viewset_class = PrivateChooserViewSet
    icon = "resubmit"
    menu_label = _("Returned mail")
    menu_name = "bounces"
    copy_view_enabled = False
    list_per_page = 50
    list_display: ClassVar = [
        PlaceColumn("masked_address", label=_("Address")),
        Column("get_kind_display", label=_("Kind"), sort_key="kind"),
        Column("status", label=_("Status code"), sort_key="status"),
        Column("subject", label=_("Message")),
        Column("get_source_display", label=_("Came by"), sort_key="source"),
        DateColumn("at", label=_("Time"), sort_key="at"),
    ]
    ordering: ClassVar = ["-at", "-pk"]
    filterset_class = BounceFilterSet
    search_fields: ClassVar = ["diagnostic", "status"]
    list_export: ClassVar = [
        "at",
        "get_kind_display",
        "status",
        "masked_address",
        "subject",
        "get_source_display",
        "is_delay",
        "is_about_us",
        "diagnostic",
    ]
    export_filename = "returned-mail"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Bounce]:
        """Without the mails themselves: each is some 40 kB. Of mailings, those of the theme where one works; what is no mailing's is everybody's."""
        rows = Bounce.objects.select_related("delivery__variant").defer("delivery__mime", "delivery__variant__mime")
        return _of_theme(rows, "delivery__mailing")


class SuppressionPolicy(ReadOnlyPolicy):
    """A row is added, or taken off by a form of its own that asks why; it is never changed."""

    def user_has_permission(self, user: User, action: str) -> bool:
        return super().user_has_permission(user, action) or (action == "add" and user.has_perm("mail.add_suppression"))


class SuppressionFilterSet(WagtailFilterSet):
    address = django_filters.CharFilter(
        label=_("Address"), method="by_address", help_text=_("The whole address: the list holds none, and can only compare.")
    )
    reason = django_filters.MultipleChoiceFilter(label=_("Reason"), choices=Suppression.Reason.choices)

    class Meta:
        model = Suppression
        fields: ClassVar = ["address", "reason"]

    def by_address(self, rows: QuerySet[Suppression], name: str, value: str) -> QuerySet[Suppression]:
        return rows.filter(hash=suppression.hash_of(value))


class SuppressionViewSet(SnippetViewSet):
    model = Suppression
    chooser_viewset_class = PrivateChooserViewSet
    icon = "lock"
    menu_label = _("Suppression list")
    menu_name = "suppressions"
    copy_view_enabled = False
    inspect_view_enabled = False
    list_per_page = 50
    list_display: ClassVar = [
        "short_hash",
        Column("get_reason_display", label=_("Reason"), sort_key="reason"),
        DateColumn("since", label=_("Since"), sort_key="since"),
    ]
    ordering: ClassVar = ["-since", "-pk"]
    filterset_class = SuppressionFilterSet
    edit_handler = ObjectList([FieldPanel("address")], base_form_class=SuppressionForm)


class ReceivingDomainViewSet(SnippetViewSet):
    model = ReceivingDomain
    icon = "time"
    menu_label = _("Receiving domains")
    menu_name = "receiving-domains"
    copy_view_enabled = False
    list_per_page = 50
    list_display: ClassVar = [
        "name",
        Column("per_minute", label=_("At most a minute"), sort_key="per_minute"),
        DateColumn("held_until", label=_("Left alone until"), sort_key="held_until", accessor="rests_until"),
        Column("refusals", label=_("Refusals in a row"), sort_key="refusals"),
    ]
    ordering: ClassVar = ["name"]
    search_fields: ClassVar = ["name"]
    panels: ClassVar = [FieldPanel("name"), FieldPanel("per_minute")]


class ReturnsGroup(SnippetViewSetGroup):
    menu_label = _("Returned mail")
    menu_icon = "resubmit"
    menu_name = "returns"
    menu_order = 315
    items = (BounceViewSet, SuppressionViewSet, ReceivingDomainViewSet)
