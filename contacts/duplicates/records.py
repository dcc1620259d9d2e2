"""What is compared: plain records, made ready for the rules."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from contacts.duplicates.words import called, core, first_in_mails, lasts_in_mails, sound, town
from contacts.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# An address or a telephone that people of more names than this have says nothing about who somebody is: a switchboard, info@.
SHARED = 3
# So few digits are no whole number.
DIGITS = 6
# What is held to be the same: the probability at least.
THRESHOLD = 0.7


class Pair(NamedTuple):
    """`score` is the probability that the two are one and the same; `left` is the lesser number."""

    left: int
    right: int
    score: float


class PersonRecord(NamedTuple):
    """`organisations` are names, the one of today first."""

    number: int
    first_name: str
    last_name: str
    emails: Sequence[str] = ()
    phones: Sequence[str] = ()
    organisations: Sequence[str] = ()
    city: str = ""


class OrganisationRecord(NamedTuple):
    """`above` is the organisation that it is a unit of: two units of one name in two organisations are two."""

    number: int
    names: Sequence[str]
    business_id: str = ""
    emails: Sequence[str] = ()
    phones: Sequence[str] = ()
    city: str = ""
    above: int | None = None


def number_of(phone: str) -> str:
    """The digits, without the country code of Finland and the zero in front: one number, however it is written."""
    digits = re.sub(r"\D", "", phone)
    for code in ("00358", "358"):
        if digits.startswith(code) and len(digits) > len(code) + DIGITS - 1:
            digits = digits.removeprefix(code)
            break
    digits = digits.lstrip("0")
    return digits if len(digits) >= DIGITS else ""


def people_table(records: Iterable[PersonRecord]) -> dict[str, list[Any]]:
    """By column. An empty value is None: it says nothing, neither for nor against."""
    rows = list(records)
    told, lasts = _in_place([(fold(row.first_name), fold(row.last_name)) for row in rows])
    mails = [[fold(text) for text in row.emails] for row in rows]
    firsts = [first or first_in_mails(last, own) for first, last, own in zip(told, lasts, mails, strict=True)]
    others = [lasts_in_mails(first, last, own) for first, last, own in zip(firsts, lasts, mails, strict=True)]
    # Alike also where first and last name have changed places.
    marks = ["".join(sorted((first[:1], last[:1]))) for first, last in zip(firsts, lasts, strict=True)]
    bodies = [list(dict.fromkeys(name for text in row.organisations if (name := core(text)))) for row in rows]
    return {
        "unique_id": [row.number for row in rows],
        "first": [name or None for name in firsts],
        "last": [name or None for name in lasts],
        "main": [name.partition(" ")[0] or None for name in firsts],
        "parts": [_parts(name) for name in firsts],
        "last_parts": [_parts(name) for name in lasts],
        "called": [called(name) for name in firsts],
        "last_sound": [sound(name) or None for name in lasts],
        "other_lasts": others,
        "all_lasts": [[last, *other] if last else other for last, other in zip(lasts, others, strict=True)],
        "emails": _telling(mails, marks),
        "phones": _telling(((number_of(text) for text in row.phones) for row in rows), marks),
        "body": [names[0] if names else None for names in bodies],
        "bodies": bodies,
        "city": [town(row.city) or None for row in rows],
    }


def organisations_table(records: Iterable[OrganisationRecord]) -> dict[str, list[Any]]:
    rows = list(records)
    names = [list(dict.fromkeys(name for text in row.names if (name := core(text)))) for row in rows]
    marks = [sound(found[0])[:3] if found else "" for found in names]
    return {
        "unique_id": [row.number for row in rows],
        "name": [found[0] if found else None for found in names],
        "names": names,
        "name_sound": [sound(found[0]).replace(" ", "") if found else None for found in names],
        "business_id": [row.business_id or None for row in rows],
        "emails": _telling(((fold(text) for text in row.emails) for row in rows), marks),
        "phones": _telling(((number_of(text) for text in row.phones) for row in rows), marks),
        "city": [town(row.city) or None for row in rows],
        "above": [row.above for row in rows],
    }


def _in_place(names: Sequence[tuple[str, str]]) -> tuple[list[str], list[str]]:
    """First and last names. Where the register has the first one oftener as a last name and the last one as a first name, they changed places."""
    given, family = Counter(first.partition(" ")[0] for first, _last in names), Counter(last for _first, last in names)
    turned = []
    for first, last in names:
        start = last.partition(" ")[0]
        # Without the record itself: its own first name is no evidence of being one.
        is_crossed = first and last and given[start] > family[last] and family[first] >= given[first] - 1
        turned.append((last, first) if is_crossed else (first, last))
    return [first for first, _last in turned], [last for _first, last in turned]


def _parts(name: str) -> list[str]:
    return [part for part in re.split(r"[ -]", name) if len(part) > 1]


def _telling(values: Iterable[Iterable[str]], marks: Sequence[str]) -> list[list[str]]:
    """Of each record, without those that many share: of more marks than SHARED."""
    rows = [list(dict.fromkeys(filter(None, texts))) for texts in values]
    seen: dict[str, set[str]] = {}
    for row, mark in zip(rows, marks, strict=True):
        for text in row:
            seen.setdefault(text, set()).add(mark)
    return [[text for text in row if len(seen[text]) <= SHARED] for row in rows]
