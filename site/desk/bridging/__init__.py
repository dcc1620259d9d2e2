"""The screens of what themes share (`contacts.bridges`), and who may do what: editors offer, take and end; coordinators look on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from base.bounds import everywhere
from base.remembered import remember
from contacts.bridges import sections_of
from contacts.models import Bridge
from themes.models import Theme
from themes.teams import works_in

if TYPE_CHECKING:
    from base.models import User

VIEW, ADD, CHANGE = (f"contacts.{action}_bridge" for action in ("view", "add", "change"))


def may_look(user: Any) -> bool:
    """Where there is one theme alone, there is nothing to share."""
    return bool(user.has_perm(VIEW)) and remember("several themes", lambda: Theme.objects.count() > 1)


def may_offer(user: Any, page: Any) -> bool:
    """Whoever may publish the page."""
    if not (getattr(page, "can_be_shared", False) and page.live and user.has_perm(ADD)):
        return False
    return bool(page.permissions_for_user(user).can_publish())


def may_answer(user: Any, bridge: Bridge) -> bool:
    return bridge.state == Bridge.State.OFFERED and user.has_perm(CHANGE) and works_in(user, bridge.theme_id)


def may_end(user: Any, bridge: Bridge) -> bool:
    """Either side. An offer that waits is declined by the one who may answer it."""
    sides = (bridge.theme_id, bridge.outreach.theme_id) if bridge.state == Bridge.State.ACCEPTED else (bridge.outreach.theme_id,)
    return bridge.is_open and user.has_perm(CHANGE) and any(works_in(user, side) for side in sides)


def sections_for(user: User, bridge: Bridge) -> list[Any]:
    """Those of the receiving theme that the user may publish in, each by its name in their language."""
    with everywhere():
        return [section for section in sections_of(bridge.theme, user.language) if section.permissions_for_user(user).can_publish_subpage()]
