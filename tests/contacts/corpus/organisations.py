"""Organisations, some of them twice, and some that only sound alike."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from random import Random

from stdnum.fi import ytunnus

from tests.contacts.corpus import words
from tests.contacts.corpus.noise import folded, phone_otherwise, slip

AGAIN = 0.12
# Of one name in another town; a chain's.
SAME_NAME = 0.04
FIELDS = (
    "Rakennus", "Metalli", "Kone", "Siivous", "Sähkö", "Kuljetus", "Puutarha", "Hoiva", "Työterveys", "Koulutus", "Leipomo", "Tilitoimisto", "Paja",
    "Ohjelmisto", "Konsultointi", "Ravintola", "Huolto", "Viestintä", "Suunnittelu", "Kiinteistö",
)  # fmt: skip
BODIES = (
    "{town} kaupunki", "{town} kunta", "{town} ammattikorkeakoulu", "{town} yrittäjät ry", "{town} seudun yrittäjät ry", "{town} työllisyysalue",
    "{town} ammattiopisto", "{town} hyvinvointialue", "{town} kauppakamari", "Företagarna i {town} rf", "{town} kansalaisopisto",
)  # fmt: skip
COMPANIES = (
    "{field} {last} Oy",
    "{last}n {field} Oy",
    "{field}palvelu {last} Oy",
    "{last} & {other} Oy",
    "{last} Group Oy",
    "{lastsv} Ab",
    "{last}Tech Oy",
)


@dataclass(frozen=True)
class Body:
    external_id: str
    name: str
    business_id: str = ""
    city: str = ""
    email: str = ""
    phone: str = ""


@dataclass
class Bodies:
    """`pairs` are the numbers of records of one and the same, the lesser first."""

    records: list[Body] = field(default_factory=list)
    pairs: set[tuple[str, str]] = field(default_factory=set)


def workplace(dice: Random) -> tuple[str, str]:
    """Its name and its town."""
    town = words.TOWNS.one(dice)
    if dice.random() < 0.25:
        return dice.choice(BODIES).format(town=f"{town}n" if dice.random() < 0.9 else town), town
    last, other = words.LAST["fi"].one(dice), words.LAST["fi"].one(dice)
    name = dice.choice(COMPANIES).format(field=dice.choice(FIELDS), last=last, other=other, lastsv=words.LAST["sv"].one(dice))
    return name, town


def business_id(dice: Random) -> str:
    while True:
        digits = f"{dice.randrange(10**6, 4 * 10**6):07}"
        for check in "0123456789":
            if ytunnus.is_valid(digits + check):
                return f"{digits}-{check}"


def _body(number: int, dice: Random) -> Body:
    name, town = workplace(dice)
    domain = "".join(sign for sign in folded(name).lower() if sign.isalnum())[:24]
    return Body(
        f"{number}-0", name, business_id(dice) if dice.random() < 0.6 else "", town if dice.random() < 0.9 else "",
        f"info@{domain}.example.fi" if dice.random() < 0.6 else "", f"+3589{dice.randrange(10**6, 10**7)}" if dice.random() < 0.5 else "",
    )  # fmt: skip


def _again(body: Body, dice: Random) -> Body:
    """A business ID is nobody else's, so a second record has none (the register would refuse it)."""
    name, kind = body.name, dice.random()
    if kind < 0.25:
        name = name.removesuffix(" Oy").removesuffix(" ry").removesuffix(" Ab").removesuffix(" rf")
    elif kind < 0.45:
        name = slip(name, dice)
    elif kind < 0.6:
        name = folded(name).upper()
    elif kind < 0.7 and name.endswith(" Oy"):
        name = f"{name.removesuffix(' Oy')} Osakeyhtiö"
    return replace(
        body, external_id=body.external_id.replace("-0", "-1"), name=name, business_id="", city=body.city if dice.random() < 0.8 else "",
        email=body.email if dice.random() < 0.5 else "", phone=phone_otherwise(body.phone, dice) if body.phone and dice.random() < 0.6 else "",
    )  # fmt: skip


def make_organisations(seed: int, number: int) -> Bodies:
    """The same for the same seed and number."""
    dice, made, seen = Random(seed), Bodies(), set()
    for place in range(number):
        body = _body(place, dice)
        if made.records and dice.random() < SAME_NAME:
            body = replace(body, name=dice.choice(made.records).name)
        if (body.name, body.city) in seen:
            # Two of one name in one town are one.
            continue
        seen.add((body.name, body.city))
        made.records.append(body)
        if dice.random() < AGAIN:
            made.records.append(_again(body, dice))
            made.pairs.add((body.external_id, made.records[-1].external_id))
    dice.shuffle(made.records)
    return made
