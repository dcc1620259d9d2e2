"""The calendar's page and the events' pages. An event's pages, one a language, share one `Event` row."""

from __future__ import annotations

import uuid
from collections import defaultdict
from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page
from wagtail_localize.fields import SynchronizedField

from base import coming
from base.blocks import StoryField
from base.fallbacks import below, readable
from base.pages import Digest, Digestible
from base.questions import QuestionsField, questions_of
from base.remembered import remember
from base.spoken import SpokenField
from contacts.models import Outreach
from contacts.pages import OutreachPage
from events import addresses, showing, words
from events.forms import RegistrationForm
from events.models.closed import ClosedPage
from events.models.facts import Event, EventQuerySet, Mode
from events.models.parts import DatedPage, ProgrammePage, VenuePage, when_panel
from events.models.rules import RegisteringPage
from events.page_forms import EventPageForm
from events.texts import Messaging
from themes.models import Project, Scope
from themes.pages import SortedPage, ThemedPage, ticks
from themes.places import is_section

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.http import HttpRequest

    from base.pages import LanguageLink
    from events.entries import Entry


# What only the page itself shows: rows and feeds of many do without.
FEW = 10
HEAVY = ("body", "programme", "materials", "questions", "messages")


def in_finnish() -> list[str]:
    return ["fi"]


class EventsPage(ThemedPage, Page):
    """The calendar: events and moments (`base.agenda`) as a list, a week or a month, narrowed by what the address says (`events.shown`)."""

    lead = models.TextField(_("lead"), max_length=400, blank=True)

    content_panels: ClassVar = [*Page.content_panels, FieldPanel("lead")]
    parent_page_types: ClassVar = ["pages.HomePage"]
    subpage_types: ClassVar = ["events.EventPage", "events.MeetingPage"]
    template = "events/events.html"
    cache_seconds = 15

    class Meta:
        verbose_name = _("events")

    @property
    def feed_path(self) -> str:
        """Of the theme's calendar: it is named where the theme is a section of another's site."""
        with translation.override(self.locale.language_code):
            path = reverse("events:feed")
        return f"{path}?theme={self.theme.key}" if is_section(self.site_home) else path

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from events.shown import shown

        return super().get_context(request, *args, **kwargs) | shown(self, request)

    def rows_of(self, entries: Iterable[Entry], request: HttpRequest) -> list[dict[str, Any]]:
        """One for each, events and moments, as `base/event_row.html` has them."""
        entries = list(entries)
        events = Event.objects.with_seats().in_bulk([entry.pk for entry in entries if entry.pk])
        rows = dict(zip(events, self.rows(events.values(), request), strict=True))
        return [words.row_of_moment(entry.moment, request) if entry.moment else rows[entry.pk] for entry in entries]

    def public_events(self) -> EventQuerySet:
        """The external events that have a live page here, or in another language where they have none here."""
        pages = self.pages_here()
        return Event.objects.public().filter(item_key__in=pages.values("translation_key"))

    def pages_here(self) -> Any:
        return readable(EventPage.objects.filter(below(self, directly=True)).live(), self.locale.language_code)

    def rows(self, events: Iterable[Event], request: HttpRequest) -> list[dict[str, Any]]:
        """As `base/event_row.html` has them, with one query for all their pages. The events bring their seats (`with_seats`)."""
        events = list(events)
        pages = self.pages_here().filter(translation_key__in=[event.item_key for event in events])
        found = {page.translation_key: page for page in pages.select_related("locale").defer(*HEAVY)}
        return [words.row(event, found[event.item_key], request) for event in events]


class EventPage(Messaging, ClosedPage, RegisteringPage, Digestible, DatedPage, VenuePage, ProgrammePage, ThemedPage, SortedPage, OutreachPage, Page):
    """An event's page in one language. Publishing the source page brings the facts to the `Event`; translations read them from there."""

    lead = models.TextField(_("lead"), max_length=300)
    body = StoryField(verbose_name=_("text"), blank=True)
    scope = models.CharField(
        _("scope"),
        max_length=8,
        choices=Scope.choices,
        default=Scope.EXTERNAL,
        help_text=_("Only the staff, its project, and who has its link from the organiser's desk see an internal event."),
    )
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    mode = models.CharField(_("mode"), max_length=10, choices=Mode.choices, default=Mode.IN_PERSON)
    place = models.CharField(_("place"), max_length=250, blank=True)
    online_link = models.URLField(_("link to the meeting"), blank=True, help_text=_("Sent to those who registered, never shown on the page."))
    capacity = models.PositiveIntegerField(_("capacity"), default=30, help_text=_("In the room, or online where there is no room."))
    online_capacity = models.PositiveIntegerField(_("capacity online"), default=100, help_text=_("Of a hybrid event."))
    languages = SpokenField(_("languages of the event"), default=in_finnish, help_text=_("In which languages the event is held."))
    questions = QuestionsField(verbose_name=_("questions of the form"), help_text=_("Asked beside the name, the address and the organisation."))
    project = models.ForeignKey(Project, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("project"))

    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("lead"),
        when_panel(),
        VenuePage.venue_panel,
        RegisteringPage.registering_panel,
        FieldPanel("body"),
        FieldPanel("programme"),
        FieldPanel("materials"),
        FieldPanel("questions", icon="form"),
        FieldPanel("messages", icon="mail", help_text=_("Your own words in the mails to who registered. The preview shows each of them.")),
        OutreachPage.plan_panel,
        MultiFieldPanel([FieldPanel("project"), ticks("sub_themes"), ticks("regions")], heading=_("Belongs to"), icon="tag"),
    ]
    override_translatable_fields: ClassVar = [
        *OutreachPage.plan_fields,
        *DatedPage.dated_fields,
        *VenuePage.venue_fields,
        *RegisteringPage.registering_fields,
        *(SynchronizedField(name, overridable=False) for name in ("sub_themes", "regions", "starts_at", "ends_at", "mode", "scope", "capacity")),
        *(SynchronizedField(name, overridable=False) for name in ("online_capacity", "online_link", "languages", "project")),
    ]
    parent_page_types: ClassVar = ["events.EventsPage"]
    subpage_types: ClassVar[list[str]] = []
    # It says how many seats are left.
    cache_seconds = 5
    template = "events/event.html"
    kind_label = _("Event")
    kind_label_plural = _("Events")
    comes_as = coming.EVENTS
    outreach_kind = Outreach.Kind.EVENT
    channel_key = "events"
    fact_fields = ("place", "address", "dates", "programme", "materials")
    # By which somebody without a login reads an internal one (`events.inside_views`).
    token = ""
    base_form_class = EventPageForm

    class Meta:
        verbose_name = _("event's page")

    def clean(self) -> None:
        super().clean()
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("The event must end after it starts.")})

    @property
    def is_closed(self) -> bool:
        return self.scope == Scope.INTERNAL

    @classmethod
    def unlisted(cls) -> models.QuerySet[EventPage]:
        internal: models.QuerySet[EventPage] = cls.objects.filter(scope=Scope.INTERNAL)
        return internal

    def address_for_insiders(self) -> str:
        from events import inside

        return inside.url(self) if self.is_closed and self.live else super().address_for_insiders()

    def language_links(self, request: HttpRequest) -> list[LanguageLink]:
        found = super().language_links(request)
        return [replace(link, url=addresses.inside(self.token, link.language_code)) for link in found] if self.token else found

    @property
    def events(self) -> EventQuerySet:
        """Its dates by time, with their seats. None before the source page was published."""
        return Event.objects.with_seats().select_related("theme").filter(item_key=self.translation_key).order_by("starts_at", "pk")

    @property
    def event(self) -> Event | None:
        """The next date to come, else the last."""
        return showing.next_of(list(self.events))

    def next_turn(self, now: datetime) -> datetime | None:
        return showing.next_turn(self, now)

    def digest(self, request: HttpRequest | None = None) -> Digest:
        """With the event's own time instead of the page's: the day that it was published helps nobody."""
        return self.digest_of(list(self.events), request)

    def digest_of(self, events: list[Event], request: HttpRequest | None) -> Digest:
        event, shown = showing.next_of(events), super().digest(request)
        register = None if words.why_closed(event) else (words.way_in(event) % {"event": self.title}, "#register")
        return replace(shown, date=None, note=words.note(self, event, events), action=register)

    @classmethod
    def digests(cls, pages: Iterable[EventPage], request: HttpRequest | None = None) -> list[Digest]:
        pages, events = list(pages), defaultdict(list)
        for event in Event.objects.with_seats().filter(item_key__in=[page.translation_key for page in pages]).order_by("starts_at", "pk"):
            events[event.item_key].append(event)
        return [page.digest_of(events[page.translation_key], request) for page in pages]

    def form_of(self, dates: list[Event], *args: Any, **kwargs: Any) -> RegistrationForm:
        """The form with this page's questions, in its language, for one of these dates."""
        full = set.intersection(*(event.full_options for event in dates)) if dates else ()
        return RegistrationForm(*args, dates=dates, page=self, questions=questions_of(self.questions), full=full, **kwargs)

    def also_found_by(self) -> str:
        return " ".join(filter(None, [self.place, *dict.fromkeys(self.places_by_date.values())]))

    def get_context(self, request: HttpRequest, *args: Any, form: RegistrationForm | None = None, **kwargs: Any) -> dict[str, Any]:
        """`form` is a bound one that comes back with its errors."""
        context = super().get_context(request, *args, **kwargs)
        events = list(self.events)
        context["structured"].parts.extend(showing.structured(self, events))
        return context | showing.context_of(self, events, form) | {"siblings_url": self.get_parent().get_url(request)}


def pages_in(language: str, events: Iterable[Event]) -> dict[uuid.UUID, EventPage]:
    """Each event's page in the language, else its source page, by `item_key`. One query; a cancelled event's page need not be live."""
    # Whether one of its dates was cancelled.
    keys: dict[uuid.UUID, bool] = {}
    for event in events:
        keys[event.item_key] = keys.get(event.item_key, False) or event.is_cancelled
    found: dict[uuid.UUID, EventPage] = {}
    pages = EventPage.objects.filter(translation_key__in=keys).defer(*HEAVY).order_by("pk")
    # Of many, each language and theme is read once rather than with every page.
    pages = pages.prefetch_related("locale", "theme") if len(keys) > FEW else pages.select_related("locale", "theme")
    for page in pages:
        known = found.get(page.translation_key)
        if not (page.live or keys[page.translation_key]):
            continue
        if known is None or page.locale.language_code == language:
            found[page.translation_key] = page
    return found


def page_in(language: str, event: Event) -> EventPage:
    """The event's page in the language, as a reader of the mail should see it, live or not. Looked for once for each object that `event` is."""
    known: dict[str, EventPage] = event.__dict__.setdefault("_pages_read", {})
    if language not in known:
        # A copy: it is put into a frame as the page of one request.
        known[language] = copy(remember(("event", event.item_key, event.is_cancelled, language), lambda: _look_for(language, event)))
    return known[language]


def _look_for(language: str, event: Event) -> EventPage:
    if found := pages_in(language, [event]):
        return found[event.item_key]
    return EventPage.objects.filter(translation_key=event.item_key).select_related("locale", "theme").order_by("pk")[0]
