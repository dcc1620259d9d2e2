"""A line of the buffer: all that is ever written down of one request, and nothing of whoever made it but a hash that ends with the day."""

from __future__ import annotations

import re
from typing import NamedTuple, Self
from urllib.parse import quote, unquote

from reach.verdicts import Verdict

VIEW, READ, OUT, SOUGHT, REVOKED, DROPPED = "v", "r", "o", "s", "x", "d"
KINDS = frozenset({VIEW, READ, OUT, SOUGHT, REVOKED, DROPPED})
HASH = re.compile(r"([0-9a-f]{16})?", re.ASCII)
FIELDS = 10
LONGEST = 1024


class Line(NamedTuple):
    """`at` is the server's clock, in seconds since 1970. `words` is where an outbound link led, or what was sought in vain.

    A `REVOKED` line takes back what its day-hash was believed in the seconds before: it was a burst.
    """

    at: int
    kind: str
    verdict: str = Verdict.PERSON.value
    page: int = 0
    reader: str = ""
    language: str = ""
    source: str = ""
    campaign: str = ""
    depth: int = 0
    seconds: int = 0
    words: str = ""

    def encoded(self) -> bytes:
        of_page = (str(self.page), self.reader, self.language, self.source, self.campaign, str(self.depth), str(self.seconds))
        return ("\t".join((str(self.at), self.kind, self.verdict, *of_page, quote(self.words))) + "\n").encode()

    @classmethod
    def read(cls, raw: bytes) -> Self | None:
        """None for what is no line, such as one that a full disk has cut."""
        parts = raw.rstrip(b"\n").decode("utf-8", "replace").split("\t") if len(raw) <= LONGEST else []
        if len(parts) != FIELDS + 1 or parts[1] not in KINDS or not HASH.fullmatch(parts[4]) or parts[2] not in VERDICTS:
            return None
        try:
            at, page, depth, seconds = int(parts[0]), int(parts[3]), int(parts[8]), int(parts[9])
        except ValueError:
            return None
        reader, language, source, campaign = parts[4:8]
        return cls(at, parts[1], parts[2], page, reader, language, source, campaign, depth, seconds, unquote(parts[10]))


VERDICTS = frozenset(Verdict.values)
