"""Where a call for projects stands by the clock, in words. In the active language; no queries."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pages import facts

if TYPE_CHECKING:
    from datetime import datetime

    from pages.calls import CallPage


class State(models.TextChoices):
    """In the order of lists; a label is the title over the calls of a state."""

    OPEN = "open", gettext_lazy("Open calls")
    COMING = "coming", gettext_lazy("Coming calls")
    CLOSED = "closed", gettext_lazy("Closed calls")


def state_of(call: CallPage, now: datetime) -> State:
    if now < call.opens_at:
        return State.COMING
    return State.OPEN if now < call.closes_at else State.CLOSED


def state_text(call: CallPage, now: datetime) -> str:
    texts = {
        State.COMING: (_("Opens on %(moment)s"), call.opens_at),
        State.OPEN: (_("Open until %(moment)s"), call.closes_at),
        State.CLOSED: (_("Closed on %(moment)s"), call.closes_at),
    }
    text, moment = texts[state_of(call, now)]
    return text % {"moment": facts.minute(moment)}


def time_left(call: CallPage, now: datetime) -> str:
    """By the days of Helsinki; "" for a call that is not open."""
    if state_of(call, now) != State.OPEN:
        return ""
    # One that closes at midnight takes applications on the day that ends then, and on no later one.
    last = timezone.localdate(call.closes_at - timedelta.resolution)
    days = (last - timezone.localdate(now)).days
    if days < 1:
        return _("closes today")
    return _("closes tomorrow") if days == 1 else ngettext("%(number)d day left", "%(number)d days left", days) % {"number": days}


def period(call: CallPage) -> str:
    """For what stays as it is written, such as a mail or a feed."""
    return _("Open %(opens)s – %(closes)s") % {"opens": facts.minute(call.opens_at), "closes": facts.minute(call.closes_at)}
