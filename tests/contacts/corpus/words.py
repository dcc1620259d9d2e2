"""Names as they are in Finland: how common each is, what people call themselves instead, and how places are called in the other language."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from faker.providers.address.fi_FI import Provider as FinnishPlaces
from faker.providers.person.fi_FI import Provider as Finnish
from faker.providers.person.sv_SE import Provider as Swedish

if TYPE_CHECKING:
    from random import Random

# More than the 5 % of the country: of both languages there is something to find.
SWEDISH = 0.12
# Beside the names that the library knows, rarer ones made as names in Finland are made.
STEMS = (
    "Aho", "Haapa", "Hakku", "Harju", "Heinä", "Honka", "Huhta", "Jokela", "Järvi", "Kallio", "Kangas", "Kari", "Kataja", "Kivi", "Korpi", "Koski",
    "Kumpu", "Kuusi", "Laakso", "Lahti", "Lehto", "Lampi", "Leppä", "Luoto", "Metsä", "Mylly", "Mäki", "Niemi", "Niitty", "Nurmi", "Oja", "Paju",
    "Pelto", "Perä", "Pihlaja", "Pohja", "Rae", "Raivio", "Ranta", "Rauta", "Ruoko", "Saari", "Salmi", "Salo", "Sara", "Suo", "Suvanto", "Taival",
    "Tammi", "Tuomi", "Vaara", "Vainio", "Vasara", "Vehka", "Viita", "Virta", "Vuori", "Väinö", "Ylä", "Ämmä",
)  # fmt: skip
ENDINGS = ("nen", "la", "lainen", "mäki", "niemi", "salo", "ranta", "aho", "järvi", "koski", "vaara", "lahti", "vuori", "kangas", "pelto", "oja")
STEMS_SV = (
    "Ahl", "Alm", "Back", "Berg", "Björk", "Blom", "Bäck", "Dahl", "Ek", "Eng", "Fager", "Fors", "Gran", "Grön", "Hag", "Hell", "Holm", "Hägg",
    "Kron", "Lag", "Lilje", "Lind", "Ljung", "Lund", "Löf", "Malm", "Mel", "Ny", "Näs", "Palm", "Ros", "Rönn", "Sand", "Sjö", "Skog", "Sten", "Söder",
    "Thor", "Väster", "Wester", "Wik", "Åker", "Öster", "Öst",
)  # fmt: skip
ENDINGS_SV = ("berg", "ström", "qvist", "blom", "gren", "lund", "man", "stedt", "holm", "dahl", "fors", "bäck", "roos", "vall", "näs", "holm")
# Of the pool, how much weight the rare ones have together.
RARE = 0.45
NICKNAMES = {
    "Johanna": ("Hanna", "Jonna"), "Elisabet": ("Liisa", "Elli"), "Maria": ("Maija", "Marja"), "Katariina": ("Kati", "Kaisa", "Katri"),
    "Margareeta": ("Marketta", "Reetta"), "Aleksandra": ("Sandra",), "Aleksanteri": ("Alek", "Santeri"), "Juhani": ("Jussi", "Juha"),
    "Johannes": ("Jussi", "Hannes"), "Mikael": ("Mikko", "Mika"), "Antero": ("Antti",), "Matias": ("Matti",), "Tapani": ("Tapio", "Tapsa"),
    "Kristiina": ("Kirsi", "Tiina"), "Susanna": ("Sanna", "Susa"), "Helena": ("Leena", "Heli"), "Karl": ("Kalle",), "Lars": ("Lasse",),
    "Nils": ("Nisse",), "Per": ("Pelle",), "Bo": ("Bosse",), "Margareta": ("Greta", "Maggie"), "Kristina": ("Stina", "Kicki"), "Gustav": ("Gösta",),
    "Eeva": ("Eevi",), "Timo": ("Timppa",), "Heikki": ("Hessu",), "Pertti": ("Pera",), "Katarina": ("Kata", "Kaja"), "Magnus": ("Mange",),
    "Anders": ("Ante",), "Jan": ("Janne",), "Erik": ("Erkki",), "Olavi": ("Olli",), "Kaarina": ("Kaija",), "Annika": ("Anni",), "Päivi": ("Pave",),
}  # fmt: skip
TOWNS_SV = {
    "Helsinki": "Helsingfors", "Turku": "Åbo", "Tampere": "Tammerfors", "Vaasa": "Vasa", "Espoo": "Esbo", "Vantaa": "Vanda", "Porvoo": "Borgå",
    "Oulu": "Uleåborg", "Pori": "Björneborg", "Lappeenranta": "Villmanstrand", "Hämeenlinna": "Tavastehus", "Kokkola": "Karleby", "Lohja": "Lojo",
    "Pietarsaari": "Jakobstad", "Kotka": "Kotka", "Raasepori": "Raseborg", "Hanko": "Hangö", "Naantali": "Nådendal", "Sipoo": "Sibbo",
}  # fmt: skip
LARGE_TOWNS = (
    "Helsinki", "Espoo", "Tampere", "Vantaa", "Oulu", "Turku", "Jyväskylä", "Kuopio", "Lahti", "Pori", "Joensuu", "Vaasa", "Lappeenranta",
    "Rovaniemi", "Hämeenlinna", "Seinäjoki", "Mikkeli", "Kokkola", "Porvoo", "Kotka",
)  # fmt: skip


class Weighted:
    """Words, and how common each is."""

    def __init__(self, words: dict[str, float]) -> None:
        self.words, self.weights = list(words), list(words.values())

    def one(self, dice: Random) -> str:
        return dice.choices(self.words, self.weights)[0]


def _names(given: dict[str, float], stems: tuple[str, ...] = (), endings: tuple[str, ...] = ()) -> Weighted:
    """Those that the library knows, with its weights, and the rare ones, with RARE among them all."""
    words = {name: float(weight) for name, weight in given.items()}
    rare = {name for stem, ending in product(stems, endings) if (name := stem + ending) not in words and stem.casefold() != ending}
    share = sum(words.values()) * RARE / (1 - RARE) / max(1, len(rare))
    return Weighted(words | dict.fromkeys(sorted(rare), share))


LAST = {"fi": _names(Finnish.last_names, STEMS, ENDINGS), "sv": _names(Swedish.last_names, STEMS_SV, ENDINGS_SV)}
FIRST = {
    ("fi", "f"): _names(Finnish.first_names_female),
    ("fi", "m"): _names(Finnish.first_names_male),
    ("sv", "f"): _names(Swedish.first_names_female),
    ("sv", "m"): _names(Swedish.first_names_male),
}
# A few large towns have most of the people.
TOWNS = Weighted({town: 40.0 / (place + 1) for place, town in enumerate(LARGE_TOWNS)} | dict.fromkeys(sorted(set(FinnishPlaces.cities)), 0.3))
