"""What a message that came in says, one row for each address."""

from __future__ import annotations

from dataclasses import dataclass

from mail.inbound.statuses import Kind

# Of one message. A copy has one recipient; who sends us a notice of thousands means no good.
MOST_ROWS = 50


@dataclass(frozen=True)
class Row:
    """`status` is the refusing server's own code (RFC 3463), empty where it gave none. `diagnostic` are its words, address and all.

    `is_delay`: the server still tries. `delivery` is the number of our copy, when the notice proves by a signature which it is about.
    """

    address: str
    kind: Kind
    status: str = ""
    diagnostic: str = ""
    is_delay: bool = False
    delivery: int | None = None
