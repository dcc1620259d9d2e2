"""What people are held for: the usual purposes of a theme, and holding somebody for one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.utils import timezone

from base import copying
from base.bounds import everywhere
from base.languages import CODES
from contacts.models import HeldFor, Person, Purpose, ThemeBody

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from base.languages import Words
    from contacts.models import ContactImport, Organisation
    from themes.models import Theme


class Usual(NamedTuple):
    legal_basis: str
    name: Words


COOPERATION, NEWSLETTERS, EVENTS, SITE = "cooperation", "newsletters", "events", "site"
# Those that the product itself holds people for. A theme may rename them, and have others.
USUAL = {
    COOPERATION: Usual("public_task", {"fi": "Yhteistyö teemassa", "sv": "Samarbete inom temat", "en": "Cooperation in the theme"}),
    NEWSLETTERS: Usual("consent", {"fi": "Uutiskirjeet", "sv": "Nyhetsbrev", "en": "Newsletters"}),
    EVENTS: Usual("public_task", {"fi": "Tapahtumiin osallistuminen", "sv": "Deltagande i evenemang", "en": "Taking part in events"}),
    SITE: Usual("consent", {"fi": "Yhteyshenkilönä sivustolla", "sv": "Kontaktperson på webbplatsen", "en": "Contact person on the site"}),
}


def usual(theme: Theme, key: str) -> Purpose:
    """One of USUAL; made anew if the theme has deleted it."""
    with everywhere():
        found = Purpose.objects.filter(theme=theme, key=key).first()
        if found is None:
            names = {f"name_{code}": USUAL[key].name[code] for code in CODES}
            found, _made = Purpose.objects.get_or_create(theme=theme, key=key, defaults={"legal_basis": USUAL[key].legal_basis, **names})
    return found


def make_usual(theme: Theme) -> None:
    for key in USUAL:
        usual(theme, key)


def hold(people: Iterable[Person], purpose: Purpose, *, source: str, since: datetime | None = None, brought_by: ContactImport | None = None) -> None:
    """Who is held for it already stays so, since then and by that source. One statement."""
    facts = {"purpose": purpose, "source": source, "since": since or timezone.now(), "brought_by": brought_by}
    rows = [HeldFor(person=person, **facts) for person in people]
    HeldFor.objects.bulk_create(rows, ignore_conflicts=True)


def hold_new(people: Iterable[int], purpose: Purpose, *, source: str, brought_by: ContactImport) -> None:
    """By their numbers, people who were made this moment and are held for nothing yet."""
    now = timezone.now()
    names = ("person_id", "purpose_id", "source", "since", "brought_by_id")
    copying.copy(HeldFor, names, ((pk, purpose.pk, source, now, brought_by.pk) for pk in people))


def controllers_of(theme: Theme) -> dict[int, list[Organisation]]:
    """Who answers for each purpose, by its number. Two queries."""
    named = [body.organisation for body in ThemeBody.objects.filter(theme=theme, is_controller=True).select_related("organisation").order_by("pk")]
    found: dict[int, list[Organisation]] = dict.fromkeys(Purpose.objects.filter(theme=theme).values_list("pk", flat=True), named)
    ticked: dict[int, list[Organisation]] = {}
    for row in Purpose.controllers.through.objects.filter(purpose__theme=theme).select_related("themebody__organisation").order_by("themebody"):
        ticked.setdefault(row.purpose_id, []).append(row.themebody.organisation)
    return found | {pk: list(dict.fromkeys(bodies)) for pk, bodies in ticked.items()}
