"""Seeds that nobody looks at while rules are written or tuned: written before the rules of the rendered page, in three languages.

What a seed may change beyond a page's fields: `css` is one more stylesheet of the page, `html` a list of (what stands there, what stands
there instead). `{pdf|TEXT}` and `{docx|TEXT}` are documents with that text. Do not mend a rule by what is missed here: write a seed of the
same kind into `corpus.py` instead.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from tests.gate.corpus import DOCUMENT, PAGE, WEB, attached, body, css, figures, html, link, picture, quote, words


class HeldOut(NamedTuple):
    kind: str
    page: str
    language: str
    bad: dict[str, Any]
    clean: dict[str, Any]


SV = "<p>Arbetsplatsen kom överens om att ge återkoppling varje vecka, och det blev en del av vardagen för alla.</p>"
EN = "<p>The workplace agreed to give feedback every week, and it became a part of the daily work for all of them.</p>"
FI = "<p>Työpaikka sopi viikoittaisesta palautteesta, ja siitä tuli osa kaikkien arkea. Se on nyt tapa, jota myös muut kokeilevat.</p>"
LOGO = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA="
LINE, STATEMENT = '<div class="eu-line">', '<p class="eu-line__statement">'


def logo(width: int, height: int, name: str = "logo") -> dict[str, Any]:
    return html((LINE, f'<img class="{name}" src="{LOGO}" alt="Logo" width="{width}" height="{height}">{LINE}'))


HELD_OUT = [
    # ---- what is written, in Swedish and English as well
    HeldOut("alt_missing", "story", "sv", picture(alt_text="") | {}, {"body": [("paragraph", SV)]}),
    HeldOut("alt_missing", "result", "en", picture(alt_text="?"), {"body": [("paragraph", EN)]}),
    HeldOut(
        "alt_file_name", "story", "fi", picture(alt_text="IMG-20250301-WA0007.jpg"), picture(alt_text="Kuvapankin kuva: kaksi ihmistä pöydän ääressä")
    ),
    HeldOut("alt_file_name", "story", "fi", picture(alt_text="Screenshot 2025-03-01.png"), picture(alt_text="Kuvaruutu, jolla näkyy kyselyn tulos")),
    HeldOut("alt_file_name", "story", "fi", picture(alt_text="image001"), picture(alt_text="Kuva 1: vastaajat aloittain")),
    HeldOut("caption_missing", "story", "fi", picture(caption="–"), picture(caption="Oulu 2025")),
    HeldOut(
        "heading_skipped",
        "story",
        "sv",
        body(("paragraph", "<h4>För djupt</h4>" + SV)),
        {"body": [("heading", "Vad vi lärde oss"), ("paragraph", SV)]},
    ),
    HeldOut("heading_empty", "story", "en", body(("heading", "—")), {"body": [("heading", "What we learnt"), ("paragraph", EN)]}),
    HeldOut(
        "title_shouting",
        "story",
        "sv",
        {"title": "KOM MED PÅ SEMINARIET", "body": [("paragraph", SV)]},
        {"title": "ESF+ stöder QWL-mätningar", "body": [("paragraph", SV)]},
    ),
    HeldOut("title_shouting", "event", "en", {"title": "JOIN OUR WORKSHOP TODAY"}, {"title": "WORK2030 presents its tools"}),
    HeldOut(
        "title_long",
        "story",
        "en",
        {"title": "Feedback every week made the work of three companies " * 3},
        {"title": "Feedback every week made the work of three companies better"},
    ),
    HeldOut("link_vague", "story", "sv", link(WEB, "Läs mer här"), link(WEB, "Läs mer om försöket")),
    HeldOut("link_vague", "story", "sv", link(PAGE, "klicka här"), link(PAGE, "försökets slutrapport")),
    HeldOut("link_vague", "story", "en", link(WEB, "Find out more"), link(WEB, "Find out more about the pilot")),
    HeldOut("link_vague", "story", "en", link(WEB, "Read more here"), link(WEB, "Read the final report")),
    HeldOut("link_vague", "story", "fi", link(WEB, "Lue lisää täältä"), link(WEB, "Lue lisää kokeilun vaiheista")),
    HeldOut("link_vague", "story", "fi", link(DOCUMENT, "Lataa tiedosto"), link(DOCUMENT, "Lataa opas esihenkilöille")),
    HeldOut("link_bare_url", "story", "en", link(WEB, "https://example.org/en/report"), link(WEB, "Example report, in English")),
    HeldOut("link_bare_url", "story", "sv", link(WEB, "www.example.org"), link(WEB, "Example-stiftelsen")),
    HeldOut("link_gone", "event", "fi", link('linktype="page" id="{gone}"', "ohjelma"), link(PAGE, "ohjelma")),
    HeldOut("link_draft", "issue", "fi", link('linktype="page" id="{draft}"', "kokeilun tulos"), link(PAGE, "kokeilun tulos")),
    HeldOut("document_gone", "event", "fi", link('linktype="document" id="{gone}"', "ohjelma (PDF)"), link(DOCUMENT, "ohjelma (PDF)")),
    HeldOut("link_malformed", "story", "fi", link('href="http//example.org"', "raportti"), link('href="http://example.org"', "raportti")),
    HeldOut("link_malformed", "story", "fi", link('href="https://esimerkki"', "säätiö"), link('href="https://esimerkki.fi"', "säätiö")),
    HeldOut(
        "link_malformed",
        "story",
        "fi",
        link('href="mailto:info(at)example.org"', "sähköposti"),
        link('href="mailto:info@example.org?subject=Hei"', "sähköposti"),
    ),
    HeldOut("link_staff", "story", "fi", link('href="http://127.0.0.1:8000/fi/"', "sivu"), link('href="https://example.org/127"', "sivu")),
    HeldOut("link_staff", "event", "fi", link('href="https://intra.virasto.local/a"', "ohje"), link('href="https://intra.example.org/a"', "ohje")),
    HeldOut(
        "quote_no_source",
        "story",
        "sv",
        {"body": [("paragraph", SV), ("quote", {"text": "Det fungerar.", "source": "—"})]},
        {"body": [("paragraph", SV), ("quote", {"text": "Det fungerar.", "source": "En chef"})]},
    ),
    HeldOut("figure_no_source", "event", "en", figures(source="…"), figures(source="Survey, 2025")),
    HeldOut("placeholder", "story", "sv", {"lead": "[Lägg till ingress]"}, {"lead": "Tre arbetsplatser lade till en kort stund."}),
    HeldOut("placeholder", "story", "en", words("The seminar is held on XX.XX.2026."), words("The seminar is held on 12.3.2026.")),
    HeldOut("placeholder", "event", "en", words("Speaker: TBC"), words("Speaker: a supervisor from Oulu")),
    HeldOut("placeholder", "story", "fi", words("Tähän tulee johdon sitaatti."), words("Tähän tulee kymmeniä esihenkilöitä joka syksy.")),
    HeldOut("placeholder", "story", "fi", quote("Lorem ipsum dolor", "Johtaja"), quote("Lorem on hauska sana.", "Johtaja")),
    HeldOut("eu_old_wording", "story", "sv", words("Projektet fick Hävkraft från EU 2014–2020."), words("Projektet fick stöd av EU.")),
    HeldOut("eu_old_wording", "event", "en", words("Leverage from the EU 2014–2020"), words("Co-funded by the European Union")),
    HeldOut("language_wrong", "story", "sv", {"body": [("paragraph", FI)]}, {"body": [("paragraph", SV)]}),
    HeldOut("language_wrong", "story", "en", {"body": [("paragraph", SV)]}, {"body": [("paragraph", EN)]}),
    HeldOut("language_wrong", "result", "sv", {"body": [("paragraph", EN)]}, {"body": [("paragraph", SV)]}),
    HeldOut("identity_code", "story", "sv", words("Deltagare 010190-123M svarade."), words("Nummer 010190-1230 är en telefon.")),
    HeldOut("identity_code", "event", "fi", words("Osallistuja 050607A9129."), words("Tuotenumero 050607A9130.")),
    HeldOut("section_empty", "practice", "fi", {"problem": "<p>–</p>"}, {"problem": "<p>Kiire vie palautteen.</p>"}),
    HeldOut("goal_missing", "practice", "fi", {"goals": []}, {}),
    HeldOut("goal_missing", "issue", "fi", {"goals": [], "body": [("paragraph", FI)]}, {"body": [("paragraph", FI)]}),
    HeldOut("event_no_place", "event", "sv", {"place": " - "}, {"place": "Åbo"}),
    HeldOut("pasted_markup", "story", "fi", words('<span style="font-family:Calibri">Teksti</span>'), words("Teksti")),
    # ---- V1
    HeldOut(
        "emblem_hidden",
        "story",
        "fi",
        css("@media (max-width: 640px) { .eu-emblem { display: none } }"),
        css("@media (max-width: 300px) { .eu-emblem { display: none } }"),
    ),
    HeldOut(
        "emblem_hidden",
        "event",
        "sv",
        css("@media (prefers-color-scheme: dark) { .eu-line { visibility: hidden } }"),
        css("@media print { .eu-line { visibility: hidden } }"),
    ),
    HeldOut("emblem_hidden", "result", "fi", css(".site-footer > .wrap { opacity: 0 }"), css(".site-footer > .wrap { opacity: 1 }")),
    HeldOut(
        "emblem_hidden",
        "practice",
        "fi",
        css("@media (width < 30em) { .eu-line { position: absolute; left: -200vw } }"),
        css("@media (width < 30em) { .eu-line { gap: 1rem } }"),
    ),
    HeldOut(
        "emblem_hidden",
        "story",
        "en",
        css("@media (max-width: 500px) { .eu-line { max-height: 0; overflow: hidden } }"),
        css("@media (max-width: 500px) { .eu-line { max-height: 20rem } }"),
    ),
    HeldOut(
        "emblem_hidden",
        "issue",
        "fi",
        html(('<svg class="eu-emblem"', '<svg hidden class="eu-emblem"')),
        html(('<svg class="eu-emblem"', '<svg role="img" class="eu-emblem"')),
    ),
    # ---- V2
    HeldOut("statement_missing", "story", "sv", html(("Medfinansieras av Europeiska unionen", "Medfinansieras av EU")), {}),
    HeldOut("statement_missing", "story", "en", html(("Co-funded by the European Union", "Euroopan unionin osarahoittama")), {}),
    HeldOut(
        "statement_missing",
        "event",
        "fi",
        css("@media (max-width: 30rem) { .eu-line__statement { display: none } }"),
        css("@media (max-width: 30rem) { .eu-line__statement { max-width: none } }"),
    ),
    HeldOut("statement_missing", "result", "fi", css(".eu-line__statement { font-size: 0 }"), css(".eu-line__statement { font-size: 1rem }")),
    # ---- V3
    HeldOut("beside_emblem", "story", "fi", css('.eu-line__statement::after { content: " ESR+" }'), css('.kicker::after { content: " ›" }')),
    HeldOut(
        "beside_emblem",
        "event",
        "en",
        html(("Co-funded by the European Union</p>", "Co-funded by the European Union</p><p>European Social Fund Plus</p>")),
        {},
    ),
    # ---- V4
    HeldOut(
        "statement_font",
        "story",
        "fi",
        css('.eu-line__statement { font-family: "Comic Sans MS", cursive }'),
        css(".eu-line__statement { font-family: Verdana, sans-serif }"),
    ),
    HeldOut(
        "statement_font",
        "event",
        "sv",
        css("@media (min-width: 1000px) { .eu-line__statement { font-family: Georgia, Arial } }"),
        css("@media (min-width: 1000px) { .eu-line__statement { font-family: Ubuntu, Arial } }"),
    ),
    HeldOut(
        "statement_effects",
        "story",
        "en",
        css(".eu-line { font-style: italic } .eu-line__statement { font-style: inherit }"),
        css(".eu-line__statement { font-style: normal }"),
    ),
    HeldOut("statement_effects", "result", "fi", css(".eu-line { text-decoration: underline }"), css(".eu-line { text-decoration: none }")),
    HeldOut(
        "statement_effects",
        "story",
        "fi",
        css(".eu-line__statement { text-shadow: 1px 1px 2px gray }"),
        css(".eu-line__statement { text-shadow: none }"),
    ),
    HeldOut("statement_effects", "practice", "fi", html((STATEMENT, f"{STATEMENT}<em>")), {}),
    # ---- V5
    HeldOut(
        "emblem_covered",
        "story",
        "fi",
        css(".eu-line__statement { margin-inline-start: -5rem }"),
        css(".eu-line__statement { margin-inline-start: .5rem }"),
    ),
    HeldOut(
        "emblem_covered",
        "event",
        "fi",
        css('.eu-line { position: relative } .eu-line::before { content: ""; position: absolute; inset: 0; background: #fff }'),
        css(".eu-line { position: relative }"),
    ),
    HeldOut(
        "emblem_covered",
        "story",
        "sv",
        html(("</body>", '<div style="position:fixed;left:0;right:0;bottom:0;height:8rem;background:#fff">Vi använder kakor</div></body>')),
        html(("</body>", '<div style="display:none;position:fixed;bottom:0">Vi använder kakor</div></body>')),
    ),
    HeldOut(
        "emblem_size",
        "story",
        "fi",
        css("@media (max-width: 400px) { .eu-emblem { width: 18px; height: 12px } }"),
        css("@media (max-width: 400px) { .eu-emblem { width: 4.5rem; height: 3rem } }"),
    ),
    HeldOut(
        "statement_colour",
        "result",
        "en",
        css(".eu-line__statement { color: #c00 }"),
        css("@media not (prefers-color-scheme: dark) { .eu-line__statement { color: #039 } }"),
    ),
    # ---- V6
    HeldOut("emblem_changed", "story", "fi", css(".eu-emblem { filter: grayscale(1) }"), css(".eu-emblem { filter: none }")),
    HeldOut("emblem_changed", "event", "en", css(".eu-emblem path { fill: var(--accent) }"), css(".mark path { fill: none }")),
    HeldOut("emblem_changed", "story", "sv", css(".eu-emblem { transform: rotate(8deg) }"), css(".mark { transform: rotate(8deg) }")),
    HeldOut("emblem_changed", "result", "fi", html(('viewBox="0 0 810 540"', 'viewBox="0 0 810 700"')), {}),
    HeldOut("emblem_changed", "practice", "fi", html(('fill="#fc0"', 'fill="#fff"')), {}),
    HeldOut("larger_logo", "story", "fi", logo(240, 160), logo(60, 40)),
    HeldOut(
        "larger_logo",
        "event",
        "fi",
        css("@media (min-width: 60rem) { .mark { width: 9rem; height: 9rem } }"),
        css("@media (min-width: 60rem) { .mark { width: 3rem; height: 3rem } }"),
    ),
    # ---- V7, V8, colours
    HeldOut("description_empty", "story", "en", css(".site-footer__summary { display: none }"), css(".site-footer__summary { max-width: 30rem }")),
    HeldOut(
        "document_statement",
        "story",
        "fi",
        attached("pdf", "Hankkeen loppuraportti 2025"),
        attached("pdf", "Loppuraportti. Euroopan unionin osarahoittama"),
    ),
    HeldOut(
        "document_statement", "event", "fi", attached("docx", "Seminaarin ohjelma"), attached("docx", "Medfinansieras av Europeiska unionen. Program")
    ),
    HeldOut(
        "contrast",
        "story",
        "fi",
        css("main .prose p, main p { background: #fff; color: #aaa }"),
        css("main .prose p, main p { background: #fff; color: #222 }"),
    ),
    HeldOut("contrast", "result", "sv", css(".kicker { background: gold; color: white }"), css(".kicker { background: #003399; color: white }")),
]
