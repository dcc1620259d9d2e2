"""Mails of the turns of a bridge, each in its reader's language.

An offer goes to the receiving theme's team, an answer to whoever offered, the end to both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from base.roles import Role
from base.trash.actions import register_consequence
from contacts.bridges import ending_with, turned
from contacts.models import Bridge
from desk.approval.notices import name_of, write
from themes.teams import people_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from base.models import User

TOLD = {Role.COORDINATORS.value, Role.COMMUNICATIONS.value}
WANTS = {
    Bridge.State.OFFERED: "submitted",
    Bridge.State.ACCEPTED: "approved",
    Bridge.State.DECLINED: "rejected",
    Bridge.State.ENDED: "rejected",
}


def tell(bridge: Bridge, by: User | None, **_what: object) -> None:
    state = Bridge.State(bridge.state)
    for person in _readers(bridge, by):
        with translation.override(person.language):
            words = {"title": bridge.outreach.title, "name": name_of(by), "home": bridge.outreach.theme.name, "theme": bridge.theme.name}
            subject, sentence = _said(state, is_by_itself=by is None)
            comment = bridge.message if state == Bridge.State.OFFERED else bridge.answer
            write(
                person,
                wants=WANTS[state],
                key=f"desk.bridge:{bridge.pk}:{state.value}:{person.pk}",
                subject=subject % words,
                paragraphs=[sentence % words, *([_("The comment: %(comment)s") % {"comment": comment}] if comment else [])],
                button=(_("See what themes share"), settings.BASE_URL + reverse("bridging:list")),
            )


def _readers(bridge: Bridge, by: User | None) -> Iterable[User]:
    if bridge.state == Bridge.State.OFFERED:
        return [person for person in people_of(bridge.theme, TOLD).select_related("wagtail_userprofile") if person != by]
    sides = (bridge.offered_by, bridge.answered_by) if bridge.state == Bridge.State.ENDED else (bridge.offered_by,)
    return {person for person in sides if person and person != by}


def _said(state: Bridge.State, *, is_by_itself: bool) -> tuple[str, str]:
    if state == Bridge.State.OFFERED:
        offered = _(
            "%(name)s offers “%(title)s” of the theme %(home)s to be shown in the theme %(theme)s too. Choose its section and goals, or decline."
        )
        return _("Offered to your theme: %(title)s"), offered
    if state == Bridge.State.ACCEPTED:
        return _("Taken by another theme: %(title)s"), _("%(name)s took “%(title)s”. It is shown in the theme %(theme)s now.")
    if state == Bridge.State.DECLINED:
        return _("Declined by another theme: %(title)s"), _("%(name)s declined “%(title)s” for the theme %(theme)s.")
    by_somebody = _("%(name)s ended the sharing of “%(title)s” between the themes %(home)s and %(theme)s.")
    by_itself = _("“%(title)s”, or the section of the theme %(theme)s that showed it, is not published any more, so it is not shared.")
    return _("Not shared any more: %(title)s"), by_itself if is_by_itself else by_somebody


def tell_before(page: Any) -> Iterator[str]:
    """To whoever is about to delete the page, or the section that shows others'."""
    for bridge in ending_with(page):
        words = {"title": bridge.outreach.title, "home": bridge.outreach.theme.name, "theme": bridge.theme.name}
        yield _("The themes %(home)s and %(theme)s share “%(title)s”. That ends, and those who agreed on it are told.") % words


def connect() -> None:
    register_consequence(tell_before)
    turned.connect(tell, sender=Bridge, dispatch_uid="desk.bridging.tell")
