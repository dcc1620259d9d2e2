"""What people and places are called otherwise, and how names are written that sound alike. All of it folded (`contacts.folding`)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from contacts.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

# Each line is one name and what its bearers are called; a name of two lines is of both.
CALLED = """
aleksanteri alek aleksi santeri sakari|aleksandra sandra saana|anders antti ante|anna annika anni anneli anniina|antero antti
birgitta pirkko britta|bo bosse|elisabet liisa elli elisa liisi lisa bettina|eeva eevi eva|emilia emmi milla|erik erkki eerik eero|esko eskil
gustav kustaa kosti gosta|hannele hanna|heikki hessu henrik|helena leena heli helka elina|henrik henkka henri|ilmari ilkka|irmeli irma
jaakko jaska jakob|jan janne|johanna hanna jonna jenni|johannes hannes jussi juhana juha johan|johan juhani janne|juhani jussi juha juho jukka
kaarina kaija karin kaisa|kaarle kalle|kalevi kale|karl kalle kaj|katariina kati kaisa katri katja kaija riina|katarina kata kaja katja catarina
kristiina kirsi tiina kirsti kristina krista|kristina stina kicki kerstin kirsti|lars lasse lauri|lauri late|magnus mange mauno
margareeta marketta reetta maarit greta maija|margareta greta maggie margit|maria maija marja mari maaria marika mia|mariitta maritta
marjatta marja maija|marianne marja|martti mara martin|matias matti|mikael mikko mika micke|niilo nils niko|nikolai niko niilo|nils nisse
olavi olli ola|olof olle|oskari osku okko|paavo paul pave|paavali paavo|paivi pave|pekka pekko pekki per|per pelle petter
petri pete peter petteri|pertti pera|pirkko piia|riikka ulriikka|robert robban roope|sebastian sebbe basti|sofia sohvi fia|sten stefan
susanna sanna susa sanni|taneli daniel|tapani tapio tapsa|tapio taapo|teemu temppu|terttu tertta|timo timppa|tuomas tommi tuomo tomi thomas
ulla ulriikka|valtteri valtsu valter|veli vellu|vilhelm ville viljo|ville vilho|yrjo yrjana|elisabeth lisa bettan liisa|fredrik fredde
kenneth kenta|leif leffe|roger roggan
"""
# Municipalities with a name in both languages that folding does not make alike: Finnish, Swedish.
TOWNS = """
espoo esbo|hamina fredrikshamn|hanko hango|helsinki helsingfors|hameenlinna tavastehus|inkoo inga|jarvenpaa traskanda|kaarina st karins
kajaani kajana|kaskinen kasko|kauniainen grankulla|kerava kervo|kemionsaari kimitoon|kirkkonummi kyrkslatt|kokkola karleby
kristiinankaupunki kristinestad|kruunupyy kronoby|lahti lahtis|lapinjarvi lapptrask|lappeenranta villmanstrand|lohja lojo|loviisa lovisa
maarianhamina mariehamn|mikkeli st michel|mustasaari korsholm|myrskyla morskom|maalahti malax|naantali nadendal|narpio narpes
oulu uleaborg|parainen pargas|pedersoren kunta pedersore|pietarsaari jakobstad|pori bjorneborg|pornainen borgnas
porvoo borga|pyhtaa pyttis|raahe brahestad|raasepori raseborg|raisio reso|rauma raumo|savonlinna nyslott|siuntio sjundea
sipoo sibbo|tampere tammerfors|tornio tornea|turku abo|uusikaarlepyy nykarleby|uusikaupunki nystad|vaasa vasa|vantaa vanda|voyri vora
vihti vichtis|luoto larsmo|tuusula tusby|hyvinkaa hyvinge|karjaa karis|tammisaari ekenas
"""
# Forms of organisations: what two records of one organisation differ by most.
FORMS = frozenset(
    ("oy", "ab", "oyj", "abp", "ry", "rf", "r.y", "r.f", "ky", "kb", "tmi", "osakeyhtio", "aktiebolag", "oy-ab", "osk", "sr", "saatio", "stiftelsen",
     "inc", "ltd", "gmbh", "kunta", "kommun", "kaupunki", "stad")
)  # fmt: skip
SOUNDS = tuple((re.compile(sign), sound) for sign, sound in (("x", "ks"), ("th", "t"), ("ph", "f"), ("c(?=[eiy])", "s"), ("[cq]", "k"), ("z", "s")))
TWICE = re.compile(r"(.)\1+")

_called: dict[str, frozenset[int]] = {}
for _number, _line in enumerate(CALLED.replace("\n", "|").strip("|").split("|")):
    for _name in _line.split():
        _called[_name] = _called.get(_name, frozenset()) | {_number}
# "st karins" has two words: the first word is the Finnish name.
_towns = {other: one for one, _space, other in (line.partition(" ") for line in TOWNS.replace("\n", "|").strip("|").split("|"))}


def called(first_name: str) -> list[int]:
    """Numbers of the names that it may stand for: two names with a number in common may be one person's."""
    return sorted({number for part in re.split(r"[ -]", first_name) for number in _called.get(part, ())})


def town(name: str) -> str:
    """Folded, and of two languages the Finnish one."""
    plain = fold(name)
    return _towns.get(plain, plain)


def sound(name: str) -> str:
    """Of a folded name: without what is only spelling."""
    for sign, other in SOUNDS:
        name = sign.sub(other, name)
    return TWICE.sub(r"\1", name.replace("-", " "))


def core(name: str) -> str:
    """An organisation's name without its form; as it is, if nothing else is in it."""
    plain = fold(name)
    kept = [word for word in plain.split() if word.strip(".") not in FORMS]
    return " ".join(kept) or plain


# ---- names in addresses
# So many letters of a name at least are one, and not what was left over.
A_FIRST, A_LAST = 3, 4


def first_in_mails(last: str, mails: Iterable[str]) -> str:
    """Of somebody without a first name, the one that an address puts beside the last name: anna.salmi@, annasalmi12@. Empty, if none does."""
    plain = _letters(last)
    for words in map(_words, mails) if len(plain) >= A_LAST else ():
        for place, word in enumerate(words):
            rest = [*words[:place], *words[place + 1 :], word.removesuffix(plain), word.removeprefix(plain)]
            if found := next((other for other in rest if plain in word and plain not in other and len(other) >= A_FIRST), ""):
                return found
    return ""


def lasts_in_mails(first: str, last: str, mails: Iterable[str]) -> list[str]:
    """Last names that addresses may have beside the first name, other than the one of now: an address outlives a wedding. What is no name is no harm:
    it is looked for among last names alone."""
    plain, now, found = _letters(first.partition(" ")[0]), _letters(last), set()
    for words in map(_words, mails) if plain else ():
        if plain in words[:-1] or plain in words[1:]:
            found |= {word for word in words if word != plain}
        elif len(words) == 1:
            (word,) = words
            found |= {word.removeprefix(start) for start in (plain, plain[0]) if word.startswith(start)}
            found |= {word.removesuffix(end) for end in (plain, plain[:2]) if word.endswith(end)}
    return sorted(name for name in found if len(name) >= A_LAST and name != now)


def _words(mail: str) -> list[str]:
    """Of what stands before the @."""
    return [word for text in re.split(r"[._]", mail.partition("@")[0]) if (word := _letters(text))]


def _letters(text: str) -> str:
    return "".join(sign for sign in text if sign.isalpha())
