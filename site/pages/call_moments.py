"""When calls open and close, for the calendar, and those that are open, for newsletters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid5

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from base import agenda, coming
from base.agenda import Moment
from base.fallbacks import readable
from pages.calls import CallPage, of_theme
from themes.facets import keys_by_row

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from uuid import UUID

    from base.coming import Wanted


def moments(theme_id: int, language: str, since: datetime) -> Iterator[Moment]:
    """Joint calls are in the calendars of all their themes."""
    calls: Any = CallPage.objects.filter(Q(theme=theme_id) | of_theme(theme_id), closes_at__gte=since).live().public()
    found = list(readable(calls, language).select_related("locale"))
    numbers = [call.pk for call in found]
    sub_themes = keys_by_row(CallPage.sub_themes.through, "callpage_id", "subtheme__key", numbers)
    regions = keys_by_row(CallPage.regions.through, "callpage_id", "region__code", numbers)
    for call in found:
        sorted_by = sub_themes.get(call.pk, frozenset()), regions.get(call.pk, frozenset())
        for name, what, at in (("opens", _("The call opens"), call.opens_at), ("closes", _("The call closes"), call.closes_at)):
            if at >= since:
                changed = call.last_published_at or call.latest_revision_created_at
                yield Moment(uuid5(call.translation_key, name), at, what, call, changed, *sorted_by)


def open_keys(wanted: Wanted) -> list[UUID]:
    """The calls that take applications now, the soonest to close first; one that names no sub-theme or region is for all of them."""
    now = timezone.now()
    own = Q(theme=wanted.theme_id) | of_theme(wanted.theme_id)
    calls: Any = CallPage.objects.filter(own, opens_at__lte=now, closes_at__gt=now).live().public()
    if wanted.sub_theme:
        calls = calls.filter(Q(sub_themes__key=wanted.sub_theme) | Q(sub_themes=None))
    if wanted.region:
        calls = calls.filter(Q(regions__code=wanted.region) | Q(regions=None))
    found = calls.order_by("closes_at", "pk").values_list("translation_key", flat=True)
    # One for each language that the call has a page in.
    return list(dict.fromkeys(found))


def register() -> None:
    agenda.register("pages.calls", moments)
    coming.register(coming.CALLS, open_keys)
