"""Reports made for machines: delivery status (RFC 3464), abuse (RFC 5965), dispositions (RFC 8098), and Microsoft's own for abuse."""

from __future__ import annotations

import re
from email.parser import Parser
from email.policy import compat32
from typing import TYPE_CHECKING

from mail.inbound import parts, statuses
from mail.inbound.rows import MOST_ROWS, Row
from mail.inbound.statuses import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mail.inbound.parts import Mail

JMRP = "X-HmXmrOriginalRecipient"
# RFC 5965, 7.3. `not-spam` and reports on signatures (RFC 6591) accuse nobody.
COMPLAINTS = {"abuse", "fraud", "virus", "opt-out", "other"}
XTEXT = re.compile(r"\+([0-9A-F]{2})")


def read(mail: Mail) -> list[Row]:
    """The rows of the message's own report; none when it is no report."""
    found = list(parts.walk(mail))
    for kind, reader in (
        ("message/feedback-report", _complaints),
        ("message/delivery-status", _statuses),
        ("message/global-delivery-status", _statuses),
        ("message/disposition-notification", _dispositions),
        ("message/global-disposition-notification", _dispositions),
    ):
        for part in found:
            if part.get_content_type() == kind and (rows := reader(mail, parts.content(part))):
                return rows
    return _jmrp(mail, found)


def _statuses(mail: Mail, report: str) -> list[Row]:
    """One row a recipient. What stands before the first recipient is about the message."""
    groups = [_fields(block) for block in re.split(r"\n\s*\n", report.strip())]
    said = parts.text(mail)
    recipients = [group for group in groups if "Final-Recipient" in group or "Original-Recipient" in group or "Action" in group][:MOST_ROWS]
    return [_status_row(group, said if len(recipients) == 1 else "") for group in recipients]


def _fields(block: str) -> Mail:
    return Parser(policy=compat32).parsestr(block.lstrip("\n"), headersonly=True)


def _status_row(group: Mail, said: str) -> Row:
    address = _recipient(group)
    action = re.split(r"[\s(;]", parts.header(group, "Action").lower().strip() or "failed")[0]
    diagnostic = parts.header(group, "Diagnostic-Code")
    status = _status(parts.header(group, "Status"), diagnostic)
    if action in {"delivered", "relayed", "expanded"}:
        return Row(address, Kind.UNKNOWN, status, diagnostic=diagnostic)
    if action == "delayed":
        return Row(address, Kind.SOFT, status, diagnostic=diagnostic, is_delay=True)
    return Row(address, statuses.kind_of(status, diagnostic or _about(said)), status, diagnostic=diagnostic)


def _about(said: str) -> str:
    """Without the advice that mail systems give around what the server said."""
    return "\n".join(line for line in said.splitlines() if not line.startswith(("For further", "If you do so", "delete your")))


def _recipient(group: Mail) -> str:
    """The original recipient is whom we wrote to; the final one may be where that address leads (RFC 3464, 2.3.1)."""
    for name in ("Original-Recipient", "Final-Recipient"):
        _, _, written = parts.header(group, name).rpartition(";")
        if address := parts.address_in(XTEXT.sub(lambda found: chr(int(found[1], 16)), written) if name.startswith("Original") else written):
            return address
    return ""


def _status(field: str, diagnostic: str) -> str:
    """The refusing server's own code, when it gave an exact one; the reporter may have put any in its field."""
    own = [code for _, code in statuses.codes_in(diagnostic)]
    given = statuses.ENHANCED.search(field)
    exact = [code for code in own if not code.endswith(".0.0")]
    if exact:
        return exact[-1]
    return given[0] if given else (own[-1] if own else "")


def _complaints(mail: Mail, report: str) -> list[Row]:
    group = _fields(report.strip())
    kind = Kind.COMPLAINT if parts.header(group, "Feedback-Type").lower() in COMPLAINTS else Kind.UNKNOWN
    named = [parts.address_in(value) for value in parts.headers(group, "Original-Rcpt-To", "Removal-Recipient")]
    return [Row(address, kind) for address in _unique(named) or [_addressee(mail)]]


def _addressee(mail: Mail) -> str:
    """Whom the mail that is complained of was sent to."""
    for part in parts.walk(mail):
        returned = _returned(part)
        if returned is not None:
            return parts.address_in(parts.header(returned, "To"))
    return ""


def _returned(part: Mail) -> Mail | None:
    if part.get_content_type() in {"message/rfc822", "message/global"}:
        return next(iter(parts.children(part)), None)
    if part.get_content_type() in {"text/rfc822-headers", "message/global-headers"}:
        return _fields(parts.content(part))
    return None


def _dispositions(mail: Mail, report: str) -> list[Row]:
    """Read or deleted: either way the mailbox is there."""
    address = _recipient(_fields(report.strip())) or parts.address_in(parts.header(mail, "From"))
    return [Row(address, Kind.AUTO_REPLY)]


def _jmrp(mail: Mail, found: list[Mail]) -> list[Row]:
    """Microsoft's Junk Mail Reporting Program returns the mail itself, with the reader's address in a header of its own."""
    bearers = [mail, *(returned for part in found if (returned := _returned(part)) is not None)]
    named = _unique(parts.address_in(value) for bearer in bearers for value in parts.headers(bearer, JMRP))
    return [Row(address, Kind.COMPLAINT) for address in named]


def _unique(addresses: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(address for address in addresses if address))[:MOST_ROWS]
