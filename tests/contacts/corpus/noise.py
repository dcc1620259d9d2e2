"""What happens to a word on its way into a register."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

# What lies beside a key on the keyboards in Finland.
BESIDE = {
    "a": "qwsz", "b": "vghn", "c": "xdfv", "d": "serfcx", "e": "wsdr", "f": "drtgvc", "g": "ftyhbv", "h": "gyujnb", "i": "ujko", "j": "huikmn",
    "k": "jiolm", "l": "kopö", "m": "njk", "n": "bhjm", "o": "iklp", "p": "olöå", "q": "wa", "r": "edft", "s": "awedxz", "t": "rfgy", "u": "yhji",
    "v": "cfgb", "w": "qase", "x": "zsdc", "y": "tghu", "z": "asx", "ä": "öåp", "ö": "läp", "å": "päö",
}  # fmt: skip
DIGITS = "0123456789"


def slip(word: str, dice: Random) -> str:
    """One: a letter left out, doubled, swapped with the next or mistyped. The first letter is mostly right."""
    if len(word) < 3:
        return word
    at = dice.randrange(0 if dice.random() < 0.08 else 1, len(word) - 1)
    letter = word[at].lower()
    match dice.choice(("leave", "double", "swap", "beside")):
        case "leave":
            return word[:at] + word[at + 1 :]
        case "double":
            return word[:at] + word[at] + word[at:]
        case "swap":
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        case _:
            other = dice.choice(DIGITS) if letter.isdigit() else dice.choice(BESIDE.get(letter, "e"))
            return word[:at] + (other.upper() if word[at].isupper() else other) + word[at + 1 :]


def folded(word: str) -> str:
    """Å, ä and ö without their marks, as in addresses and old systems."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", word) if not unicodedata.combining(sign))


def spelt_otherwise(word: str, dice: Random) -> str:
    """W for v, ks for x, th for t, k for c or q: names that sound the same."""
    pairs = [(one, other) for one, other in (("v", "w"), ("w", "v"), ("ks", "x"), ("x", "ks"), ("th", "t"), ("c", "k"), ("qv", "kv")) if one in word]
    return word.replace(*dice.choice(pairs), 1) if pairs else word


def phone_otherwise(number: str, dice: Random) -> str:
    """Of "+358401234567": as people write it."""
    own = f"0{number.removeprefix('+358')}"
    forms = (own, f"{own[:3]} {own[3:]}", f"{own[:3]}-{own[3:6]} {own[6:]}", f"+358 {own[1:3]} {own[3:]}", f"00358{own[1:]}")
    return dice.choice(forms)
