"""What the checks of texts look for, as data."""

from __future__ import annotations

import re


def _set(words: str, between: str | None = None) -> frozenset[str]:
    return frozenset(words.split(between))


# Common words that stand in one of the three languages alone.
COMMON = {
    "fi": _set(
        "ei eli että he hän ja jo joiden joita joka jos jossa kaikki kaikkien kanssa koko kuin kun miten mitä mukaan mutta myös "
        "niin niitä ole oli olla ollut on ovat se sekä sen siihen siitä sitä tai tämä tässä vain"
    ),
    "sv": _set(
        "alla att av blev blir de den denna det detta efter eller ett från för genom har inte kan med men och också om på sig "
        "sina ska som till under var varje vi vid är"
    ),
    "en": _set(
        "about an and are as at be became but by every for from had has have his how in is it not of on or other that the their "
        "them there they this three to was were what which with would you"
    ),
}
FEWEST_COMMON = 5
FEWEST_PERHAPS, SHARE_PERHAPS = 3, 0.35

VAGUE = _set(
    "click|click here|denna länk|download|go|here|hit|här|katso tästä|katso täältä|klicka|klicka här|klikkaa|"
    "klikkaa tästä|klikkaa tätä|ladda ner|lataa|lataa tästä|learn more|link|linkki|lisätietoja|lisää|lue lisää|lue tästä|"
    "lue täältä|länk|länken|läs mer|läs mera|mer|mer information|mera|more|more information|paina tästä|read more|se här|"
    "see here|siirry|this|this link|tämä linkki|tänne|tässä|tästä|tästä linkistä|tätä|täällä|täältä|"
    "via länken",
    "|",
)
BARE_URL = re.compile(r"^(?:https?://\S+|www\.\S+|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:fi|com|org|net|eu|se|ax|io|info)(?:[/?#]\S*)?)$", re.IGNORECASE)
NOTHING = re.compile(r"^[\W_]*$")
FILE_NAME = re.compile(
    r"^\S+\.(?:jpe?g|png|gif|webp|avif|svg|heic|tiff?)$|^(?:img|dsc|dscn|dscf|pxl|image|kuva|photo|screenshot)[_ -]?\d+$", re.IGNORECASE
)
PLACEHOLDERS = re.compile(
    r"(?i:lorem ipsum|dolor sit amet)"
    r"|\bTODO\b|\bTBD\b|\bFIXME\b"
    r"|\b[xX]{2}\.[xX]{2}\.|\bx{3,}\b|\bX{4,}\b"
    r"|\[(?i:lisää|täydennä|täytä|puuttuu|tarkista|lägg till|fyll i|add|insert|fill|todo|tbd)\b[^\]]*\]"
    r"|^\s*(?i:tähän (?:ingressi|teksti|otsikko|kuva|lainaus)|(?:otsikko|ingressi|teksti) tähän|rubrik här|text här|title here|text here)\b"
    r"|(?i:\blisää teksti tähän\b|\btähän (?:tulee|lisätään) (?:teksti|ingressi|otsikko|kuva)\b)"
)
OLD_WORDINGS = re.compile(r"vipuvoimaa\s+EU\s*[:'’]?\s*lta|hävkraft\s+från\s+EU|leverage\s+from\s+the\s+EU", re.IGNORECASE)
FUNDS = re.compile(
    r"\b(?:ESR|ESF|EAKR|ERUF|ERDF|JTF|EURF)\b\+?|sosiaalirahasto|aluekehitysrahasto|oikeudenmukaisen siirtymän rahasto"
    r"|socialfond|regionala utvecklingsfond|fonden för en rättvis omställning|social fund|regional development fund|just transition fund",
    re.IGNORECASE,
)
# What a description of an operation tells (Article 50(1)(a)), in the three languages.
AIMS = re.compile(
    r"\b(?:tavoit|paran|kehitt|edist|vahvist|autta|tuke[ea]|lisä(?:ä|t)|mål|syft|utveckl|främj|förbättr|stärk|hjälp|stöd(?:er|ja)"
    r"|aim|goal|improv|develops?\b|promot|strengthen|helps?\b|supports?\b|enhanc)",
    re.IGNORECASE,
)
RESULTS = re.compile(
    r"\b(?:tulo(?:s|kse)|vaikut|synty|käyttöön|käytössä|resultat|effekt|leder till|i bruk|nytta|result|outcome|impact|leaves?\b|in use)",
    re.IGNORECASE,
)
SUPPORT = re.compile(r"\bEU\b|\bEU[:-]|euroopan unioni|europeiska unionen|european union", re.IGNORECASE)
REPEATED = re.compile(r"(?<![\w-])(\w+) \1(?![\w-])", re.IGNORECASE)
# Words that may stand twice in good text.
MAY_REPEAT = frozenset(["ei", "hyvin", "oikein", "kovin", "hyvä", "niin", "no", "had", "that", "sen", "se"])
EXCLAMATIONS = re.compile(r"!{2,}")
IDENTITY_CODE = re.compile(r"\b(\d{6})([-+A-FU-Y])(\d{3})([0-9A-FHJ-NPR-Y])\b")
IDENTITY_SIGNS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
PRIVATE_HOST = re.compile(r"^(?:localhost|127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|0\.0\.0\.0|\[?::1)|\.(?:local|internal|test|localhost)$")


def is_shouting(text: str) -> bool:
    """Most of the letters are capitals, and they are no abbreviations: at least two words of four letters, or three words, nothing small."""
    words = [word for word in re.findall(r"[^\W\d_]+", text) if len(word) > 1]
    capitals = [word for word in words if word.isupper() and len(word) > 3]
    return len(capitals) >= 2 and sum(map(len, (word for word in words if word.isupper()))) > 0.7 * sum(map(len, words))


def language_of(text: str) -> str:
    """The language that the text's common words are of, or "" where they do not tell."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    hits = {code: sum(word in common for word in words) for code, common in COMMON.items()}
    best, second = sorted(hits, key=lambda code: -hits[code])[:2]
    return best if hits[best] >= FEWEST_COMMON and hits[best] >= 3 * hits[second] else ""


def perhaps_language_of(text: str, page: str) -> str:
    """The same of a few words, which may be a title: a language to ask about, where nothing in them is of the page's own."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    hits = {code: sum(word in common for word in words) for code, common in COMMON.items()}
    best = max(hits, key=lambda code: hits[code])
    return best if best != page and not hits[page] and hits[best] >= max(FEWEST_PERHAPS, len(words) * SHARE_PERHAPS) else ""


def has_identity_code(text: str) -> bool:
    """A Finnish personal identity code with the right check sign, so that a number of another kind is none."""
    return any(IDENTITY_SIGNS[int(day + number) % 31] == sign for day, _century, number, sign in IDENTITY_CODE.findall(text))
