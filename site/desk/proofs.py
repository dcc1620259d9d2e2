"""What a touch stands on, in words. Its cause is the key of the row that it came from."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

WORDS = {
    "mail.delivery": _("Copy %(number)s in the delivery ledger"),
    "mail.click": _("Link followed in copy %(number)s"),
    "newsletters.subscription": _("Confirmed subscription %(number)s"),
    "events.registration": _("Registration %(number)s"),
    "contacts.outreach": _("Logged by hand"),
}


def in_words(cause: str) -> str:
    """The cause itself where nobody has given it words."""
    name, _colon, rest = cause.partition(":")
    return str(WORDS[name]) % {"number": rest.partition(":")[0]} if name in WORDS else cause
