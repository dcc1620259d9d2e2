"""Seeds of the rules for the language of parts and for what the theme's description tells (V7): written and kept before the rules were.

As in `corpus.py`, those with `held_out` were not looked at while the rules were made.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from tests.gate.corpus import body, html, words

FI = "Työpaikka sopi viikoittaisesta palautteesta, ja siitä tuli osa kaikkien arkea. Se on nyt tapa, jota myös muut kokeilevat."
SV = "Arbetsplatsen kom överens om att ge återkoppling varje vecka, och det blev en del av vardagen för alla."
EN = "The workplace agreed to give feedback every week, and it became a part of the daily work for all of them."
EN_QUOTE = "We thought that it would take time from our work, but it was the other way round and we have more of it."
SV_QUOTE = "Vi trodde att det skulle ta tid från arbetet, men det blev tvärtom och vi har mer av den än för ett år sedan."
FI_QUOTE = "Luulimme, että se vie aikaa työltä, mutta kävi päinvastoin, ja nyt sitä on enemmän kuin vuosi sitten, kun aloitimme."


class Later(NamedTuple):
    """`language` is the page's; `code` the finding that the defect must give and its clean twin must not."""

    code: str
    language: str
    bad: dict[str, Any]
    clean: dict[str, Any]
    held_out: bool = False


def mixed(*passages: str) -> dict[str, Any]:
    return {"body": [("paragraph", "".join(f"<p>{passage}</p>" for passage in passages))]}


def said(text: str, page: str, language: str = "") -> dict[str, Any]:
    return {"body": [("paragraph", f"<p>{page}</p>"), ("quote", {"text": text, "source": "Johtaja, teknologiayritys", "language": language})]}


def listed(page: str, *items: str) -> dict[str, Any]:
    return {"body": [("paragraph", f"<p>{page}</p><ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>")]}


def marked(code: str, text: str) -> str:
    return f'<span lang="{code}">{text}</span>'


def described(text: str) -> dict[str, Any]:
    return html(('site-footer__summary">', f'site-footer__summary">{text} '))


PASSAGE, SHORT = "text.language", "text.language_perhaps"
LATER = [
    # ---- a passage in another language than the page
    Later(PASSAGE, "fi", mixed(FI, FI, EN), mixed(FI, FI, marked("en", EN))),
    Later(PASSAGE, "fi", mixed(SV, FI, FI), mixed(marked("sv", SV), FI, FI)),
    Later(PASSAGE, "sv", mixed(SV, SV, FI_QUOTE), mixed(SV, SV, marked("fi", FI_QUOTE))),
    Later(PASSAGE, "en", mixed(EN, SV_QUOTE), mixed(EN, marked("sv", SV_QUOTE))),
    Later(PASSAGE, "fi", listed(FI, "Sopikaa aika ja vetäjä.", EN_QUOTE), listed(FI, "Sopikaa aika ja vetäjä.", marked("en", EN_QUOTE))),
    Later(PASSAGE, "fi", said(EN_QUOTE, FI), said(EN_QUOTE, FI, "en")),
    Later(PASSAGE, "sv", said(FI_QUOTE, SV), said(FI_QUOTE, SV, "fi")),
    Later(PASSAGE, "en", said(SV_QUOTE, EN), said(SV_QUOTE, EN, "sv")),
    # Marked as what it is not.
    Later(PASSAGE, "fi", mixed(FI, marked("sv", EN)), mixed(FI, marked("sv", SV))),
    Later(PASSAGE, "fi", said(FI_QUOTE, FI, "sv"), said(FI_QUOTE, FI)),
    # Names and titles are no passages.
    Later(
        PASSAGE,
        "fi",
        mixed(FI, EN_QUOTE),
        mixed("Hanke esitteli tulokset seminaarissa The Future of Work in the North, ja niistä kerrottiin myös lehdessä Arbetet och Livet."),
    ),
    Later(
        PASSAGE, "fi", mixed(f"{FI}<br/>{FI}", SV_QUOTE), mixed("Mukana olivat Svenska kulturfonden, Regionförvaltningsverket och Nylands förbund.")
    ),
    Later(PASSAGE, "fi", mixed(FI, f"<b>{EN}</b>"), mixed(FI, f"<b>{marked('en', EN)}</b>"), True),
    Later(PASSAGE, "sv", mixed(SV, EN_QUOTE), mixed(SV, f"Hon sade: {marked('en', EN_QUOTE)}"), True),
    Later(PASSAGE, "en", mixed(EN, FI_QUOTE, EN), mixed(EN, marked("fi", FI_QUOTE), EN), True),
    Later(PASSAGE, "sv", said(EN_QUOTE, SV), said(EN_QUOTE, SV, "en"), True),
    Later(PASSAGE, "fi", said(SV_QUOTE, FI, "en"), said(SV_QUOTE, FI, "sv"), True),
    Later(PASSAGE, "en", listed(EN, FI_QUOTE), listed(EN, "Työ ja terveys ry", "Työterveyslaitos ja työelämän kehittäjien verkosto"), True),
    # ---- a few words, which may be a title: a warning
    Later(SHORT, "fi", said("This is how it should be for all of us.", FI), said("This is how it should be for all of us.", FI, "en")),
    Later(SHORT, "fi", mixed(FI, "Det är vi som har tid."), mixed(FI, marked("sv", "Det är vi som har tid."))),
    Later(SHORT, "sv", said("Se on ollut hyvä, mutta ei aina.", SV), said("Det har varit bra, men inte alltid.", SV)),
    Later(SHORT, "fi", mixed(FI, "This is what they have."), mixed(FI, "Kirja This is Work on suomennettu."), True),
    Later(SHORT, "en", said("Vi har det bra nu, men det tog tid.", EN), said("We have it now, but it took its time.", EN), True),
    Later(SHORT, "fi", said("Det var inte så, men nu är det det.", FI), said("Ei se niin ollut, mutta nyt on.", FI), True),
    # ---- V7: aims, results and the Union's support
    Later(
        "eu.description_aims",
        "fi",
        described("Tuloksena syntyi palveluja ja malleja yrityksille. Euroopan unioni osarahoittaa työtä."),
        described("Hanke parantaa työpaikkojen osaamista. Tuloksena syntyy palveluja yrityksille. Euroopan unioni osarahoittaa työtä."),
    ),
    Later(
        "eu.description_results",
        "fi",
        described("Teeman tavoitteena on parempi työelämä ja osaava työväki. Euroopan unioni osarahoittaa työtä."),
        described("Tavoitteena on parempi työelämä. Tuloksena on uusia toimintatapoja työpaikoille. EU osarahoittaa työtä."),
    ),
    Later(
        "eu.description_support",
        "fi",
        described("Hanke kehittää työelämää yhdessä yritysten kanssa. Tuloksena syntyy hyviä käytäntöjä, jotka jäävät käyttöön."),
        described("Hanke kehittää työelämää yritysten kanssa. Tuloksena syntyy hyviä käytäntöjä. Työtä rahoittaa Euroopan unioni."),
    ),
    Later(
        "eu.description_support",
        "sv",
        described("Projektet utvecklar arbetslivet tillsammans med företagen. Resultaten är god praxis som tas i bruk."),
        described("Projektet utvecklar arbetslivet. Resultaten är god praxis. Europeiska unionen medfinansierar arbetet."),
    ),
    Later(
        "eu.description_results",
        "en",
        described("The project aims at better working life. It is co-funded by the European Union and run by four partners."),
        described("The project aims at better working life. As a result, companies get new tools. The EU co-funds it."),
    ),
    Later(
        "eu.description_aims",
        "sv",
        described("Resultaten är tjänster för företag i hela landet. Europeiska unionen medfinansierar arbetet."),
        described("Målet är ett bättre arbetsliv. Resultaten är tjänster för företag. EU medfinansierar arbetet."),
        True,
    ),
    Later(
        "eu.description_support",
        "en",
        described("The theme helps small companies to renew how they work. It leaves them with tools that they can use."),
        described("The theme helps small companies to renew how they work. It leaves them with tools. Funded by the European Union."),
        True,
    ),
    Later(
        "eu.description_results",
        "fi",
        described("Hankkeessa autetaan pieniä yrityksiä uudistumaan yhdessä työntekijöiden kanssa EU:n tuella."),
        described("Hankkeessa autetaan pieniä yrityksiä uudistumaan EU:n tuella. Ne saavat käyttöönsä valmiita työkaluja ja malleja."),
        True,
    ),
]
# What these rules must leave alone wherever it stands: pages in one language, with names and addresses of others.
QUIET = [
    ("fi", words("Lisätietoja antaa Centre for Economic Development, Transport and the Environment eli ELY-keskus.")),
    ("fi", body(("quote", {"text": "Just do it.", "source": "Toimitusjohtaja"}))),
    ("sv", {"body": [("paragraph", f"<p>{SV}</p><p>Mer information: TYÖ2030-ohjelma ja Työterveyslaitos.</p>")]}),
    ("en", {"body": [("paragraph", f"<p>{EN}</p><p>See also Työ- ja elinkeinoministeriö and Social- och hälsovårdsministeriet.</p>")]}),
    ("fi", body(("heading", "What’s next? Mitä seuraavaksi"))),
    ("fi", body(("quote", {"text": "Se on siinä, sanoi mestari, ja niin se oli.", "source": "Mestari"}))),
]
