"""The register (`register`), what was agreed to (`consent`), and the ledger of outreach (`outreach`)."""

from contacts.models.consent import Consent
from contacts.models.outreach import Outreach, Tally, Touch
from contacts.models.register import Organisation, Person, PracticeContact, ProjectParty, Role, ThemeBody

__all__ = [
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
