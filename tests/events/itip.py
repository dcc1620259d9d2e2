"""A checker of invitations: takes the mails to one registrant as they stood in the outbox, and says which rule of iTIP (RFC 5546) and iMIP (RFC 6047)
each breaks. It knows nothing of how the product makes them.

The numbers are those of `standards` in docs/calendars.md. What it proves: that the bytes keep the rules. What it does not: that a version of Outlook,
Google or Apple does with them what it should.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any

import icalendar
from email_validator import EmailNotValidError, validate_email

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from email.message import EmailMessage

FACTS = ("DTSTART", "DTEND", "LOCATION")
LINK = re.compile(r"https?://[^\s\"<>,;\\]+")
# Nobody reads an answer that goes there.
DEAF = re.compile(r"no.?reply|donotreply|ei.?vastata", re.IGNORECASE)
# These tell of a seat that is taken; no other mail may invite.
INVITING = ("events.invitation:", "events.update:")


@dataclass
class Calendar:
    """What a program remembers of the event."""

    uid: str = ""
    organizer: str = ""
    sequence: int = -1
    is_there: bool = False
    facts: tuple[str, ...] = ()
    stamp: Any = None


@dataclass
class Checker:
    found: list[str] = field(default_factory=list)
    seen: Calendar = field(default_factory=Calendar)

    def say(self, rule: int, what: str) -> None:
        self.found.append(f"{rule}: {what}")

    def read(self, key: str, raw: bytes) -> None:
        mail = message_from_bytes(raw, policy=policy.default)
        parts = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
        if len(parts) > 1:
            self.say(1, f"{len(parts)} calendars in one mail")
        for part in parts[:1]:
            self.check_part(key, mail, part)

    def check_part(self, key: str, mail: EmailMessage, part: EmailMessage) -> None:
        content = part.get_payload(decode=True)
        calendar = icalendar.Calendar.from_ical(content)
        method, entries = str(calendar.get("METHOD", "")), calendar.walk("VEVENT")
        if part.get_param("method") != method:
            self.say(2, f"the part says {part.get_param('method')}, the body {method}")
        if str(part.get_content_charset()).lower() != "utf-8":
            self.say(2, f"charset {part.get_content_charset()}")
        if len(entries) != 1:
            self.say(1, f"{len(entries)} events")
            return
        if "X-WR-CALNAME" in calendar:
            self.say(7, "X-WR-CALNAME")
        self.check_links(mail, content)
        self.check_zones(calendar)
        self.check_people(mail, entries[0])
        self.check_turn(key, method, entries[0])

    def check_links(self, mail: EmailMessage, content: bytes) -> None:
        """A link of the mail whose last parts look signed is personal; none of those is in the calendar."""
        body = mail.get_body(("plain",))
        unfolded = re.sub(r"\r?\n[ \t]", "", content.decode()).replace("\\", "")
        personal = [link for link in LINK.findall(body.get_content() if body else "") if re.search(r"/[\w-]+\.[\w-]{20,}", link)]
        if any(link in unfolded for link in personal) or "/registration/" in unfolded:
            self.say(8, "a personal link")

    def check_zones(self, calendar: icalendar.Calendar) -> None:
        described = {str(zone["TZID"]): zone for zone in calendar.walk("VTIMEZONE")}
        for entry in calendar.walk("VEVENT"):
            for name in ("DTSTART", "DTEND"):
                if str(entry[name].params.get("TZID", "")) not in described:
                    self.say(10, f"{name} names no zone that is described")
        for zone in described.values():
            if any("RDATE" in part for part in zone.subcomponents) or (
                len(zone.subcomponents) > 1 and not all("RRULE" in part for part in zone.subcomponents)
            ):
                self.say(10, "a zone without rules")

    def check_people(self, mail: EmailMessage, entry: icalendar.Event) -> None:
        attendees = entry.get("ATTENDEE", [])
        attendees = attendees if isinstance(attendees, list) else [attendees]
        to = parseaddr(str(mail["To"]))[1].lower()
        if [str(one).lower() for one in attendees] != [f"mailto:{to}"]:
            self.say(1, f"{len(attendees)} attendees, or not the one whom the mail is to")
        organizer = str(entry.get("ORGANIZER", ""))
        try:
            validate_email(organizer.removeprefix("mailto:"), check_deliverability=False, test_environment=True)
        except EmailNotValidError:
            self.say(5, f"ORGANIZER is no mailbox: {organizer}")
        if DEAF.search(organizer):
            self.say(5, "nobody reads what ORGANIZER is sent")
        if self.seen.organizer and organizer != self.seen.organizer:
            self.say(5, "another ORGANIZER than before")
        self.seen.organizer = organizer

    def check_turn(self, key: str, method: str, entry: icalendar.Event) -> None:
        uid, sequence, facts = str(entry["UID"]), int(entry.get("SEQUENCE", 0)), tuple(_facts(entry))
        if self.seen.uid and uid != self.seen.uid:
            self.say(3, "another UID than before")
        if self.seen.stamp and entry.decoded("DTSTAMP") < self.seen.stamp:
            self.say(3, "DTSTAMP goes back")
        if method == "REQUEST":
            self.check_request(key, sequence, facts, str(entry.get("STATUS", "")))
        elif method == "CANCEL":
            self.check_cancel(sequence, str(entry.get("STATUS", "")))
        else:
            self.say(2, f"METHOD:{method} goes to nobody by mail")
        self.seen.uid, self.seen.sequence, self.seen.facts, self.seen.stamp = uid, sequence, facts, entry.decoded("DTSTAMP")
        self.seen.is_there = method == "REQUEST"

    def check_request(self, key: str, sequence: int, facts: tuple[str, ...], status: str) -> None:
        if not key.startswith(INVITING):
            self.say(9, f"{key.partition(':')[0]} invites")
        if status == "CANCELLED":
            self.say(3, "a REQUEST cannot cancel")
        if self.seen.is_there and facts == self.seen.facts:
            self.say(4, "a REQUEST although neither time nor place changed")
        if self.seen.is_there and facts != self.seen.facts and sequence <= self.seen.sequence:
            self.say(4, "time or place changed, and SEQUENCE did not rise")
        if not self.seen.is_there and self.seen.uid and sequence <= self.seen.sequence:
            self.say(4, "invited again below the SEQUENCE of the CANCEL: programs ignore it")

    def check_cancel(self, sequence: int, status: str) -> None:
        if not self.seen.is_there:
            self.say(6, "a CANCEL without a REQUEST before it")
        if sequence <= self.seen.sequence:
            self.say(3, "a CANCEL whose SEQUENCE is not higher")
        if status != "CANCELLED":
            self.say(3, f"a CANCEL with STATUS:{status}")


def _facts(entry: icalendar.Event) -> Iterator[str]:
    """Time and place; where one takes part online, that is the link."""
    for name in FACTS:
        yield entry[name].to_ical().decode() if name in entry else ""
    yield " ".join(sorted(LINK.findall(str(entry.get("DESCRIPTION", "")))))


def broken(mails: Iterable[tuple[str, bytes]]) -> list[str]:
    """The rules that a sequence of mails to one person breaks, each with what breaks it. `mails` are (key in the outbox, bytes)."""
    checker = Checker()
    for key, raw in mails:
        checker.read(key, raw)
    return checker.found
