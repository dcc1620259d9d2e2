"""Which column of a file says what: guessed from the headings in three languages."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from base.importing.tables import letters

if TYPE_CHECKING:
    from collections.abc import Sequence

LABELS = {
    "external_id": _("Number elsewhere"),
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "name": _("Whole name"),
    "email": _("E-mail"),
    "phone": _("Telephone"),
    "organisation": _("Organisation"),
    "units": _("Unit of the organisation"),
    "business_id": _("Business ID"),
    "title": _("Job title"),
    "starts": _("In the role from"),
    "ends": _("In the role until"),
    "city": _("Municipality"),
    "region": _("Region"),
    "language": _("Language"),
    "tags": _("Tags"),
}
# A person may have several of these.
MANY = ("email", "phone")
# By their letters alone, in Finnish, Swedish and English.
HEADINGS: dict[str, tuple[str, ...]] = {
    "external_id": ("externalid", "id", "numero", "henkilönumero", "asiakasnumero", "tunnus", "kundnummer", "nummer", "recid"),
    "first_name": ("firstname", "etunimi", "etunimet", "förnamn", "givenname", "forename"),
    "last_name": ("lastname", "sukunimi", "efternamn", "surname", "familyname"),
    "name": ("name", "nimi", "kokonimi", "namn", "fullname", "henkilö", "yhteyshenkilö", "kontaktperson"),
    "email": ("email", "sähköposti", "sähköpostiosoite", "sposti", "epost", "epostadress", "mail", "emailaddress", "mejl", "furtheremail"),
    "phone": ("phone", "puhelin", "puhelinnumero", "puh", "gsm", "matkapuhelin", "telefon", "telefonnummer", "tel", "mobil", "mobile", "phonenumber"),
    "organisation": (
        "organisation",
        "organization",
        "organisaatio",
        "yritys",
        "työnantaja",
        "työpaikka",
        "företag",
        "arbetsgivare",
        "company",
        "employer",
    ),
    "units": ("unit", "units", "orgunit", "department", "yksikkö", "osasto", "tiimi", "enhet", "avdelning"),
    "business_id": ("businessid", "ytunnus", "fonummer"),
    "title": ("title", "jobtitle", "titteli", "tehtävä", "tehtävänimike", "rooli", "titel", "befattning", "uppgift", "role"),
    "starts": ("starts", "start", "from", "alkaa", "alkaen", "alkupvm", "börjar", "från"),
    "ends": ("ends", "end", "until", "päättyy", "asti", "loppupvm", "slutar", "till"),
    "city": ("city", "kunta", "kaupunki", "paikkakunta", "postitoimipaikka", "kommun", "stad", "ort", "town", "municipality"),
    "region": ("region", "maakunta", "landskap"),
    "language": ("language", "kieli", "asiointikieli", "språk", "lang"),
    "tags": ("tags", "tunnisteet", "tunniste", "taggar", "avainsanat"),
}
BY_WORD = {word: role for role, words in HEADINGS.items() for word in words}

Columns = dict[str, list[int]]


def guess(heading: Sequence[str]) -> tuple[Columns, list[str]]:
    """(role -> places, headings that say nothing or say again what another says already)."""
    found: Columns = {}
    left = []
    for place, cell in enumerate(heading):
        role = BY_WORD.get(letters(cell), "")
        if role and (role in MANY or role not in found):
            found.setdefault(role, []).append(place)
        elif cell:
            left.append(cell)
    return found, left


def says(cells: Sequence[str]) -> int:
    """How many columns of a heading are known."""
    return len(guess(cells)[0])


def kind_of(heading: Sequence[str]) -> str:
    """A checksum: the same for files with the same headings in the same order."""
    return sha256("|".join(letters(cell) for cell in heading).encode()).hexdigest()


def names_people(columns: Columns) -> bool:
    return bool({"name", "first_name", "last_name", "email"} & columns.keys())
