"""Seeded defects, each with a clean twin: what the gate must catch, and what it must leave alone.

Written before the rules. A seed is one page kind's content with one thing changed. `held_out` seeds are not looked at while rules are tuned:
the last of each kind, and every seed of the kinds in `HELD_OUT_KINDS`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

HELD_OUT_KINDS = {"link_staff", "identity_code", "heading_repeated_level", "anchor_missing", "pasted_markup"}


@dataclass(frozen=True)
class Seed:
    kind: str
    page: str
    bad: dict[str, Any]
    clean: dict[str, Any]
    blocking: bool
    held_out: bool


@dataclass(frozen=True)
class Ground:
    """What the corpus's links and pictures point at."""

    live: int
    draft: int
    document: int
    image: Any
    gone: int = 999_999

    def fill(self, value: Any) -> Any:
        """Puts the ids in: `{live}`, `{draft}`, `{gone}`, `{document}`; "IMAGE" is the picture."""
        if isinstance(value, str):
            for name in ("live", "draft", "gone", "document"):
                value = value.replace(f"{{{name}}}", str(getattr(self, name)))
            return value
        if isinstance(value, dict):
            return {name: self.image if part == "IMAGE" else self.fill(part) for name, part in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(self.fill(part) for part in value)
        return value


TEXT = "<p>Työyhteisö sopi, että palautetta annetaan viikoittain. Ensimmäisten kuukausien aikana tavasta tuli osa arkea.</p>"
LEAD = "Kolme työpaikkaa kokeili yhteistä palautehetkeä ja kertoo, mikä siinä toimi."

# A clean page of each kind; a seed lays its change over it.
CONTENT: dict[str, dict[str, Any]] = {
    "story": {"title": "Palautehetki toi rauhaa kiireeseen", "lead": LEAD, "body": [("paragraph", TEXT)]},
    "result": {
        "title": "Palaute kasvatti osaamista kolmella työpaikalla",
        "lead": LEAD,
        "finding": "Viikoittainen palaute lisäsi työntekijöiden osaamista.",
        "evidence": "Kysely ennen kokeilua ja sen jälkeen, 214 vastaajaa.",
        "body": [("paragraph", TEXT)],
    },
    "practice": {
        "title": "Viikkovartti",
        "lead": LEAD,
        "problem": "<p>Palautetta ei ehditä antaa.</p>",
        "how_it_works": "<p>Kerran viikossa pysähdytään vartiksi.</p>",
        "who_has_used": "<p>Kolme työpaikkaa kahdessa maakunnassa.</p>",
        "how_to_start": "<p>Sopikaa aika ja vetäjä.</p>",
    },
    "event": {"title": "Palautteen aamukahvit", "lead": "Aamupäivä palautteesta ja osaamisesta esihenkilöille.", "body": [("paragraph", TEXT)]},
    "issue": {
        "title": "Syksyn tulokset ja tapahtumat",
        "preview_text": "Kolme tulosta ja kaksi tapahtumaa",
        "lead": "Tässä kirjeessä kerromme syksyn tuloksista ja tapahtumista.",
        "body": [("paragraph", TEXT)],
    },
}


def body(*blocks: tuple[str, Any]) -> dict[str, Any]:
    return {"body": [*blocks, ("paragraph", TEXT)]}


def words(text: str) -> dict[str, Any]:
    return body(("paragraph", f"<p>{text}</p>"))


def picture(**values: Any) -> dict[str, Any]:
    parts = {
        "image": "IMAGE",
        "alt_text": "Kaksi ihmistä keskustelee neuvotteluhuoneessa",
        "decorative": False,
        "caption": "Palautehetki Tampereella",
    }
    values = parts | values
    image = {"image": values.pop("image"), "alt_text": values.pop("alt_text"), "decorative": values.pop("decorative")}
    return body(("figure", {"image": image, **values}))


def figures(**values: str) -> dict[str, Any]:
    item = {"value": "214 vastaajaa", "label": "Kyselyyn vastanneita", "source": "Hankkeen kysely, 2025"} | values
    return body(("key_figures", {"items": [item]}))


def quote(text: str, source: str) -> dict[str, Any]:
    return body(("quote", {"text": text, "source": source}))


def link(href: str, text: str) -> dict[str, Any]:
    return words(f"Lisää tietoa: <a {href}>{text}</a> kertoo kokeilusta.")


def css(text: str) -> dict[str, Any]:
    """One more style sheet of the page."""
    return {"css": text}


def in_light(text: str) -> dict[str, Any]:
    return css(f"@media (prefers-color-scheme: light) {{ {text} }}")


def html(*changes: tuple[str, str]) -> dict[str, Any]:
    """What stands in the rendered page, and what stands there instead."""
    return {"html": list(changes)}


def attached(kind: str, text: str) -> dict[str, Any]:
    """A link to a document of the kind with that text."""
    return words(f'Lataa <a linktype="document" id="{{{kind}|{text}}}">hankkeen aineisto</a> käyttöösi.')


FI_STATEMENT = "Euroopan unionin osarahoittama"
PAGE, DOCUMENT = 'linktype="page" id="{live}"', 'linktype="document" id="{document}"'
WEB = 'href="https://www.example.org/raportti"'
NAMED = "kokeilun loppuraportti"

# (kind, page kind, [(with the defect, its clean twin)]); those in BLOCKING must not go out.
BLOCKING: list[tuple[str, str, list[tuple[dict[str, Any], dict[str, Any]]]]] = [
    (
        "alt_missing",
        "story",
        [
            (picture(alt_text=""), picture(alt_text="", decorative=True)),
            (picture(alt_text="  "), picture()),
            (picture(alt_text="-"), picture(alt_text="Esihenkilö kirjoittaa taululle")),
            (picture(alt_text="."), picture(alt_text="Tulokset pylväinä: osaaminen kasvoi kolmanneksen")),
        ],
    ),
    (
        "alt_file_name",
        "story",
        [
            (picture(alt_text="IMG_2041.jpg"), picture(alt_text="Työpaja Oulussa")),
            (picture(alt_text="kansikuva-final.png"), picture(alt_text="Raportin kansi")),
            (picture(alt_text="DSC00123"), picture(alt_text="Yleisöä seminaarissa 2025")),
            (picture(alt_text="kuva_3.webp"), picture(alt_text="Ryhmä kokoontuu ikkunan ääressä")),
        ],
    ),
    (
        "caption_missing",
        "story",
        [
            (picture(caption="  "), picture()),
            (picture(caption="-"), picture(caption="Kokeilun aloitus")),
            (picture(caption="."), picture(caption="Vuoden 2025 seminaari")),
        ],
    ),
    (
        "heading_empty",
        "story",
        [
            (body(("heading", "   ")), body(("heading", "Mitä opimme"))),
            (words("Alku</p><h3> </h3><p>Loppu"), words("Alku</p><h2>Väliotsikko</h2><p>Loppu")),
            (body(("heading", "\u00a0")), body(("heading", "Miten jatketaan"))),
            (words("Alku</p><h2><br></h2><p>Loppu"), words("Alku<br>Loppu")),
        ],
    ),
    (
        "heading_skipped",
        "story",
        [
            (words("Alku</p><h4>Liian syvällä</h4><p>Loppu"), words("Alku</p><h2>Oikealla tasolla</h2><p>Loppu")),
            (
                body(("heading", "Luku"), ("paragraph", "<h5>Alaluku</h5><p>Teksti</p>")),
                body(("heading", "Luku"), ("paragraph", "<h3>Alaluku</h3><p>T.</p>")),
            ),
            (words("Alku</p><h3>Ohi tason</h3><p>Loppu"), body(("heading", "Eka"), ("heading", "Toka"))),
        ],
    ),
    (
        "heading_repeated_level",
        "story",
        [
            (words("Alku</p><h1>Toinen pääotsikko</h1><p>Loppu"), words("Alku</p><h2>Väliotsikko</h2><p>Loppu")),
            (body(("paragraph", "<h1>Pääotsikko tekstissä</h1>")), body(("heading", "Pääotsikko on sivulla jo"))),
            (words("</p><h1>UUSI</h1><p>"), words("Uusi alku")),
        ],
    ),
    (
        "title_shouting",
        "story",
        [
            ({"title": "PALAUTEHETKI TOI RAUHAA KIIREESEEN"}, {"title": "ESR+ rahoittaa palautehetkiä"}),
            ({"title": "UUSI OPAS ON JULKAISTU"}, {"title": "TEM ja STM julkaisivat oppaan"}),
            ({"title": "TULE MUKAAN SEMINAARIIN"}, {"title": "TYÖ2030 esittäytyy"}),
            ({"title": "TULOKSET JULKI!"}, {"title": "QWL-indeksi nousi"}),
        ],
    ),
    (
        "lead_shouting",
        "event",
        [
            ({"lead": "TULE KUULEMAAN, MITEN PALAUTE MUUTTI KOLME TYÖPAIKKAA."}, {"lead": "TEM ja STM kertovat, miten ESR+ tukee työelämää."}),
            ({"lead": "ILMOITTAUDU HETI MUKAAN TAPAHTUMAAN"}, {"lead": "Ilmoittaudu mukaan QWL-työpajaan."}),
            ({"lead": "AAMUPÄIVÄ PALAUTTEESTA ESIHENKILÖILLE"}, {"lead": "Aamupäivä palautteesta esihenkilöille."}),
        ],
    ),
    (
        "title_long",
        "result",
        [
            ({"title": "Palaute " + "ja osaaminen " * 12}, {"title": "Palaute ja osaaminen pienissä yrityksissä"}),
            ({"title": "Kolmen maakunnan yhteinen kokeilu " * 5}, {"title": "Kolmen maakunnan yhteinen kokeilu"}),
            (
                {"title": "Osaamisen johtaminen muutoksessa " * 5},
                {"title": "Osaamisen johtaminen muutoksessa: mitä pk-yritysten kokeilu opetti meille"},
            ),
        ],
    ),
    (
        "lead_missing",
        "story",
        [
            ({"lead": "   "}, {"lead": LEAD}),
            ({"lead": "-"}, {"lead": "Kolme työpaikkaa kokeili."}),
            ({"lead": "..."}, {"lead": "Lyhyt palaute riittää, kun se annetaan usein."}),
        ],
    ),
    (
        "link_vague",
        "story",
        [
            (link(WEB, "täältä"), link(WEB, NAMED)),
            (link(WEB, "Klikkaa tästä"), link(WEB, "Tästä kaikki alkoi -podcast")),
            (link(PAGE, "tästä"), link(PAGE, "kokeilun esittely")),
            (link(WEB, "Lue lisää"), link(WEB, "Lue lisää kokeilusta")),
            (link(WEB, "tästä linkistä"), link(WEB, "linkkikokoelma")),
            (link(DOCUMENT, "här"), link(DOCUMENT, "raportti (PDF)")),
            (link(WEB, "click here"), link(WEB, "Heretics-näyttely")),
            (link(WEB, "here"), link(WEB, "hereillä-hanke")),
            (link(WEB, "tänne."), link(WEB, "ilmoittautuminen seminaariin")),
        ],
    ),
    (
        "link_bare_url",
        "story",
        [
            (link(WEB, "https://www.example.org/raportti"), link(WEB, NAMED)),
            (link(WEB, "www.example.org/raportti"), link(WEB, "Esimerkki-säätiö")),
            (link(WEB, "http://example.org"), link('href="mailto:info@example.org"', "info@example.org")),
            (link(WEB, "example.org/raportti/2025?a=1"), link('href="tel:+358201234567"', "020 123 4567")),
        ],
    ),
    (
        "link_empty",
        "story",
        [
            (link(WEB, ""), link(WEB, NAMED)),
            (link(WEB, " "), link(PAGE, NAMED)),
            (link(PAGE, "<b></b>"), link(PAGE, "<b>kokeilun esittely</b>")),
            (link(WEB, "\u00a0"), link(DOCUMENT, NAMED)),
        ],
    ),
    (
        "link_gone",
        "story",
        [
            (link('linktype="page" id="{gone}"', NAMED), link(PAGE, NAMED)),
            (words('Katso <a linktype="page" id="{gone}">kokeilun sivu</a>.'), words(f"Katso <a {PAGE}>kokeilun sivu</a>.")),
            (words('Alku <a id="{gone}" linktype="page">tulokset</a>'), words('Alku <a id="{live}" linktype="page">tulokset</a>')),
        ],
    ),
    (
        "link_draft",
        "practice",
        [
            ({"problem": f'<p>Ks. <a linktype="page" id="{{draft}}">{NAMED}</a>.</p>'}, {"problem": f"<p>Ks. <a {PAGE}>{NAMED}</a>.</p>"}),
            ({"how_to_start": '<p><a linktype="page" id="{draft}">Ohje</a></p>'}, {"how_to_start": f"<p><a {PAGE}>Ohje aloittajalle</a></p>"}),
            (
                {"how_it_works": '<p>Kuten <a linktype="page" id="{draft}">muualla</a></p>'},
                {"how_it_works": f"<p>Kuten <a {DOCUMENT}>oppaassa</a></p>"},
            ),
        ],
    ),
    (
        "document_gone",
        "story",
        [
            (link('linktype="document" id="{gone}"', NAMED), link(DOCUMENT, NAMED)),
            (words('Lataa <a linktype="document" id="{gone}">opas</a>.'), words(f"Lataa <a {DOCUMENT}>opas</a>.")),
            (words('<a linktype="document" id="{gone}">Opas (PDF)</a>'), words(f"<a {DOCUMENT}>Opas (PDF)</a>")),
        ],
    ),
    (
        "link_malformed",
        "story",
        [
            (link('href="htp://example.org"', NAMED), link('href="http://example.org"', NAMED)),
            (link('href="https:/example.org"', NAMED), link('href="https://example.org/a/b"', NAMED)),
            (link('href="www.example.org"', NAMED), link('href="/fi/"', NAMED)),
            (link('href="https://"', NAMED), link('href="https://esimerkki.fi"', NAMED)),
            (link('href="mailto:info"', "sähköposti"), link('href="mailto:info@example.org"', "sähköposti")),
            (link('href="https://exa mple.org/"', NAMED), link('href="https://example.org/a%20b"', NAMED)),
        ],
    ),
    (
        "link_staff",
        "story",
        [
            (link('href="http://localhost:8000/fi/"', NAMED), link('href="https://example.org/localhost"', NAMED)),
            (link('href="/admin/pages/12/edit/"', NAMED), link('href="/fi/administrator-opas/"', NAMED)),
            (link('href="http://192.168.1.20/tiedosto"', NAMED), link('href="https://example.org/192.168"', NAMED)),
        ],
    ),
    (
        "anchor_missing",
        "story",
        [
            (link('href="#olematon"', "lähteet"), link('href="#main"', "sisällön alku")),
            (link('href="#lahteet"', "luettelo lähteistä"), link(PAGE, "lähteet")),
            (link('href="#"', "takaisin ylös"), link('href="#main"', "takaisin ylös")),
        ],
    ),
    (
        "quote_no_source",
        "story",
        [
            (quote("Palaute kannattaa.", ""), quote("Palaute kannattaa.", "Esihenkilö, pk-yritys")),
            (quote("Vartti riittää.", "  "), quote("Vartti riittää.", "Luottamushenkilö")),
            (quote("Aloittakaa heti.", "-"), quote("Aloittakaa heti.", "HR")),
            (quote("Hyvä tapa.", "?"), quote("Hyvä tapa.", "Työntekijä")),
        ],
    ),
    (
        "quote_empty",
        "issue",
        [
            (quote("", "Esihenkilö"), quote("Palaute kannattaa.", "Esihenkilö")),
            (quote("  ", "Työntekijä"), quote("Kyllä.", "Työntekijä")),
            (quote("…", "Johtaja"), quote("Kyllä … ehkä.", "Johtaja")),
        ],
    ),
    (
        "figure_no_source",
        "story",
        [
            (figures(source=""), figures()),
            (figures(source=" "), figures(source="Tilastokeskus 2024")),
            (figures(source="-"), figures(source="QWL-kysely, syksy 2025")),
            (figures(source="?"), figures(source="TTL")),
        ],
    ),
    (
        "figure_no_label",
        "result",
        [
            (figures(label=""), figures()),
            (figures(label="  "), figures(label="Osuus")),
            (figures(label="-"), figures(label="Vastausprosentti")),
        ],
    ),
    (
        "figure_no_number",
        "result",
        [
            (figures(value="paljon"), figures(value="3 prosenttia")),
            (figures(value="  "), figures(value="1 200 €")),
            (figures(value="-"), figures(value="−4 %")),
            (figures(value="X %"), figures(value="kolmannes")),
        ],
    ),
    (
        "placeholder",
        "story",
        [
            (words("Lorem ipsum dolor sit amet, consectetur adipiscing elit."), words("Lorenzo ja Ipsos tekivät kyselyn.")),
            (words("TODO: tarkista luvut."), words("Todo-lista auttaa arjessa.")),
            (words("Seminaari pidetään XX.XX.2026."), words("Seminaari pidetään 12.3.2026.")),
            ({"lead": "Tähän ingressi, kaksi lausetta."}, {"lead": "Tähän on tultu kolmessa vuodessa."}),
            ({"title": "Otsikko tähän"}, {"title": "Otsikoita tutkimuksesta"}),
            (words("Tulos on [lisää luku] prosenttia."), words("Tulos on [1] prosenttia.")),
            (words("Vastaajia oli xxx henkilöä."), words("Vastaajia oli XXL-ryhmässä yksi.")),
            (words("Text här senare. Lisää teksti tähän."), words("Lisää tekstiä tähän aiheeseen on luvassa keväällä.")),
        ],
    ),
    (
        "eu_old_wording",
        "story",
        [
            (words("Hanketta rahoittaa Vipuvoimaa EU:lta 2014–2020."), words("Hanketta rahoittaa Euroopan unioni.")),
            (words("vipuvoimaa EU:lta"), words("EU antoi kokeilulle vipuvoimaa.")),
            ({"lead": "Vipuvoimaa EU:lta: kolme työpaikkaa kokeili."}, {"lead": LEAD}),
            (words("Hävkraft från EU"), words("Euroopan unionin osarahoittama")),
            (quote("Saimme Vipuvoimaa EU:lta.", "Johtaja"), quote("Saimme tukea EU:lta.", "Johtaja")),
            (words("Leverage from the EU"), words("Euroopan sosiaalirahasto tukee kokeilua.")),
            (picture(caption="Vipuvoimaa EU:lta -logo"), picture(caption="EU-tunnus hankkeen seinällä")),
        ],
    ),
    ("goal_missing", "story", [({"goals": []}, {}), ({"goals": [], "title": "Toinen juttu"}, {"title": "Toinen juttu"})]),
    ("goal_missing", "event", [({"goals": []}, {})]),
    ("goal_missing", "result", [({"goals": []}, {})]),
    (
        "section_empty",
        "practice",
        [
            ({"problem": "<p></p>"}, {"problem": "<p>Ei aikaa.</p>"}),
            ({"how_it_works": "<p> </p>"}, {"how_it_works": "<ul><li>Vartti viikossa</li></ul>"}),
            ({"who_has_used": ""}, {"who_has_used": "<p>Kolme.</p>"}),
            ({"how_to_start": "<p><br/></p>"}, {"how_to_start": "<p>Sopikaa.</p>"}),
        ],
    ),
    (
        "section_empty",
        "result",
        [
            ({"finding": "  "}, {"finding": "Osaaminen kasvoi."}),
            ({"evidence": "-"}, {"evidence": "Kysely."}),
        ],
    ),
    (
        "body_empty",
        "story",
        [
            ({"body": []}, {"body": [("paragraph", "<p>Kaikki sujui hyvin.</p>")]}),
            ({"body": [("paragraph", "<p></p>")]}, {"body": [("quote", {"text": "Hyvä.", "source": "Johtaja"}), ("paragraph", TEXT)]}),
            ({"body": [("heading", "Pelkkä otsikko")]}, {"body": [("heading", "Otsikko"), ("paragraph", TEXT)]}),
        ],
    ),
    (
        "language_wrong",
        "story",
        [
            (
                {
                    "body": [
                        (
                            "paragraph",
                            "<p>Arbetsplatsen kom överens om att ge återkoppling varje vecka, och det blev en del av vardagen för alla.</p>",
                        )
                    ]
                },
                {"body": [("paragraph", "<p>Työpaikka sopi viikoittaisesta palautteesta, ja siitä tuli osa kaikkien arkea.</p>")]},
            ),
            (
                {
                    "body": [
                        (
                            "paragraph",
                            "<p>The workplace agreed to give feedback every week, and it became a part of the daily work for all of them.</p>",
                        )
                    ]
                },
                {"body": [("paragraph", "<p>Oppaan nimi on The Feedback of the Week, ja se on saatavilla kaikille työpaikoille.</p>")]},
            ),
            (
                {
                    "body": [
                        (
                            "paragraph",
                            "<p>This is a story about how three companies have learned to talk with each other and what they think of it.</p>",
                        )
                    ]
                },
                {"body": [("paragraph", "<p>Tämä on tarina siitä, miten kolme yritystä oppi puhumaan ja mitä ne siitä ajattelevat.</p>")]},
            ),
        ],
    ),
    (
        "event_no_place",
        "event",
        [
            ({"place": ""}, {"place": "Tampere-talo"}),
            ({"place": "  "}, {"place": "", "mode": "online"}),
            ({"place": "-"}, {"place": "Oulu, pääkirjasto"}),
            ({"place": "", "mode": "hybrid"}, {"place": "Turku", "mode": "hybrid"}),
        ],
    ),
    (
        "item_not_live",
        "issue",
        [
            (body(("item", "{draft}")), body(("item", "{live}"))),
            (body(("heading", "Luettavaa"), ("item", "{draft}")), body(("heading", "Luettavaa"), ("item", "{live}"))),
            (body(("item", "{live}"), ("item", "{draft}")), body(("item", "{live}"))),
        ],
    ),
    (
        "pasted_markup",
        "story",
        [
            (words('<span style="mso-fareast-language:EN-US">Teksti</span>'), words("<b>Teksti</b> jatkuu")),
            (words('<font color="red">Huom</font>'), words("<i>Huom</i> tämä")),
            (words('</p><p class="MsoNormal">Teksti'), words("Mso on lyhenne")),
        ],
    ),
    (
        "identity_code",
        "story",
        [
            (words("Vastaaja 131052-308T kertoi."), words("Puhelin 131052-3080.")),
            (words("Tunnus 010101A901S."), words("Viite 010101A90.")),
            (words("Tunnus on 131052-308T"), words("Y-tunnus on 0201256-6")),
        ],
    ),
    (
        "picture_in_text",
        "story",
        [
            (words('Alku</p><embed alt="" embedtype="image" format="left" id="IMAGEID"/><p>Loppu'), words("Alku</p><p>Loppu")),
            (
                words('Alku</p><embed alt="IMG_1.jpg" embedtype="image" format="left" id="IMAGEID"/><p>Loppu'),
                words("Alku</p><p>Kuva puuttuu tarkoituksella."),
            ),
        ],
    ),
    (
        "emblem_hidden",
        "story",
        [
            (css("@media (max-width: 600px) { .eu-emblem { display: none } }"), css("@media print { .eu-emblem { display: none } }")),
            (css(".site-footer { visibility: hidden }"), css(".site-footer { visibility: visible }")),
            (
                css("@media (prefers-color-scheme: dark) { .eu-line { opacity: 0 } }"),
                css("@media (forced-colors: active) { .eu-line { opacity: 0 } }"),
            ),
            (
                css("@media (width < 48rem) { .eu-line { position: absolute; left: -9999px } }"),
                css("@media (width < 48rem) { .eu-line { gap: 1rem } }"),
            ),
            (css(".site-footer .eu-line { height: 1px; min-height: 0; overflow: hidden }"), css(".site-footer .eu-line { overflow: hidden }")),
            (css(".eu-line { clip-path: inset(50%) }"), css(".mark { clip-path: inset(50%) }")),
            (css(".eu-emblem { transform: scale(0) }"), css(".mark { transform: scale(0) }")),
            (html(('<footer class="site-footer">', '<footer class="site-footer" hidden>')), html(('<main id="main"', '<main data-a="" id="main"'))),
            (css("@media (min-width: 80rem) { footer { display: none } }"), css("@media (min-width: 200rem) { footer { display: none } }")),
        ],
    ),
    (
        "statement_missing",
        "event",
        [
            (html((FI_STATEMENT, "EU:n osarahoittama")), {}),
            (html((FI_STATEMENT, "Co-funded by the European Union")), {}),
            (css("@media (width <= 400px) { .eu-line__statement { display: none } }"), css("@media (width <= 400px) { .eu-line { gap: 1rem } }")),
            (css(".eu-line__statement { color: transparent }"), css(".eu-line__statement { background: transparent }")),
            (css(".eu-line__statement { text-indent: -999em }"), css(".lead { text-indent: 1em }")),
        ],
    ),
    (
        "beside_emblem",
        "result",
        [
            (html((f"{FI_STATEMENT}</p>", f"{FI_STATEMENT} ESR+</p>")), html(("</main>", "<p>ESR+ rahoittaa hanketta.</p></main>"))),
            (html((f"{FI_STATEMENT}</p>", f'{FI_STATEMENT}</p><img alt="" src="/a.png">')), html(("</main>", '<img alt="" src="/a.png"></main>'))),
            (css('.eu-line::after { content: "Euroopan sosiaalirahasto" }'), css('.site-footer__name::after { content: "" }')),
            (html((FI_STATEMENT, f"Vipuvoimaa EU:lta {FI_STATEMENT}")), {}),
        ],
    ),
    (
        "statement_face",
        "story",
        [
            (css(".eu-line__statement { font-family: Georgia, serif }"), css(".eu-line__statement { font-family: Tahoma, sans-serif }")),
            (css(":root { --font-eu: 'Source Sans 3', Arial }"), css(":root { --font-eu: 'Trebuchet MS', Arial }")),
            (css("@media (width >= 60rem) { .eu-line p { font: 700 1rem/1.3 var(--font-display) } }"), css(".lead { font-family: Georgia }")),
            (
                css(".eu-line__statement { font: 400 1rem cursive !important }"),
                css("@layer tokens { .eu-line p { font: 400 1rem cursive } }"),
            ),
        ],
    ),
    (
        "statement_effects",
        "practice",
        [
            (css(".eu-line__statement { font-style: italic }"), css("blockquote { font-style: italic }")),
            (css(".site-footer { text-decoration: underline }"), css(".site-header { text-decoration: underline }")),
            (css(".eu-line__statement { text-transform: uppercase }"), css(".kicker { text-transform: uppercase }")),
            (html((FI_STATEMENT, f"<u>{FI_STATEMENT}</u>")), html((FI_STATEMENT, f"<span>{FI_STATEMENT}</span>"))),
            (css(".eu-line__statement { text-shadow: 0 1px 3px red }"), css(".brand { text-shadow: 0 1px 3px red }")),
        ],
    ),
    (
        "statement_colour",
        "story",
        [
            (css(".eu-line__statement { color: #a00 }"), css("@media not (prefers-color-scheme: dark) { .eu-line__statement { color: #003399 } }")),
            (css(".eu-line__statement { color: var(--accent-text) }"), css(".site-footer__summary { color: var(--accent-text) }")),
        ],
    ),
    (
        "emblem_covered",
        "event",
        [
            (css(".eu-line__statement { margin-left: -4rem }"), css(".eu-line__statement { margin-left: 1rem }")),
            (css(".eu-line__statement { position: absolute; left: 0 }"), css(".site-footer__summary { position: relative }")),
            (html(("</body>", '<p style="position:fixed;bottom:0;left:0;right:0">Evästeet</p></body>')), html(("</body>", "<p>Alla</p></body>"))),
            (css(".eu-emblem { margin-inline-end: -2rem }"), css(".eu-emblem { margin-inline-end: 0 }")),
            (css('.site-footer { position: relative } .site-footer::after { content: ""; position: absolute; inset: 0; background: #fff }'), {}),
            (css("@media (width < 30rem) { .eu-line__statement { transform: translateX(-40px) } }"), css(".lead { transform: translateX(-4px) }")),
        ],
    ),
    (
        "emblem_size",
        "result",
        [
            (css(".eu-emblem { width: 36px; height: 24px }"), css(".eu-emblem { width: 60px; height: 40px }")),
            (css("@media (width < 40rem) { .eu-emblem { height: 1rem; width: auto } }"), css(".eu-emblem { height: 3.25rem; width: auto }")),
            (css(".eu-line__statement { font-size: 8rem }"), css(".eu-line__statement { font-size: 1.25rem }")),
        ],
    ),
    (
        "emblem_changed",
        "story",
        [
            (css(".eu-emblem { filter: grayscale(100%) }"), css("main img { filter: grayscale(100%) }")),
            (css(".site-footer { filter: sepia(1) }"), css(".site-header { filter: sepia(1) }")),
            (css(".eu-emblem path { fill: currentColor }"), css(".mark path { stroke: currentColor }")),
            (html(('fill="#039"', 'fill="#0050ff"')), {}),
            (html(("M495 84.12L501.74 104.84", "M495 94.12L501.74 104.84")), {}),
            (css(".eu-emblem { rotate: 10deg }"), css(".mark { rotate: 10deg }")),
            (css(".eu-emblem { border-radius: 12px }"), css(".picture img { border-radius: 12px }")),
            (css(".eu-emblem { opacity: .6 }"), css(".mark { opacity: .6 }")),
            (html(('viewBox="0 0 810 540"', 'viewBox="0 0 810 540" preserveAspectRatio="none" style="width:84px;height:84px"')), {}),
            (html(('<path fill="#039"', '<circle r="9"/><path fill="#039"')), {}),
        ],
    ),
    (
        "emblem_ground",
        "story",
        [
            (
                css(".site-footer { background: #900 } .site-footer * { color: #fff }"),
                in_light(".site-footer { background: #fff }"),
            ),
            (
                css("@media (prefers-color-scheme: dark) { .eu-emblem { outline: none } }"),
                css("@media (prefers-color-scheme: light) { .mark { outline: none } }"),
            ),
            (css(".site-footer { background: url(/kuva.jpg) }"), css(".site-header { background: url(/kuva.jpg) }")),
        ],
    ),
    (
        "larger_logo",
        "practice",
        [
            (css(".mark { width: 8rem; height: 8rem }"), css(".mark { width: 2rem; height: 2rem }")),
            (
                html(("<footer", '<img class="logo" alt="Säätiö" width="180" height="90"><footer')),
                html(("<footer", '<img class="logo" alt="S" width="80" height="50"><footer')),
            ),
            (
                html(("<footer", '<img alt="Säätiön logo" style="width:12rem;height:6rem"><footer')),
                html(("<footer", '<img alt="Logo" style="width:3rem;height:2rem"><footer')),
            ),
        ],
    ),
    (
        "description_missing_on_page",
        "story",
        [
            (html(("site-footer__summary", "site-footer__other")), {}),
            (
                css("@media (width < 48rem) { .site-footer__summary { display: none } }"),
                css("@media (width < 48rem) { .site-footer__name { display: none } }"),
            ),
        ],
    ),
    (
        "contrast",
        "story",
        [
            (
                css("main p { background: #fff; color: #bbb }"),
                in_light("main p { background: #fff; color: #333 }"),
            ),
            (css(".lead { color: var(--hairline) }"), css(".lead { color: var(--ink) }")),
            (
                css("@media (prefers-color-scheme: dark) { main p { color: #333 } }"),
                css("@media (prefers-color-scheme: dark) { main p { color: #eee } }"),
            ),
        ],
    ),
    (
        "document_statement",
        "story",
        [
            (attached("pdf", "Hankkeen opas esihenkilöille"), attached("pdf", "Opas. Euroopan unionin osarahoittama")),
            (attached("docx", "Työpajan ohjelma"), attached("docx", "Ohjelma. Co-funded by the European Union")),
            (attached("pdf", "Vipuvoimaa EU:lta 2014-2020"), attached("pdf", "Medfinansieras av Europeiska unionen. Guide")),
        ],
    ),
]

# These only inform: they must be found, and never block.
WARNINGS: list[tuple[str, str, list[tuple[dict[str, Any], dict[str, Any]]]]] = [
    (
        "repeated_word",
        "story",
        [
            (words("Sovimme että että palaute annetaan."), words("Ei, ei näin.")),
            (words("Palaute on on tärkeää."), words("Vähitellen, vähitellen.")),
            (words("Me me aloitimme."), words("Oli kuin olikin hyvä.")),
        ],
    ),
    (
        "exclamations",
        "story",
        [
            (words("Tule mukaan!!!"), words("Tule mukaan!")),
            ({"title": "Tulokset ovat täällä!!"}, {"title": "Tulokset ovat täällä!"}),
            (words("Todella hyvä!!"), words("Todella hyvä! Aivan.")),
        ],
    ),
    (
        "long_paragraph",
        "story",
        [
            (words("Palautetta annettiin joka viikko eri tavoin. " * 40), words("Palautetta annettiin joka viikko eri tavoin. " * 5)),
            (words("Kokeilu kesti vuoden ja siihen osallistui väkeä. " * 40), words("Kokeilu kesti vuoden.")),
        ],
    ),
    (
        "description_missing",
        "story",
        [
            ({"search_description": ""}, {"search_description": LEAD}),
            ({"search_description": "  "}, {"search_description": "Miten palaute muutti kolme työpaikkaa."}),
        ],
    ),
    (
        "fake_list",
        "story",
        [
            (words("- eka<br/>- toka<br/>- kolmas"), words("Eka - toka - kolmas")),
            (words("* eka</p><p>* toka"), words("Eka * toka")),
        ],
    ),
    (
        "fake_heading",
        "story",
        [
            (words("<b>Mitä opimme</b></p><p>Paljon."), words("<b>Mitä opimme?</b> Paljon.")),
            (words("<b>Tulokset</b></p><p>Hyviä."), words("Tulokset <b>hyviä</b>.")),
        ],
    ),
]


def seeds() -> list[Seed]:
    found = []
    for rows, blocking in ((BLOCKING, True), (WARNINGS, False)):
        for kind, page, pairs in rows:
            for number, (bad, clean) in enumerate(pairs):
                last = number == len(pairs) - 1 and len(pairs) > 2
                found.append(Seed(kind, page, bad, clean, blocking, held_out=last or kind in HELD_OUT_KINDS))
    return found
