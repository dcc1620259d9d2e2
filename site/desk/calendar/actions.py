"""Moving what is planned to another day, and saying which page fulfils it. Each is on record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.admin.utils import get_user_display_name
from wagtail.log_actions import log
from wagtail.log_actions import registry as record
from wagtail.models import Page, Revision

from base.trash.actions import outside
from contacts.models import Outreach
from desk.calendar.entries import why_fixed

if TYPE_CHECKING:
    from datetime import date

    from base.models import User

MOVE = "desk.move_outreach"


class NotMoved(ValidationError):
    """With the reason, for people."""


class MovedMeanwhile(NotMoved):
    """Somebody else has moved it since it was looked at. `now` is where it stands."""

    def __init__(self, message: str, now: date | None) -> None:
        super().__init__(message)
        self.now = now


@transaction.atomic
def move_outreach(*, act: Outreach, to: date, seen: date | None, by: User) -> Outreach:
    """`seen` is the day on which whoever moves it saw it. Raises NotMoved."""
    row: Outreach = Outreach.objects.select_for_update(of=("self",)).get(pk=act.pk)
    if why := why_not_moved(row):
        raise NotMoved(why)
    if row.planned_on == to:
        return row
    if row.planned_on != seen:
        raise MovedMeanwhile(_told(row), row.planned_on)
    if to < timezone.localdate():
        raise NotMoved(_("That day has passed. Choose today or a day to come."))
    Outreach.objects.filter(pk=row.pk).update(planned_on=to)
    log(row, MOVE, user=by, data={"from": seen.isoformat() if seen else "", "to": to.isoformat()})
    row.planned_on = to
    return row


def why_not_moved(row: Outreach) -> str:
    """In words; "" where it may be moved."""
    return why_fixed(row, None) or _why_timed(row)


def _why_timed(row: Outreach) -> str:
    """As `why_fixed` has it for a page that waits for its time."""
    pages = [str(pk) for pk in Page.objects.filter(translation_key=row.item_key).values_list("pk", flat=True)] if row.item_key else []
    if pages and Revision.page_revisions.filter(object_id__in=pages, approved_go_live_at__gt=timezone.now()).exists():
        return _("Its publication is timed: the time is changed in its editor.")
    return ""


def _told(row: Outreach) -> str:
    last = record.get_logs_for_instance(row).select_related("user").first()
    words = {"name": get_user_display_name(last.user) if last and last.user else _("Somebody"), "day": day_of(row.planned_on)}
    return _("%(name)s has moved this meanwhile, to %(day)s. Nothing is changed yet: move it again if you still want to.") % words


def day_of(day: date | None) -> str:
    return date_format(day, "SHORT_DATE_FORMAT") if day else _("no day")


def page_of(act: Outreach) -> Page | None:
    """The page that was begun for it, unless it lies in the trash."""
    return outside(Page.objects.filter(translation_key=act.item_key)).order_by("pk").first() if act.item_key else None


@transaction.atomic
def fulfil(*, act: Outreach, page: Any, by: User | None) -> bool:
    """The page is what was planned: publishing it does this act, and makes no second one. False where another page does already."""
    row = Outreach.objects.select_for_update(of=("self",)).get(pk=act.pk)
    if row.item_key == page.translation_key:
        return True
    is_taken = row.done_at or page_of(row)
    if is_taken or row.theme_id != page.theme_id or Outreach.objects.filter(item_key=page.translation_key).exists():
        return False
    row.item_key = page.translation_key
    row.save(update_fields=["item_key"])
    log(row, "desk.begin_outreach", user=by, data={"page": page.pk})
    return True
