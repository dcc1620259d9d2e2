"""Calls for projects: their section, and a page for each. Publishing a call is an act of communication.

A joint call names further national themes. It has one page, in the theme that wrote it, and stands in the lists of the others too. By the clock it
opens and closes: `pages.call_words` says where it stands, and no copy of a page that says so is kept beyond that moment.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Case, F, Min, Q, Value, When
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail_localize.fields import SynchronizedField

from base import agenda, coming
from base.blocks import RICH_TEXT, StoryField
from base.fallbacks import below, readable
from base.gate import Finding, error, register
from base.narrowing import Facet, Match
from base.page_forms import DraftFirstForm
from base.pages import Digest, Digestible
from contacts.models import Organisation, Outreach
from contacts.pages import OutreachPage
from pages import call_words as words
from pages import described, facts
from pages.catalogue import CataloguePage
from pages.office import OfficePage
from themes.facets import everywhere, keys_by_row, region_facet, sub_theme_facet
from themes.models import AnyTheme
from themes.pages import SortedPage, ThemedPage, theme_of, ticks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.http import HttpRequest
    from django.utils.safestring import SafeString

    from base.gate.subject import Subject

SYNCHRONISED = ("opens_at", "closes_at", "authority", "fund", "amount_eur", "further_themes", "sub_themes", "regions")


class CallsPage(CataloguePage):
    """The calls of the theme, and those of others that name it."""

    subpage_types: ClassVar = ["pages.CallPage"]
    template = "pages/calls.html"
    empty_title = _("No call has been published yet")
    empty_text = _("Calls for projects appear here: those that are open, those that are coming, and those that have closed.")

    class Meta:
        verbose_name = _("calls for projects")

    def calls(self) -> Any:
        """Each in the section's language, or in another where there is no translation yet: a reader must not miss the day."""
        listed = below(self, directly=True) | of_theme(self.theme_id)
        return readable(CallPage.objects.filter(listed).live().public(), self.locale.language_code)

    def rows(self) -> models.QuerySet[CallPage]:
        """Open ones first, the soonest to close before the others; then those that open soonest; then those that closed last."""
        now = timezone.now()
        is_closed, is_coming = When(closes_at__lte=now, then=2), When(opens_at__gt=now, then=1)
        state = Case(is_closed, is_coming, default=0)
        soonest = Case(When(closes_at__lte=now, then=Value(None)), When(opens_at__gt=now, then=F("opens_at")), default=F("closes_at"))
        pages: models.QuerySet[CallPage] = self.calls().select_related("theme", "locale").order_by(state, soonest, "-closes_at", "pk")
        return pages

    def facets(self) -> list[Facet]:
        return [sub_theme_facet(self.theme_id), region_facet()]

    def matches(self) -> list[Match]:
        """A call that names no sub-theme of this theme is for all of it."""
        sub_themes, regions = self.facets()
        numbers = list(self.rows().values_list("pk", flat=True))
        keys = keys_by_row(CallPage.sub_themes.through, "callpage_id", "subtheme__key", numbers, subtheme__theme=self.theme_id)
        codes = keys_by_row(CallPage.regions.through, "callpage_id", "region__code", numbers)
        return [Match(pk, {"sub_theme": everywhere(keys.get(pk), sub_themes), "region": everywhere(codes.get(pk), regions)}) for pk in numbers]

    def groups(self, pages: list[Any], request: HttpRequest) -> list[dict[str, Any]]:
        """By where they stand now, which the title says; the row says until when."""
        now = timezone.now()
        rows = zip(pages, facts.places_of(CallPage, pages), themes_of(pages), strict=True)
        return [
            {"title": state.label, "items": [page.row(place, themes, now, request) for page, place, themes in calls]}
            for state, calls in groupby(rows, key=lambda row: words.state_of(row[0], now))
        ]

    def next_turn(self, now: datetime) -> datetime | None:
        return next_turn_of(self.calls(), now)

    def pages_in_feed(self) -> Any:
        return Page.objects.filter(pk__in=self.calls().filter(locale=self.locale_id).values("pk"))


class CallForm(DraftFirstForm):
    """Offers the other themes of the installation; where there is none, nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "further_themes" in self.fields:
            own = self.instance.theme_id or theme_of(self.parent_page).pk
            others = AnyTheme.objects.exclude(pk=own).order_by("pk")
            if others.exists():
                self.fields["further_themes"].queryset = others
            else:
                del self.fields["further_themes"]


class CallPage(Digestible, ThemedPage, SortedPage, OutreachPage, OfficePage, Page):  # type: ignore[django-manager-missing]  # Page is Any to the plugin
    lead = models.TextField(_("lead"), max_length=300, help_text=_("Two sentences that tell the whole; shown in lists and mails too."))
    what_is_funded = RichTextField(_("what is funded"), features=RICH_TEXT)
    who_may_apply = RichTextField(_("who may apply"), features=RICH_TEXT)
    body = StoryField(verbose_name=_("text"), blank=True)
    opens_at = models.DateTimeField(_("opens"), help_text=_("By the clock of Finland."))
    closes_at = models.DateTimeField(_("closes"), help_text=_("Applications are taken until this minute."))
    authority = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("who grants the funding"))
    fund = models.CharField(_("fund"), max_length=20, blank=True, help_text=_("Leave it empty where it is the theme's own fund."))
    amount_eur = models.DecimalField(
        _("funding available, EUR"), max_digits=14, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(1)]
    )
    apply_url = models.URLField(_("electronic service"), blank=True, help_text=_("Where the application is made, in the service of the authority."))
    how_to_apply = RichTextField(_("how to apply"), features=RICH_TEXT, blank=True)
    further_themes = ParentalManyToManyField(
        AnyTheme, blank=True, related_name="+", verbose_name=_("joint call with"), help_text=_("The call stands in the lists of these themes too.")
    )

    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("lead"),
        MultiFieldPanel([FieldRowPanel([FieldPanel("opens_at"), FieldPanel("closes_at")])], heading=_("When"), icon="calendar-alt"),
        FieldPanel("what_is_funded"),
        FieldPanel("who_may_apply"),
        FieldPanel("body"),
        MultiFieldPanel(
            [FieldPanel("authority"), FieldRowPanel([FieldPanel("fund"), FieldPanel("amount_eur")])],
            heading=_("Funding"),
            icon="decimal",
        ),
        MultiFieldPanel([FieldPanel("apply_url"), FieldPanel("how_to_apply")], heading=_("How to apply"), icon="link-external"),
        MultiFieldPanel([OfficePage.office_panel], heading=_("Who answers questions"), icon="mail", help_text=_("At least one of these.")),
        OutreachPage.plan_panel,
        MultiFieldPanel([ticks("further_themes"), ticks("sub_themes"), ticks("regions")], heading=_("Belongs to"), icon="tag"),
    ]
    override_translatable_fields: ClassVar = [
        *OutreachPage.plan_fields,
        *OfficePage.office_fields,
        *(SynchronizedField(name, overridable=False) for name in SYNCHRONISED),
        # Another language may have a page of its own there.
        SynchronizedField("apply_url"),
    ]
    base_form_class = CallForm
    parent_page_types: ClassVar = ["pages.CallsPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "pages/call.html"
    shown_with: ClassVar = (*ThemedPage.shown_with, "authority")
    kind_label = _("Call for projects")
    promised_in = ("sv",)
    kind_label_plural = _("Calls for projects")
    comes_as = coming.CALLS
    outreach_kind = Outreach.Kind.FUNDING_CALL

    class Meta:
        verbose_name = _("call for projects")
        constraints: ClassVar = [models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="a_call_closes_after_it_opens")]

    def clean(self) -> None:
        super().clean()
        if self.opens_at and self.closes_at and self.closes_at <= self.opens_at:
            raise ValidationError({"closes_at": _("The call must close after it opens.")})

    @property
    def funded_by(self) -> str:
        return self.fund or self.theme.fund

    @property
    def opening_of_entry(self) -> SafeString:
        return format_html("<p>{}</p>", words.period(self))

    @cached_property
    def theme_names(self) -> list[str]:
        """Of a joint call: its own theme's first. Elsewhere none."""
        others = list(self.further_themes.all())
        return [str(theme) for theme in (self.theme, *others)] if others else []

    def digest(self, request: HttpRequest | None = None) -> Digest:
        """With its period instead of the day on which it was published: true whenever it is read."""
        return replace(super().digest(request), date=None, note=words.period(self))

    def row(self, place: str, themes: list[str], now: datetime, request: HttpRequest) -> Digest:
        """In the list of calls, which is never older than `next_turn`."""
        when = ", ".join(filter(None, (words.state_text(self, now), words.time_left(self, now))))
        joint = gettext("Joint call: %(themes)s") % {"themes": facts.listed(themes)} if themes else ""
        return replace(self.digest(request), kind_label="", note=" – ".join(filter(None, (when, place, joint))))

    def also_found_by(self) -> str:
        return " ".join(map(str, [self.authority, self.funded_by, *self.theme_names, *self.regions.all()]))

    def next_turn(self, now: datetime) -> datetime | None:
        return min((moment for moment in (self.opens_at, self.closes_at) if moment > now), default=None)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context, now = super().get_context(request, *args, **kwargs), timezone.now()
        context["structured"].parts.append(described.call(self))
        return context | {
            "facts": self.facts(),
            "state": words.state_of(self, now).value,
            "state_text": words.state_text(self, now),
            "time_left": words.time_left(self, now),
            "calendar_url": agenda.file_url(self) if self.live else "",
        }

    def facts(self) -> list[tuple[str, str]]:
        rows = [
            (gettext("Opens"), facts.minute(self.opens_at)),
            (gettext("Closes"), facts.minute(self.closes_at)),
            (gettext("Who grants the funding"), str(self.authority)),
            (gettext("Fund"), self.funded_by),
            (gettext("Funding available"), facts.money(self.amount_eur) if self.amount_eur else ""),
            (gettext("Programme"), self.theme.programme),
            (gettext("Specific objective"), f"{self.theme.objective_code} {self.theme.objective}"),
            (gettext("Joint call of themes"), facts.listed(self.theme_names)),
            (gettext("Sub-themes"), facts.listed(self.sub_themes.all())),
            (gettext("Regions"), facts.place(self.regions.all())),
        ]
        return [(label, value) for label, value in rows if value]


def of_theme(theme_id: int) -> Q:
    """The joint calls of others that name the theme."""
    return Q(pk__in=CallPage.further_themes.through.objects.filter(anytheme=theme_id).values("callpage"))


def themes_of(pages: list[CallPage]) -> list[list[str]]:
    """The names of `theme_names` for each of the pages, in one query."""
    found: dict[int, list[str]] = {page.pk: [] for page in pages}
    links = CallPage.further_themes.through.objects.filter(callpage__in=found).select_related("anytheme").order_by("anytheme")
    for link in links:
        found[link.callpage_id].append(str(link.anytheme))
    return [[str(page.theme), *others] if (others := found[page.pk]) else [] for page in pages]


def next_turn_of(calls: Any, now: datetime) -> datetime | None:
    moments = calls.order_by().aggregate(opens=Min("opens_at", filter=Q(opens_at__gt=now)), closes=Min("closes_at", filter=Q(closes_at__gt=now)))
    return min(filter(None, moments.values()), default=None)


def check_facts(subject: Subject) -> Iterator[Finding]:
    """For the publication gate: a draft may lack them."""
    page = subject.page
    if not isinstance(page, CallPage):
        return
    if not (page.apply_url or page.how_to_apply):
        yield error("call.access", _("Say how to apply: the address of the electronic service, or in words."), field="apply_url")
    if not (page.email or page.phone):
        yield error("call.contact", _("Say who answers questions: an e-mail address or a telephone number."), field="email")


def register_all() -> None:
    register("pages.calls", check_facts)
