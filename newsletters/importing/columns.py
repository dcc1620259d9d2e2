"""Which column of a file says what: guessed from the headings in three languages, and chosen by whoever brings the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from base.importing.tables import LOOKS_LIKE_AN_ADDRESS, letters

if TYPE_CHECKING:
    from collections.abc import Sequence

ADDRESS = "address"
LABELS = {
    ADDRESS: _("Address"),
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "language": _("Language"),
    "given_at": _("When they agreed"),
    "given_how": _("How they agreed"),
    "topics": _("Topics"),
}
# Headings by their letters alone, in Finnish, Swedish and English. An exact one wins over one that holds the word.
HEADINGS: dict[str, tuple[str, ...]] = {
    ADDRESS: ("sähköpostiosoite", "sähköposti", "spostiosoite", "sposti", "epostadress", "epost", "mejladress", "emailaddress", "email", "mail"),
    "first_name": ("etunimi", "etunimet", "förnamn", "firstname", "givenname", "forename"),
    "last_name": ("sukunimi", "efternamn", "lastname", "surname", "familyname"),
    "language": ("asiointikieli", "viestintäkieli", "kieli", "språk", "language", "lang"),
    "given_at": (
        *("suostumuspvm", "suostumuspäivä", "suostumusaika", "suostumusannettu", "tilattu", "tilauspvm", "liittynyt"),
        *(
            "samtyckesdatum",
            "samtyckedatum",
            "prenumererarsedan",
            "consentdate",
            "consenttime",
            "optintime",
            "optindate",
            "subscribedat",
            "subscribed",
        ),
    ),
    "given_how": ("suostumuksenlähde", "suostumustapa", "lähde", "samtyckeskälla", "källa", "consentsource", "optinsource", "consent", "source"),
    "topics": ("kiinnostuksenkohteet", "aiheet", "alateemat", "teemat", "ämnen", "intressen", "topics", "interests", "tags"),
}


def guess(heading: Sequence[str], lines: Sequence[Sequence[str]]) -> dict[str, int]:
    """Role -> place of its column, for those that can be told. Where no heading names addresses, the column that has most of them."""
    plain, found = [letters(cell) for cell in heading], dict[str, int]()
    for exact in (True, False):
        for role, words in HEADINGS.items():
            if role not in found:
                places = [place for word in words for place, cell in enumerate(plain) if _matches(word, cell, exact=exact)]
                free = [place for place in places if place not in found.values()]
                found |= {role: free[0]} if free else {}
    counts: list[int] = [
        sum(bool(LOOKS_LIKE_AN_ADDRESS.fullmatch(cells[place])) for cells in lines if place < len(cells)) for place in range(len(heading))
    ]
    if counts and max(counts) > 0 and (ADDRESS not in found or not counts[found[ADDRESS]]):
        found = {role: place for role, place in found.items() if place != counts.index(max(counts))} | {ADDRESS: counts.index(max(counts))}
    return found


def _matches(word: str, heading: str, *, exact: bool) -> bool:
    return heading == word if exact else len(word) > 4 and word in heading
