"""What each measure counts, and from where, for whoever reads its figure in a report and not on the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from themes.measures import Measure

TOUCHES, TALLIES, BOTH = (
    _("Kantama's contact ledger (touches)"),
    _("Kantama's counts without names (tallies)"),
    _("Kantama's contact ledger and its counts without names"),
)
# key -> what is counted, and where that is written down
DEFINITIONS: dict[str, tuple[_StrPromise, _StrPromise]] = {
    "contacts_reached": (_("Different contacts of the register whom an act of the goal reached; each counts once, on the first day."), TOUCHES),
    "meetings": (_("Different contacts who were met or called for the goal; each counts once, on the first day."), TOUCHES),
    "mail_deliveries": (_("Copies of newsletter issues that were delivered; a subscriber who gets three issues counts three times."), TOUCHES),
    "mail_clicks": (_("Clicks of people on links in newsletter issues; those of mail filters and scanners are left out."), TOUCHES),
    "new_subscribers": (
        _("Different contacts who subscribed to a newsletter, each on the first day; also those who have left since."),
        TOUCHES,
    ),
    "registrations": (_("Registrations to events; somebody who registers for two counts twice."), TOUCHES),
    "attendance": (_("Those who came to events, with a name or counted without; somebody who comes to two counts twice."), BOTH),
    "page_views": (_("Times that a page was read, without cookies and without bots; one reader may count several times."), TALLIES),
    "downloads": (_("Times that a file of a page was downloaded, without bots."), TALLIES),
}


def definition_of(measure: Measure) -> str:
    found = DEFINITIONS.get(measure.key)
    said = getattr(measure, "definition", "") or (found[0] if found else "")
    return str(said) or _now("No definition has been written for this measure.")


def source_of(measure: Measure) -> str:
    found = DEFINITIONS.get(measure.key)
    return str(found[1] if found else getattr(measure, "source", "") or _now("Not known"))
