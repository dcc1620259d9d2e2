"""A subscription's consents as the staff read them. What is stored is never touched: only ways that we wrote ourselves are said in other words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import Consent
from newsletters import tracking

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
