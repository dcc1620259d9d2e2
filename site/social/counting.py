"""How long a text is to each network, and how a longer one becomes a thread.

X: twitter-text's configuration v3 (weights of ranges, an address is 23, an emoji 2 however many code points it has). Mastodon: characters as
people see
them, an address is 23, or what the server says. Bluesky: at most 300 such characters and 3,000 bytes. LinkedIn: 3,000 UTF-16 units.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MOST_PARTS = 10
ADDRESS = re.compile(r"https?://[^\s<>\"]+")
# X makes a link of a bare name too. Of the endings, those that Finnish and European texts have.
BARE = re.compile(
    r"(?<![\w@./-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:fi|eu|com|org|net|info|se|ax|ee|no|dk|io|app|gov|edu)(?:/[^\s<>\"]*)?\b", re.IGNORECASE
)
LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
MODIFIERS = range(0x1F3FB, 0x1F400)
FLAGS = range(0x1F1E6, 0x1F200)
TAGS = range(0xE0020, 0xE0080)
ZWJ, AS_EMOJI, KEYCAP = "\u200d", "\ufe0f", "\u20e3"
EMOJI = re.compile(r"[\u231a-\u23ff\u25aa-\u25fe\u2600-\u27bf\u2934\u2935\u2b05-\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]")
SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n{2,}")


@dataclass(frozen=True)
class Rules:
    """Of a network, or of a server of it. `most_bytes` is 0 where bytes do not count."""

    network: str
    most: int
    address: int = 0
    most_bytes: int = 0
    has_threads: bool = True


RULES = {
    "x": Rules("x", 280, address=23),
    "mastodon": Rules("mastodon", 500, address=23),
    "bluesky": Rules("bluesky", 300, most_bytes=3_000),
    "linkedin": Rules("linkedin", 3_000, has_threads=False),
}


def rules_of(network: str, limits: Mapping[str, int] | None = None) -> Rules:
    """`limits` are what the account's server has said."""
    rules, told = RULES[network], limits or {}
    if network != "mastodon":
        return rules
    return Rules(network, told.get("characters", rules.most), address=told.get("address", rules.address))


def graphemes(text: str) -> Iterator[str]:
    """Characters as people see them (UAX #29, as far as posts need it): marks, joined emoji, skin tones, flags and keycaps belong to what
    they stand on.
    """
    cluster = ""
    for sign in unicodedata.normalize("NFC", text):
        if cluster and _continues(cluster, sign):
            cluster += sign
            continue
        if cluster:
            yield cluster
        cluster = sign
    if cluster:
        yield cluster


def _continues(cluster: str, sign: str) -> bool:
    number = ord(sign)
    if sign in (ZWJ, AS_EMOJI, KEYCAP) or number in MODIFIERS or number in TAGS or unicodedata.category(sign) in ("Mn", "Me", "Mc"):
        return cluster not in "\r\n"
    if cluster.endswith(ZWJ):
        return bool(EMOJI.match(sign)) or number >= 0x2190
    if number in FLAGS:
        return len(cluster) == 1 and ord(cluster) in FLAGS
    return cluster == "\r" and sign == "\n"


def length(rules: Rules, text: str) -> int:
    """As the network counts it."""
    if not rules.address:
        return _own_length(rules, text)
    found, at = 0, 0
    for match in sorted([*ADDRESS.finditer(text), *(BARE.finditer(text) if rules.network == "x" else ())], key=lambda one: one.start()):
        if match.start() >= at:
            found += _own_length(rules, text[at : match.start()]) + rules.address
            at = match.end()
    return found + _own_length(rules, text[at:])


def _own_length(rules: Rules, text: str) -> int:
    if rules.network == "linkedin":
        return len(text.encode("utf-16-le")) // 2
    if rules.network == "x":
        return sum(_weight(cluster) for cluster in graphemes(text)) // 100
    return sum(1 for _cluster in graphemes(text))


def _weight(cluster: str) -> int:
    if EMOJI.match(cluster) or cluster.endswith(KEYCAP) or (len(cluster) > 1 and AS_EMOJI in cluster):
        return 200
    return sum(100 if any(first <= ord(sign) <= last for first, last in LIGHT) else 200 for sign in cluster)


def fits(rules: Rules, text: str) -> bool:
    return length(rules, text) <= rules.most and (not rules.most_bytes or len(text.encode()) <= rules.most_bytes)


# What a link of ours looks like; addresses of every installation are shorter than this where the network counts their letters.
def place_of_link() -> str:
    return f" {settings.BASE_URL}/s/{'x' * 11}"


def parts(rules: Rules, text: str, *, has_link: bool) -> list[str]:
    """Raises ValidationError where it fits by no means."""
    text = text.strip()
    link = place_of_link() if has_link else ""
    if fits(rules, text + link):
        return [text]
    if not rules.has_threads:
        over = length(rules, text + link) - rules.most
        raise ValidationError(_("The network takes at most %(most)d characters: %(over)d too many.") % {"most": rules.most, "over": over})
    found: list[str] = []
    now = ""
    for piece in _pieces(rules, text):
        longer = f"{now} {piece}".strip()
        if now and not fits(rules, longer + _room(found, link)):
            found.append(now)
            longer = piece
        now = longer
        if not fits(rules, now + _room(found, link)):
            raise ValidationError(_("A word is longer than the network takes."))
    found.append(now)
    if len(found) > MOST_PARTS:
        raise ValidationError(
            _("The thread would have %(number)d posts: shorten the text to at most %(most)d.") % {"number": len(found), "most": MOST_PARTS}
        )
    return [f"{part} ({number}/{len(found)})" for number, part in enumerate(found, 1)]


def _room(before: list[str], link: str) -> str:
    """What comes behind a part: its number, and the link behind the first."""
    return " (10/10)" + ("" if before else link)


def _pieces(rules: Rules, text: str) -> Iterator[str]:
    """Sentences; of one that no post holds, its words."""
    for sentence in SENTENCE.split(text):
        if fits(rules, sentence + " (10/10)" + place_of_link()):
            yield sentence
        else:
            yield from sentence.split()


def price(network: str, texts: list[str], *, has_link: bool) -> Decimal:
    """US dollars for what X asks for each post; nothing elsewhere."""
    if network != "x":
        return Decimal(0)
    plain, linked = settings.SOCIAL_X_PRICE, settings.SOCIAL_X_PRICE_WITH_LINK
    dear = [bool(ADDRESS.search(text) or BARE.search(text)) or (has_link and number == 0) for number, text in enumerate(texts)]
    found: Any = sum((linked if is_dear else plain for is_dear in dear), Decimal(0))
    return Decimal(found)
