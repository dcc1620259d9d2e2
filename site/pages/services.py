"""Services that develop working life: their section, and a page for each.

A service's page is no act of communication: it stands as long as the service is given. What is told of the service is an act. Somebody of the staff
looks once a year whether what the page says is still true: each look is a `ServiceCheck`, and the page says when the last one was.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import Page
from wagtail_localize.fields import SynchronizedField

from base.blocks import StoryField
from base.gate import Finding, error, register
from base.narrowing import Facet, Match
from base.pages import Digest, Digestible
from base.spoken import SpokenField, language_names, spoken_choices
from contacts.models import Organisation
from pages import described, facts
from pages.catalogue import CataloguePage
from pages.office import OfficePage
from themes.facets import everywhere, keys_by_row, region_facet, sub_theme_facet, target_group_facet
from themes.models import TargetGroup
from themes.pages import SortedPage, ThemedPage, ticks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.http import HttpRequest

    from base.gate.subject import Subject

CHECKED_EVERY = timedelta(days=365)
SYNCHRONISED = ("organisation", "mode", "sub_themes", "regions", "target_groups", "languages", "is_free")


class ServicesPage(CataloguePage):
    """The services, by who they are for and where they are given."""

    subpage_types: ClassVar = ["pages.ServicePage"]
    template = "pages/services.html"
    empty_title = _("No service is described yet")
    empty_text = _("The services of regional actors appear here: what each gives, for whom and where.")

    class Meta:
        verbose_name = _("services")

    def rows(self) -> models.QuerySet[ServicePage]:
        pages: models.QuerySet[ServicePage] = ServicePage.objects.child_of(self).live().select_related("organisation")
        return pages.order_by("title", "pk")

    def facets(self) -> list[Facet]:
        return [
            sub_theme_facet(self.theme_id),
            region_facet(),
            target_group_facet(self.theme_id),
            Facet("language", gettext("Language of the service"), spoken_choices()),
        ]

    def matches(self) -> list[Match]:
        regions = region_facet()
        rows = list(self.rows().values_list("pk", "languages"))
        numbers = [pk for pk, _languages in rows]
        themes = keys_by_row(ServicePage.sub_themes.through, "servicepage_id", "subtheme__key", numbers)
        groups = keys_by_row(ServicePage.target_groups.through, "servicepage_id", "targetgroup__key", numbers)
        codes = keys_by_row(ServicePage.regions.through, "servicepage_id", "region__code", numbers)
        return [
            Match(
                pk,
                {
                    "sub_theme": themes.get(pk, frozenset()),
                    "region": everywhere(codes.get(pk), regions),
                    "target_group": groups.get(pk, frozenset()),
                    "language": frozenset(languages),
                },
            )
            for pk, languages in rows
        ]


class ServicePage(Digestible, ThemedPage, SortedPage, OfficePage, Page):  # type: ignore[django-manager-missing]  # Page is Any to the plugin
    class Mode(models.TextChoices):
        IN_PERSON = "in_person", _("In person")
        REMOTE = "remote", _("Remotely")
        BOTH = "both", _("In person and remotely")

    lead = models.TextField(_("lead"), max_length=300, help_text=_("What the service gives, in two sentences; shown in lists and mails too."))
    body = StoryField(verbose_name=_("text"), blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("who gives it"))
    target_groups = ParentalManyToManyField(TargetGroup, blank=True, related_name="+", verbose_name=_("for whom"))
    mode = models.CharField(_("how it is given"), max_length=10, choices=Mode.choices, default=Mode.IN_PERSON)
    languages = SpokenField(_("languages of the service"), default=list)
    is_free = models.BooleanField(_("free of charge"), default=True)
    price = models.CharField(_("price"), max_length=150, blank=True, help_text=_("What it costs, where it is not free: “200 € a day, VAT included”."))
    link = models.URLField(_("the service's own page"), blank=True)

    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("lead"),
        FieldPanel("body"),
        MultiFieldPanel(
            [FieldPanel("organisation"), FieldPanel("mode"), FieldPanel("languages"), FieldRowPanel([FieldPanel("is_free"), FieldPanel("price")])],
            heading=_("The service"),
            icon="tasks",
        ),
        MultiFieldPanel(
            [FieldPanel("link"), OfficePage.office_panel],
            heading=_("How to get it"),
            icon="mail",
            help_text=_("At least one of these."),
        ),
        MultiFieldPanel(
            [ticks("target_groups"), ticks("sub_themes"), ticks("regions")],
            heading=_("Belongs to"),
            icon="tag",
            help_text=_("A service without a region is given in the whole country."),
        ),
    ]
    override_translatable_fields: ClassVar = [
        *(SynchronizedField(name, overridable=False) for name in SYNCHRONISED),
        *OfficePage.office_fields,
        # Another language may have a page of its own there.
        SynchronizedField("link"),
    ]
    parent_page_types: ClassVar = ["pages.ServicesPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "pages/service.html"
    shown_with: ClassVar = (*ThemedPage.shown_with, "organisation")
    kind_label = _("Service")
    kind_label_plural = _("Services")
    fact_fields = ("price",)

    class Meta:
        verbose_name = _("service's page")
        # After a number.
        verbose_name_plural = _("services' pages")

    def digest(self, request: HttpRequest | None = None) -> Digest:
        return self.digests([self], request)[0]

    def digest_in(self, place: str, request: HttpRequest | None) -> Digest:
        """With who and where instead of the day on which the page was published."""
        return replace(super().digest(request), date=None, note=f"{self.organisation} – {place}")

    @classmethod
    def digests(cls, pages: Iterable[ServicePage], request: HttpRequest | None = None) -> list[Digest]:
        """One query for all regions."""
        pages = list(pages)
        return [page.digest_in(place, request) for page, place in zip(pages, facts.places_of(cls, pages), strict=True)]

    def also_found_by(self) -> str:
        return " ".join(map(str, [self.organisation, *self.target_groups.all(), *self.regions.all()]))

    @property
    def checked_on(self) -> date | None:
        """When somebody last looked whether this is still true."""
        newest = ServiceCheck.objects.filter(service__translation_key=self.translation_key).order_by("-checked_on").first()
        return newest.checked_on if newest else None

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["structured"].parts.append(described.service(self))
        checked = self.checked_on
        return context | {
            "facts": self.facts(checked),
            "checked_on": checked,
            "is_old": checked is not None and is_due(checked, timezone.localdate()),
        }

    def facts(self, checked: date | None) -> list[tuple[str, str]]:
        rows = [
            (gettext("Who gives it"), str(self.organisation)),
            (gettext("For whom"), facts.listed(self.target_groups.all())),
            (gettext("Where"), facts.place(self.regions.all())),
            (gettext("How it is given"), str(self.get_mode_display())),
            (gettext("Languages"), facts.listed(language_names(self.languages))),
            (gettext("Price"), gettext("Free of charge") if self.is_free else self.price),
            (gettext("Sub-themes"), facts.listed(self.sub_themes.all())),
            (gettext("Information checked"), facts.day(checked) if checked else ""),
        ]
        return [(label, value) for label, value in rows if value]


class ServiceCheck(models.Model):
    """Somebody looked, and what the service's page says is true. It holds for every language of the page."""

    service = models.ForeignKey(ServicePage, models.CASCADE, related_name="checks", verbose_name=_("service"))
    checked_on = models.DateField(_("checked"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by"))

    class Meta:
        verbose_name = _("check of a service")
        verbose_name_plural = _("checks of services")
        ordering: ClassVar = ["-checked_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.service}: {self.checked_on}"


def is_due(checked: date | None, today: date) -> bool:
    return checked is None or checked <= today - CHECKED_EVERY


def check_facts(subject: Subject) -> Iterator[Finding]:
    """For the publication gate: a draft may lack them."""
    page = subject.page
    if not isinstance(page, ServicePage):
        return
    if page.is_free == bool(page.price):
        yield error("service.price", _("Say what the service costs, or that it is free."), field="price")
    if not (page.link or page.email or page.phone):
        yield error("service.access", _("Say how the service is had: a page, an e-mail address or a telephone number."), field="link")


def register_all() -> None:
    register("pages.services", check_facts)
