"""The register: `organisations`, `people`, `networks`, `work` (who does what, service needs), `ties`, `positions` (in the
network), `notes`, `tags`.

`parts` in themes and projects, what was agreed to (`consent`), the ledger of outreach (`outreach`), messages to a selection (`letters`), conditions
kept under a name (`segments`), what people are held for (`purposes`)
and how long (`retention`), and what themes share (`bridge`).
"""

from contacts.models.address_changes import AddressChange
from contacts.models.bridge import Bridge
from contacts.models.consent import Consent
from contacts.models.filled import Filled
from contacts.models.imports import ContactImport
from contacts.models.letters import Letter, LetterCopy
from contacts.models.merges import Merge, Pair
from contacts.models.networks import Membership, Network
from contacts.models.notes import Note
from contacts.models.organisations import Organisation
from contacts.models.outreach import Outreach, Tally, Touch
from contacts.models.parts import PracticeContact, ProjectParty, ThemeBody
from contacts.models.people import ContactPoint, Person, Role
from contacts.models.positions import NetworkPosition, NetworkSnapshot
from contacts.models.privacy import Notice
from contacts.models.purposes import HeldFor, Purpose
from contacts.models.retention import Keep
from contacts.models.segments import Segment
from contacts.models.tags import Tag
from contacts.models.ties import Tie
from contacts.models.work import NeedTurn, ServiceNeed, WorkArea

__all__ = [
    "AddressChange",
    "Bridge",
    "Consent",
    "ContactImport",
    "ContactPoint",
    "Filled",
    "HeldFor",
    "Keep",
    "Letter",
    "LetterCopy",
    "Membership",
    "Merge",
    "NeedTurn",
    "Network",
    "NetworkPosition",
    "NetworkSnapshot",
    "Note",
    "Notice",
    "Organisation",
    "Outreach",
    "Pair",
    "Person",
    "PracticeContact",
    "ProjectParty",
    "Purpose",
    "Role",
    "Segment",
    "ServiceNeed",
    "Tag",
    "Tally",
    "ThemeBody",
    "Tie",
    "Touch",
    "WorkArea",
]
