"""A person as a vCard 4.0 (RFC 6350). vobject writes 3.0; this writes what 4.0 says of the properties that we have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from contacts.models import ContactPoint

if TYPE_CHECKING:
    from contacts.models import Person

# Octets of a line, its end aside (RFC 6350, 3.2).
LONGEST = 75
TYPES = {"work": "work", "home": "home", "mobile": "cell", "other": ""}


def vcard_of(person: Person) -> bytes:
    """Roles and addresses that hold today. Three queries, and none where they have been read (`contacts.exporting.read`)."""
    today = timezone.localdate()
    lines = [
        "BEGIN:VCARD", "VERSION:4.0", f"UID:urn:uuid:{person.key}", f"FN:{escaped(str(person))}",
        f"N:{escaped(person.last_name)};{escaped(person.first_name)};;;",
    ]  # fmt: skip
    if person.email:
        lines.append(f"EMAIL;PREF=1:{escaped(person.email)}")
    lines += [_point(point) for point in person.contact_points.all() if point.is_current(today)]
    lines += [f"LANG;PREF={number}:{language}" for number, language in enumerate(dict.fromkeys([person.language, *person.languages]), 1)]
    if person.city or person.region:
        lines.append(f"ADR:;;;{escaped(person.city)};{escaped(str(person.region or ''))};;")
    roles = sorted((role for role in person.roles.all() if role.is_current(today)), key=lambda role: role.pk)
    for number, role in enumerate(roles, 1):
        lines.append(f"g{number}.ORG:{escaped(str(role.organisation))}")
        if role.title:
            lines.append(f"g{number}.TITLE:{escaped(role.title)}")
    lines += [f"REV:{timezone.now():%Y%m%dT%H%M%SZ}", "END:VCARD"]
    return b"".join(folded(line) + b"\r\n" for line in lines)


def _point(point: ContactPoint) -> str:
    kind = TYPES[point.kind]
    if point.medium == ContactPoint.Medium.EMAIL:
        return f"EMAIL{f';TYPE={kind}' if kind in ('work', 'home') else ''}:{escaped(point.value)}"
    return f"TEL;VALUE=text{f';TYPE={kind}' if kind else ''}:{escaped(point.value)}"


def escaped(value: str) -> str:
    """Text (RFC 6350, 3.4): no sign of a name ends its field or its line."""
    for sign in ("\\", ",", ";"):
        value = value.replace(sign, f"\\{sign}")
    return "\\n".join(value.splitlines())


def folded(line: str) -> bytes:
    """In lines of at most 75 octets, never within a letter."""
    parts, part = [], b""
    for letter in line:
        octets = letter.encode()
        if len(part) + len(octets) > LONGEST:
            parts.append(part)
            part = b" "
        part += octets
    return b"\r\n".join([*parts, part])
