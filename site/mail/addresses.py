"""What an address must look like before it may stand in a header or an SMTP command."""

from __future__ import annotations

import re
from functools import lru_cache

# A dot-atom and a domain (RFC 5322, 3.4.1), without quoted local parts: nothing in it can end a line or a command.
WIRE = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


class BadAddress(ValueError):
    """An address that no server could take from us."""


def on_the_wire(address: str) -> str:
    """The address in ASCII, its domain by IDNA. Raises BadAddress."""
    try:
        written = ascii_domain(address.strip())
    except UnicodeError:
        written = ""
    if not WIRE.fullmatch(written) or len(written) > 254:
        raise BadAddress("The address cannot be written in a mail.")
    return written


def ascii_domain(address: str) -> str:
    """The address with its domain by IDNA, as headers and commands have it. Raises UnicodeError for what is no domain."""
    local, at, domain = address.rpartition("@")
    return f"{local}{at}{_ascii(domain)}"


@lru_cache(maxsize=4096)
def _ascii(domain: str) -> str:
    return domain.encode("idna").decode("ascii")
