"""The register (`register`), what was agreed to (`consent`), the ledger of outreach (`outreach`), and what themes share (`bridge`)."""

from contacts.models.bridge import Bridge
from contacts.models.consent import Consent
from contacts.models.outreach import Outreach, Tally, Touch
from contacts.models.register import Organisation, Person, PracticeContact, ProjectParty, Role, ThemeBody

__all__ = [
    "Bridge",
    "Consent",
    "Organisation",
    "Outreach",
    "Person",
    "PracticeContact",
    "ProjectParty",
    "Role",
    "Tally",
    "ThemeBody",
    "Touch",
]
