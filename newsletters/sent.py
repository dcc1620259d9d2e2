"""An issue on its way and after it: the ledger, its pace, what went wrong, and what staff can do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mail import control, ledger
from mail.balance import balance, pace
from mail.models import Delivery

if TYPE_CHECKING:
    from collections.abc import Callable

    from mail.balance import Balance
    from mail.models import Mailing
    from newsletters.models import IssuePage

MOST_TROUBLES = 50


@dataclass(frozen=True)
class Action:
    """A button, and the words beside it."""

    key: str
    label: str
    note: str = ""
    is_serious: bool = False


def sent_context(issue: IssuePage) -> dict[str, Any]:
    """Of an issue with a mailing. Four queries, whatever the number of copies."""
    mailing = issue.mailing
    assert mailing is not None  # noqa: S101 — for mypy: the caller has looked
    sums = balance(mailing)
    # In one word of the context: the parts of Wagtail's frame have names such as "heading" and "actions" of their own.
    return {
        "balance": sums,
        "sent": {
            "numbers": numbers(sums),
            "heading": heading(mailing, sums),
            "pace": pace_words(mailing, sums),
            "actions": actions(mailing, sums),
            "act_url": reverse("newsletters_act_on_issue", args=[issue.pk]),
            "troubles": troubles(mailing, sums),
            "most_troubles": MOST_TROUBLES,
        },
    }


def numbers(sums: Balance) -> list[tuple[str, int]]:
    labels = {
        "frozen": _("Copies"), "sent": _("Sent"), "failed": _("Failed"),
        "suppressed": _("On the suppression list"), "in_doubt": _("In doubt"), "waiting": _("Waiting"),
    }  # fmt: skip
    return [(label, getattr(sums, name)) for name, label in labels.items()]


def heading(mailing: Mailing, sums: Balance) -> str:
    if mailing.cancelled_at:
        return _("The sending was cancelled")
    if mailing.paused_at and sums.waiting:
        return _("The sending is paused")
    return _("The copies are on their way") if sums.waiting else _("Every copy is accounted for")


def pace_words(mailing: Mailing, sums: Balance) -> str:
    """Of the last minute, and what is left at that pace."""
    if not sums.waiting or mailing.paused_at:
        return ""
    done = pace(mailing)
    if not done:
        return _("No copy has left within the last minute.")
    minutes = -(-sums.waiting // done)
    rate = ngettext("%(number)d copy in the last minute.", "%(number)d copies in the last minute.", done) % {"number": done}
    left = ngettext("About %(number)d minute left.", "About %(number)d minutes left.", minutes) % {"number": minutes}
    return f"{rate} {left}"


def actions(mailing: Mailing, sums: Balance) -> list[Action]:
    found = []
    if sums.waiting:
        found.append(Action("resume", _("Go on")) if mailing.paused_at else Action("pause", _("Pause")))
        label = ngettext("Cancel the %(number)d copy that has not left", "Cancel the %(number)d copies that have not left", sums.waiting)
        found.append(Action("cancel", label % {"number": sums.waiting}, _("This cannot be undone; what has left has left."), is_serious=True))
    if sums.failed:
        label = ngettext("Send the %(number)d failed copy again", "Send the %(number)d failed copies again", sums.failed)
        found.append(Action("retry", label % {"number": sums.failed}, _("Addresses that do not exist stay on the suppression list.")))
    if sums.in_doubt:
        found.append(Action("arrived", _("The copies in doubt arrived"), _("Look into the mail server's log before you answer.")))
        found.append(Action("lost", _("They did not: count them as failed"), _("After that they can be sent again; who got one gets a second.")))
    return found


def troubles(mailing: Mailing, sums: Balance) -> list[Delivery]:
    """Copies that failed or are in doubt, the latest first."""
    if not sums.failed + sums.in_doubt:
        return []
    found = mailing.deliveries.filter(state__in=(Delivery.State.FAILED, Delivery.State.IN_DOUBT)).defer("mime")
    return list(found.order_by("-settled_at", "-pk")[:MOST_TROUBLES])


ACTS: dict[str, Callable[[Mailing, Any], Any]] = {
    "pause": lambda mailing, user: control.pause(mailing, by=user),
    "resume": lambda mailing, user: control.resume(mailing, by=user),
    "cancel": lambda mailing, user: control.cancel(mailing, by=user),
    "retry": lambda mailing, user: ledger.retry_failed(mailing, by=user),
    "arrived": lambda mailing, user: control.resolve_doubts(mailing, sent=True, by=user),
    "lost": lambda mailing, user: control.resolve_doubts(mailing, sent=False, by=user),
}
