"""What a page's script tells of a reader, judged and written down. No query: all that is asked is known to the process.

Nothing that comes is believed further than it can be: the time is ours, the page must be there, names are bounded and cleaned, and whoever sends
it learns nothing of what was made of it.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from base.public_forms import network_of
from reach import buffer, lines, windows
from reach.believing import day_hash, of_beacon, of_navigation
from reach.lines import Line
from reach.places import place_of
from reach.salts import keyed_hash
from reach.sources import campaign_named, host_named, source_of, term_sought
from reach.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from base.machines import Environ
    from reach.places import Place

log = logging.getLogger(__name__)
MOST_BYTES, MOST_FIELDS = 4096, 12
LONGEST_STAY = 1800
KINDS = {"": lines.VIEW, "read": lines.READ, "out": lines.OUT, "sought": lines.SOUGHT}


def hear(environ: Environ, body: bytes | None) -> None:
    """`body` is None where it was too large to be read."""
    told = _fields(body) if body is not None else None
    verdict = of_beacon(environ)
    if verdict == Verdict.PERSON and told is None:
        verdict = Verdict.TOO_LARGE if body is None else Verdict.MALFORMED
    if verdict != Verdict.PERSON or told is None:
        drop(verdict)
        return
    _hear(environ, told, KINDS[told.get("kind", "")])


def hear_page(environ: Environ, number: int) -> None:
    """Without the script: the page itself was asked for."""
    verdict = of_navigation(environ)
    if verdict != Verdict.PERSON:
        drop(verdict)
        return
    asked = dict(parse_qsl(environ.get("QUERY_STRING", "")[:MOST_BYTES]))
    named = {name.removeprefix("utm_"): value for name, value in asked.items()}
    _hear(environ, {"page": str(number), "ref": urlsplit(environ.get("HTTP_REFERER", "")[:MOST_BYTES]).netloc} | named, lines.VIEW)


def drop(verdict: Verdict) -> None:
    buffer.append(Line(int(time.time()), lines.DROPPED, verdict.value).encoded())


def _fields(body: bytes) -> dict[str, str] | None:
    try:
        told = dict(parse_qsl(body.decode(), max_num_fields=MOST_FIELDS))
    except ValueError:
        return None
    numbers = (told.get("page", ""), told.get("depth", "0"), told.get("seconds", "0"))
    is_whole = told.get("kind", "") in KINDS and all(part.isdecimal() and part.isascii() and len(part) < 10 for part in numbers)
    return told if is_whole else None


def _hear(environ: Environ, told: Mapping[str, str], kind: str) -> None:
    number = int(told["page"])
    place = place_of(number)
    if place is None:
        drop(Verdict.UNKNOWN_PAGE)
        return
    network = network_of(environ)
    reader = day_hash(environ, network, place.theme)
    if kind == lines.VIEW and not _is_believed(keyed_hash("network", network), number, reader):
        return
    line = _line(environ, told, kind, number, place, reader)
    if line and not buffer.append(line.encoded()):
        log.error("The buffer of readers is full: nothing has been rolled up for long.")


def _is_believed(network: bytes, number: int, reader: bytes) -> bool:
    burst = windows.bursts.look(network, number, reader)
    if burst is not None:
        now = int(time.time())
        for one in burst.readers:
            buffer.append(Line(now, lines.REVOKED, Verdict.BURST.value, reader=one.hex()).encoded())
        drop(Verdict.BURST)
        return False
    if windows.hourly.is_over(keyed_hash("view", network.hex(), str(number))):
        drop(Verdict.TOO_OFTEN)
        return False
    return True


def _line(environ: Environ, told: Mapping[str, str], kind: str, number: int, place: Place, reader: bytes) -> Line | None:
    line = Line(int(time.time()), kind, page=number, reader=reader.hex(), language=place.language)
    if kind == lines.READ:
        depth = min(int(told.get("depth", "0")), 100) // 25 * 25
        return line._replace(depth=depth, seconds=min(int(told.get("seconds", "0")), LONGEST_STAY))
    if kind in (lines.OUT, lines.SOUGHT):
        words = host_named(told.get("host", "")) if kind == lines.OUT else term_sought(told.get("term", ""))
        return line._replace(words=words) if words else None
    source = source_of(told.get("ref", ""), told.get("medium", ""), environ.get("HTTP_HOST", ""))
    return line._replace(source=source.value, campaign=campaign_named(told.get("campaign", "")))
