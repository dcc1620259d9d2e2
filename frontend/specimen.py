"""The design system's documentation: every component with real templates and long Finnish words.

    .venv/bin/python frontend/specimen.py [port]

Never shipped: it stands outside the installed packages. It sends the site's strict CSP, so that a
component that needs an inline style breaks here first.
"""

import mimetypes
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace as Obj

import django
from django import forms
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

HERE = Path(__file__).parent
BASE = HERE.parent / "site" / "base"
LONG = "Työhyvinvointikoordinaatiohankkeen vaikuttavuusarviointi"
CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'"


class RegistrationForm(forms.Form):
    name = forms.CharField(label="Nimi")
    email = forms.EmailField(label="Sähköposti", help_text="Lähetämme vahvistuksen tähän osoitteeseen.")
    organisation = forms.CharField(label="Organisaatio", required=False)
    region = forms.ChoiceField(label="Maakunta", choices=[("", "Valitse"), ("11", "Pohjois-Savo"), ("21", "Ahvenanmaa")])
    topics = forms.MultipleChoiceField(
        label="Työhyvinvointikoordinaatiohankkeen aihepiirit",
        help_text="Valitse yksi tai useampi.",
        choices=[("a", "Työhyvinvointi ja jaksaminen"), ("b", LONG), ("c", "Muutoskyky")],
        widget=forms.CheckboxSelectMultiple,
    )
    way = forms.ChoiceField(label="Osallistun", choices=[("p", "Paikan päällä"), ("o", "Verkossa")], widget=forms.RadioSelect)
    message = forms.CharField(label="Viesti järjestäjälle", required=False, widget=forms.Textarea)
    consent = forms.BooleanField(label="Tilaan myös uutiskirjeen", help_text="Kerran kuussa. Voit perua tilauksen milloin vain.")
    website = forms.CharField(label="Jätä tyhjäksi", required=False)
    website.honeypot = True  # type: ignore[attr-defined]


def bar(actual: int | None, sentence: str, **forecast: float) -> Obj:
    return Obj(actual_x=actual, low_x=42, high_x=70, expected_x=56, sentence=sentence, **forecast)


# Lengths in per cent, no viewBox: the drawing fits any width and its text stays 14 px on a telephone.
CHART = mark_safe(
    '<svg height="192" role="img" aria-label="Tavoittavuus alueittain, prosenttia">'
    + "".join(
        f'<text class="chart-label" x="0" y="{16 + 48 * i}">{name}, {value} %</text>'
        f'<rect class="chart-bar" x="0" y="{23 + 48 * i}" width="{value}%" height="12"/>'
        for i, (name, value) in enumerate([("Pohjois-Savo", 82), ("Kainuu", 61), ("Lappi", 38), ("Ahvenanmaa", 12)])
    )
    + "</svg>"
)

CONTEXT = {
    "language": "fi",
    "title": "Näyte",
    "theme": Obj(
        name="Työelämän kehittäminen",
        accent="",
        summary="Valtakunnallinen teema parantaa työhyvinvointia ja tuottavuutta samanaikaisesti. Alueelliset "
        "hankkeet kehittävät työpaikkoja, ja koordinaatiohanke kokoaa ja levittää niiden tuloksia vuosina 2021–2027.",
    ),
    "menu": [
        Obj(title=title, url="#", is_current=i == 1)
        for i, title in enumerate(["Juttuja", "Tapahtumat", "Hyvät käytännöt", "Hankkeet", "Uutiskirje", "Haku"])
    ],
    "translations": [
        Obj(language_code="fi", url="https://example.org/fi/", label="Suomi", is_current=True),
        Obj(language_code="sv", url="https://example.org/sv/", label="Svenska", is_current=False),
        Obj(language_code="en", url="https://example.org/en/", label="English", is_current=False),
    ],
    "footer_links": [Obj(title=title, url="#") for title in ["Yhteystiedot", "Anna palautetta", "Saavutettavuusseloste", "Tietosuojaseloste"]],
    "bars": [
        bar(61, "312 tilaajaa; odotettu 240–400, tavoite 320 vuoden 2026 loppuun mennessä.", forecast_x=68, forecast_low_x=62.5, forecast_high_x=77),
        bar(22, "Kainuussa tavoitettiin 9 yritystä 41:stä; tavoite on 23."),
        bar(94, "Ylittyi: 1 204 lukijaa, kun odotettiin 540–900."),
        bar(0, "0 ilmoittautunutta; odotettu 20–35. Ilmoittautuminen on auki."),
        bar(None, "Ei vielä tietoa. " + LONG + " mitataan ensi kerran keväällä 2027."),
    ],
    "events": [
        Obj(
            title=title,
            url="#",
            day=day,
            month=month,
            year_if_other=year,
            time=time,
            place=place,
            mode_label=mode,
            seats_text=seats,
            is_cancelled=cancelled,
            starts_iso="2026-10-07T09:00",
        )
        for title, day, month, year, time, place, mode, seats, cancelled in [
            (
                "Työpaja: näin muutos onnistuu pienessä yrityksessä",
                7,
                "loka",
                "",
                "9.00–11.30",
                "Kuopio, Technopolis",
                "Paikan päällä",
                "4 paikkaa jäljellä",
                False,
            ),
            (LONG, 21, "marras", "", "13.00–15.00", "Oulunkaaren kuntayhtymän kokouskeskus", "Hybridi", "Täynnä – pääset jonotuslistalle", False),
            ("Esihenkilöiden aamukahvit", 3, "joulu", "", "8.30–9.15", "", "Verkossa", "Vapaita paikkoja", True),
            ("Arbetslivsforum på Åland", 14, "tammi", "2027", "10.00–15.00", "Mariehamn", "Paikan päällä", "", False),
        ]
    ],
    "items": [
        Obj(title=title, url="#", lead=lead, kind_label=kind, date=date, date_iso="2026-09-14")
        for title, lead, kind, date in [
            (
                "Kainuun konepajassa viikko alkaa vartin keskustelulla",
                "Sairauspoissaolot vähenivät kolmanneksen. Menetelmä on niin yksinkertainen, että se on levinnyt jo neljään maakuntaan.",
                "Juttu",
                "14.9.2026",
            ),
            (LONG, "Ulkoinen arviointi kertoo, mikä hankkeissa toimi ja mikä ei.", "Tulos", "2.9.2026"),
            ("Ikäjohtamisen pelikirja pienille työpaikoille", "Kolme tapaa aloittaa, kun henkilöstöosastoa ei ole.", "Hyvä käytäntö", "28.8.2026"),
        ]
    ],
    "lines": [
        Obj(date=date, channel=channel, channel_label=channel, title=title, url="#", audience=audience, goal=goal, reach=reach, spark_points=points)
        for date, channel, title, audience, goal, reach, points in [
            (
                "14.9.2026",
                "story",
                "Kainuun konepajassa viikko alkaa vartin keskustelulla",
                "Pienet yritykset, Kainuu",
                "Hyvät käytännöt tutuiksi",
                "312 lukijaa",
                "0,22 12,18 25,4 37,9 50,14 62,16 75,19 87,20 100,21",
            ),
            (
                "16.9.2026",
                "newsletter",
                "Syyskuun uutiskirje: " + LONG,
                "Sidosryhmät",
                "Tilaajamäärä",
                "1 204 avausta",
                "0,20 12,2 25,10 37,17 50,19 62,20 75,21 87,21 100,22",
            ),
            ("7.10.2026", "event", "Työpaja: näin muutos onnistuu", "Esihenkilöt", "Verkosto kasvaa", "28 osallistujaa", ""),
            ("8.10.2026", "post", "Kolme oppia työpajasta", "Yleisö", "Tunnettuus", "", ""),
            ("9.10.2026", "meeting", "Ohjausryhmän kokous", "Ohjausryhmä", "Sisäinen viestintä", "11 osallistujaa", ""),
            ("12.10.2026", "call", "Puhelu kehitysyhtiöön", "Yrityspalvelut", "Palvelutarpeet", "1 kohtaaminen", ""),
            ("13.10.2026", "practice", "Ikäjohtamisen pelikirja", "Esihenkilöt", "Hyvät käytännöt", "96 latausta", "0,20 30,18 60,10 100,4"),
        ]
    ],
    "figure": Obj(
        title="Lapin ja Ahvenanmaan työpaikat tavoitetaan vielä heikoimmin",
        unit="Tavoitettujen pk-yritysten osuus kohderyhmästä, %, tammi–elokuu 2026",
        svg=CHART,
        source="Kantaman kohtaamiset",
        source_url="#",
        date="31.8.2026",
        download_url="#",
        download_label="Lataa taulukko (CSV, 2 kt)",
        table=Obj(
            head=["Maakunta", "Tavoitettu", "Kohderyhmä", "%"],
            rows=[["Pohjois-Savo", "410", "500", "82"], ["Kainuu", "122", "200", "61"], ["Lappi", "114", "300", "38"]],
        ),
    ),
    "pager": Obj(previous_url="#", next_url="#", status="21–40 / 312"),
    "long": LONG,
    "tokens": [
        *("paper", "paper-2", "ink", "ink-muted", "hairline", "control", "signal", "signal-strong", "signal-ink", "signal-wash"),
        *("accent", "accent-text", "accent-wash", "error", "success", "mark-wash"),
    ],
    "eight": range(1, 9),
}

PAGES = ["index", "home", "story", "message", "admin", "404", "500"]


def page(name: str) -> str:
    context = CONTEXT | {"pages": PAGES, "form": RegistrationForm(auto_id="id_a_%s")}
    context["bad_form"] = RegistrationForm({"email": "matti@", "name": ""}, auto_id="id_b_%s")
    if name == "message":
        context |= {
            "title": "Ilmoittautumisesi on vastaanotettu",
            "next_url": "#",
            "next_label": "Lisää kalenteriin",
            "text": "Lähetimme vahvistuksen sähköpostiisi. Jos et pääse paikalle, peru paikkasi viestin linkistä, niin jonossa oleva pääsee mukaan.",
        }
        return render_to_string("base/message_page.html", context)
    if name in ("404", "500"):
        return render_to_string(f"{name}.html", context if name == "404" else None)
    return render_to_string(f"{name}.html", context)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        path = self.path.split("?")[0].strip("/")
        if path.startswith("static/"):
            self.answer_file(path.removeprefix("static/"))
        else:
            self.answer(page(path if path in PAGES else "index").encode(), "text/html; charset=utf-8")

    def answer_file(self, name: str) -> None:
        import wagtail.admin

        roots = [HERE / "specimen", BASE / "static", Path(wagtail.admin.__file__).parent / "static"]
        for root in roots:
            file = (root / name).resolve()
            if file.is_relative_to(root) and file.is_file():
                self.answer(file.read_bytes(), mimetypes.guess_type(name)[0] or "application/octet-stream")
                return
        self.send_error(404)

    def answer(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", CSP)
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.answer(b"", "text/plain")

    def log_message(self, *args: object) -> None:
        pass


def main() -> None:
    settings.configure(
        USE_I18N=True,
        LANGUAGE_CODE="fi",
        STATIC_URL="/static/",
        INSTALLED_APPS=["django.contrib.staticfiles"],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [HERE / "specimen", BASE / "templates"]}],
    )
    django.setup()
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8123
    print(f"http://127.0.0.1:{port}/")
    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


if __name__ == "__main__":
    main()
