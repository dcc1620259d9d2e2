"""What events give to running text: those that are coming."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from base.blocks import groups
from events.models import Event, EventsPage
from themes.blocks import RegionChoice, SubThemeChoice

if TYPE_CHECKING:
    from events.models import EventQuerySet


class EventsBlock(blocks.StructBlock):
    """Renews itself. Without a page around it, as in a feed or in search, it has nothing to say."""

    is_band = True

    title = blocks.CharBlock(label=_("Title"), max_length=90, required=False, help_text=_("Without one, the title is “Coming events”."))
    sub_theme = SubThemeChoice(label=_("Only of this sub-theme"), required=False)
    region = RegionChoice(label=_("Only of this region"), required=False)
    number = blocks.IntegerBlock(label=_("How many"), default=3, min_value=1, max_value=9)

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """`is_away` where no calendar of the page's language is live."""
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        page, request = context.get("page"), context.get("request")
        calendar = EventsPage.objects.descendant_of(page.site_home).filter(theme=page.theme).live().first() if page is not None else None
        if calendar is None:
            return context | {"is_away": True}
        events = coming(calendar, value["sub_theme"], value["region"]).with_seats()[: value["number"]]
        return context | {"events": calendar.rows(events, request), "calendar_url": calendar.get_url(request)}

    class Meta:
        icon = "calendar-alt"
        label = _("Coming events")
        group = groups.SITE
        help_text = _("The next events of the calendar. The list renews itself.")
        template = "events/blocks/coming.html"


def coming(calendar: EventsPage, sub_theme: str = "", region: str = "") -> EventQuerySet:
    """The next date of each of the calendar's public events that stands; with a sub-theme's key or a region's code only those."""
    events, now = calendar.public_events().upcoming().filter(is_cancelled=False), timezone.now()
    if sub_theme:
        events = events.filter(item_key__in=calendar.pages_here().filter(sub_themes__key=sub_theme).values("translation_key"))
    if region:
        events = events.filter(in_region(region, calendar.pages_here()))
    chosen: EventQuerySet = Event.objects.filter(pk__in=events.next_dates(now).values("pk")).with_further(now)
    return chosen


def in_region(code: str, pages: Any) -> Q:
    """Dates that are held there: a date of a tour in its own region, any other in those of its page."""
    return Q(region__code=code) | Q(region=None, item_key__in=pages.filter(regions__code=code).values("translation_key"))
