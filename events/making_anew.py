"""An event made anew from another one, or from a template: the same words in all languages, its dates moved, nothing of those who registered.

Any event may be the template, last year's or one that was never published. The new pages are drafts with dates, UIDs and seats of their own.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from wagtail.log_actions import log
from wagtail.models import Page
from wagtail_localize.models import StringTranslation, Translation, TranslationSource

from events.models import EventPage
from events.wall import moment

if TYPE_CHECKING:
    from base.models import User

MOVED_BLOCKS = {"date": ("day", "last_day"), "repeat": ("until",)}


@transaction.atomic
def make_anew(page: EventPage, *, starts_at: datetime, title: str, by: User | None = None) -> EventPage:
    """The new source page. `starts_at` is the new first date; what lies between the dates stays, and so do the hours of the clock.

    Raises a ValidationError where a moved date meets a time that there is not.
    """
    source = _source_of(page)
    made = _copy(source, starts_at, title)
    for translation in Translation.objects.filter(source__object_id=source.translation_key, enabled=True).select_related("target_locale"):
        _translate(translation, source, made)
    log(Page.objects.get(pk=made.pk), "wagtail.copy", user=by, data={"page": {"id": made.pk, "title": made.title}, "source": {"id": source.pk}})
    return made


def _source_of(page: EventPage) -> EventPage:
    oldest: EventPage = EventPage.objects.filter(translation_key=page.translation_key).order_by("pk")[0]
    newest: EventPage = oldest.get_latest_revision_as_object()
    return newest


def _copy(source: EventPage, starts_at: datetime, title: str) -> EventPage:
    slug = _free_slug(source, title, starts_at)
    made: Any = source.copy(
        recursive=False, copy_revisions=False, keep_live=False, reset_translation_key=True, update_attrs={"title": title, "slug": slug}
    )
    _move(made, source, starts_at)
    made.materials = []
    made.save_revision(changed=True)
    made.save()
    moved: EventPage = EventPage.objects.get(pk=made.pk)
    return moved


def _free_slug(page: EventPage, title: str, starts_at: datetime) -> str:
    wanted = slugify(title)[:200] or "event"
    taken = set(page.get_parent().get_children().values_list("slug", flat=True))
    candidates = [wanted, f"{wanted}-{starts_at.year}", *(f"{wanted}-{number}" for number in range(2, 1000))]
    return next(one for one in candidates if one not in taken)


def _move(made: EventPage, source: EventPage, starts_at: datetime) -> None:
    """Days by days and not by hours: nine stays nine over daylight saving."""
    zone = ZoneInfo(source.time_zone)
    first, last, new = (at.astimezone(zone) for at in (source.starts_at, source.ends_at, starts_at))
    days = new.date() - first.date()
    ends = last.replace(tzinfo=None) + (new.replace(tzinfo=None) - first.replace(tzinfo=None))
    made.starts_at, made.ends_at = starts_at, moment(ends.date(), ends.time(), source.time_zone)
    made.dates = _with_days(source, days)
    made.programme = _with_sessions(source, days)


def _with_days(page: EventPage, days: timedelta) -> Any:
    """The further dates, with keys of their own: they are other dates than those of the event that they come from."""
    found = page.dates.get_prep_value()
    for row, child in zip(found, page.dates, strict=True):
        row["id"] = str(uuid.uuid5(uuid.UUID(str(child.id)), str(timezone.now())))
        for name in MOVED_BLOCKS[child.block_type]:
            if child.value[name]:
                row["value"][name] = (child.value[name] + days).isoformat()
        for left in row["value"].get("leave_out", ()):
            left["value"] = (datetime.fromisoformat(str(left["value"])).date() + days).isoformat()
    return page._meta.get_field("dates").stream_block.to_python(found)


def _with_sessions(page: EventPage, days: timedelta) -> Any:
    """Sessions keep their ids: seats belong to a date, and the translations of their words to the id."""
    found = page.programme.get_prep_value()
    for row, child in zip(found, page.programme, strict=True):
        if child.value["day"]:
            row["value"]["day"] = (child.value["day"] + days).isoformat()
    return page._meta.get_field("programme").stream_block.to_python(found)


def _translate(translation: Translation, source: EventPage, made: EventPage) -> None:
    """A draft in the language, with the words that the original has there, wherever the text is the same."""
    locale = translation.target_locale
    new, _is_new = TranslationSource.update_or_create_from_instance(made)
    begun = Translation.objects.get_or_create(source=new, target_locale=locale, defaults={"enabled": True})[0]
    words = StringTranslation.objects.filter(context__object_id=source.translation_key, locale=locale, has_error=False).select_related("context")
    known = {(row.translation_of_id, row.context.path.split(".")[0]): row.data for row in words}
    for segment in new.stringsegment_set.select_related("context"):
        field = segment.context.path.split(".")[0]
        data = known.get((segment.string_id, field))
        if data is not None and field != "slug":
            place = {"translation_of_id": segment.string_id, "locale": locale, "context": segment.context}
            StringTranslation.objects.update_or_create(
                **place, defaults={"data": data, "translation_type": StringTranslation.TRANSLATION_TYPE_MANUAL}
            )
    begun.save_target(publish=False)
