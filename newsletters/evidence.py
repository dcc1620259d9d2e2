"""A subscription's consents as the staff read them. What is stored is never touched: only ways that we wrote ourselves are said in other words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import Consent
from newsletters import tracking
from newsletters.models import Newsletter

if TYPE_CHECKING:
    from newsletters.models import Subscription

# As they are stored, and as they are told.
WAYS = {
    "double opt-in: link in the mail, button on the page": gettext_lazy("double opt-in: link in the mail, button on the page"),
    "link in the mail, button on the page": gettext_lazy("link in the mail, button on the page"),
    "one-click of the mail program (RFC 8058)": gettext_lazy("one-click of the mail program (RFC 8058)"),
    "preference centre by signed link": gettext_lazy("preference centre by signed link"),
    "complaint": gettext_lazy("complaint"),
    "mail to the address of List-Unsubscribe (RFC 2369)": gettext_lazy("mail to the address of List-Unsubscribe (RFC 2369)"),
    "merged with a contact that had left": gettext_lazy("merged with a contact that had left"),
}


@dataclass(frozen=True)
class Evidence:
    """`purpose` is in words; so are `given` and `withdrawn`, the ways."""

    purpose: str
    consent: Consent
    given: str
    withdrawn: str


def evidence_of(subscription: Subscription) -> list[Evidence]:
    """The person's consents to this newsletter, and to counting opens; the newest first."""
    newsletter = subscription.newsletter
    purposes = {newsletter.purpose: newsletter.name, tracking.purpose_in(newsletter.theme): _("Counting of opens")}
    found = Consent.objects.filter(person=subscription.person_id, purpose__in=purposes).order_by("-given_at", "-pk")
    return [Evidence(purposes[row.purpose], row, _in_words(row.given_how), _in_words(row.withdrawn_how)) for row in found]


def _in_words(how: str) -> str:
    return str(WAYS.get(how, how))


def words_of_purposes(keys: set[str]) -> dict[str, str]:
    """For `contacts.privacy.words`: what a subscriber's source and purpose are, in words. A newsletter that is gone stays a key."""
    found = {key: _("Counting of opens") for key in keys if key.startswith("newsletters.opens:")}
    places = {tuple(key.split(":")[1:]): key for key in keys if key.startswith("newsletters.newsletter:") and key.count(":") == 2}
    if places:
        letters = Newsletter.objects.filter(theme__key__in={theme for theme, _key in places}, key__in={key for _theme, key in places})
        named = {letter.purpose: letter.name for letter in letters.select_related("theme")}
        found |= {key: _("Newsletter %(name)s") % {"name": named[key]} for key in places.values() if key in named}
    return found
