"""A theme's colour, logo and face: what is saved can be read, and what cannot is refused with what to do."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from base.roles import Role
from mail.look import ACCENT
from mail.render import SINGLE, render_single
from tests import factories
from themes import colours, logo
from themes.look import Face, check_accent, stylesheet
from themes.mails import mail_look
from themes.models import Theme

ROOT = Path(__file__).resolve().parents[2]
TOKENS = (ROOT / "frontend" / "src" / "tokens.css").read_text(encoding="utf-8")
DARK = re.findall(r"@media screen and \(prefers-color-scheme: dark\) \{\s*:root \{([^}]*)\}", TOKENS)
ANY_COLOUR = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 40">{}</svg>'


def token(name: str, text: str) -> colours.Lch:
    lightness, chroma, hue = re.search(rf"--{name}: oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)", text).groups()
    return float(lightness), float(chroma), float(hue)


def test_the_grounds_are_those_of_the_stylesheet():
    light, dark = TOKENS.split("@media", 1)[0], "".join(DARK)
    assert {scheme: (token("paper", text), token("paper-2", text)) for scheme, text in (("light", light), ("dark", dark))} == colours.PAPERS
    assert {"light": token("ink", light), "dark": token("ink", dark)} == colours.INK


@settings(max_examples=150, deadline=None)
@given(ANY_COLOUR)
def test_a_colour_that_passes_has_tones_that_can_be_read(colour):
    if colours.on_paper(colour) < colours.GRAPHIC:
        colour = colours.nearest(colour)
    check_accent(colour)
    for scheme, tones in colours.tones(colour).items():
        grounds = [colours.to_hex(paper) for paper in colours.PAPERS[scheme]]
        for ground in grounds:
            assert colours.contrast_of(tones.accent, ground) >= colours.GRAPHIC
            assert colours.contrast_of(tones.text, ground) >= colours.TEXT
        assert colours.contrast_of(colours.to_hex(colours.INK[scheme]), tones.wash) >= colours.ON_WASH


@settings(max_examples=100, deadline=None)
@given(ANY_COLOUR)
def test_a_colour_is_the_same_after_oklch(colour):
    assert colours.to_hex(colours.from_hex(colour)) == colour


@pytest.mark.parametrize("value", ["red", "#12345", "#1234567", "8a3c6e", "#8a3c6g", "#8a3c6e;}", "url(x)"])
def test_what_is_no_colour_is_refused(value):
    with pytest.raises(ValidationError) as refusal:
        check_accent(value)
    assert refusal.value.code == "no_colour"


@pytest.mark.parametrize("colour", ["#ffd500", "#ffffff", "#8fd3f4", "#f6a8c0"])
def test_too_light_a_colour_is_refused_with_the_nearest_that_passes(colour):
    with pytest.raises(ValidationError) as refusal:
        check_accent(colour)
    suggested = refusal.value.params["nearest"]
    assert suggested in refusal.value.messages[0]
    check_accent(suggested)
    # The nearest: a step lighter would not pass, and the hue is kept.
    lightness, chroma, hue = colours.from_hex(suggested)
    assert colours.on_paper(colours.to_hex((lightness + 2 * colours.STEP, chroma, hue))) < colours.GRAPHIC
    if chroma > 0.03:
        assert abs(hue - colours.from_hex(colour)[2]) < 6


def test_the_stylesheet_is_kept_for_a_year_and_needs_no_query(client, db, django_assert_num_queries):
    theme = Theme(accent="#8a3c6e", face=Face.LITERATA)
    with django_assert_num_queries(0):
        answer = client.get(theme.look_url)
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert {"public", "immutable", "max-age=31536000"} == set(answer.headers["Cache-Control"].split(", "))
    text = answer.content.decode()
    assert "--accent:#8a3c6e" in text
    assert "Kantama Display 2" in text
    assert "prefers-color-scheme:dark" in text
    old = theme.look_url.replace(theme.look_url[-16:-4], "0" * 12)
    assert client.get(old).headers["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize("name", ["ffd500-literata", "8a3c6e-comic", "8a3c6-sans"])
def test_a_look_that_nobody_could_save_is_not_served(client, db, name):
    assert client.get(f"/look/{name}.000000000000.css").status_code == 404


def test_a_theme_without_a_look_asks_for_nothing_more():
    assert Theme().look_url == ""
    assert Theme(face=Face.SANS).look_url.startswith("/look/house-sans.")
    assert "--accent" not in stylesheet("", Face.SANS)


def test_pages_wear_the_look_and_change_with_it(client, db):
    theme = factories.make_theme(accent="#8A3C6E", face=Face.LITERATA)
    home = factories.make_home(theme)
    page = client.get(home.url).content.decode()
    assert f'<link rel="stylesheet" href="{theme.look_url}">' in page
    assert "display-2-latin.woff2" in page
    assert " style=" not in page
    assert "<style" not in page
    theme.face = Face.SANS
    theme.save()
    page = client.get(home.url).content.decode()
    assert "-sans." in page
    assert "display-2-latin.woff2" not in page


def test_mails_wear_the_look(db):
    theme = factories.make_theme(accent="#8a3c6e", face=Face.SANS)
    _text, html = render_single(SINGLE, {"heading": "Hei", "paragraphs": ["Terve"]}, "fi", mail_look(theme))
    assert "#8a3c6e" in html
    assert colours.tones("#8a3c6e")["dark"].accent in html
    assert theme.name_fi in html
    _text, plain = render_single(SINGLE, {"heading": "Hei", "paragraphs": ["Terve"]}, "fi")
    assert "#8a3c6e" not in plain
    assert ACCENT in plain


def picture(kind: str, size: tuple[int, int] = (80, 40)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#8a3c6e").save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (picture("PNG"), "png"),
        (picture("JPEG"), "jpg"),
        (picture("WEBP"), "webp"),
        (SVG.format('<path d="M0 0h80v40z"/>').encode(), "svg"),
        (b'<?xml version="1.0" encoding="UTF-8"?>\n<!-- drawn -->' + SVG.format('<g fill="url(#a)"/>').encode(), "svg"),
    ],
)
def test_a_logo_is_known_by_its_content(content, kind):
    assert logo.read(content).kind == kind
    assert logo.read(content).width == 2 * logo.read(content).height


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a not one of ours",
        picture("BMP"),
        picture("PNG")[:60],
        picture("PNG", (2100, 2000)),
        picture("PNG", (500, 100)),
        b"\x89PNG\r\n\x1a\n" + b"0" * 300_000,
        SVG.format("<script>alert(1)</script>").encode(),
        SVG.format('<path onload="alert(1)"/>').encode(),
        SVG.format('<image href="https://example.org/x.png"/>').encode(),
        SVG.format('<use href="https://example.org/x.svg#a"/>').encode(),
        SVG.format('<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>').encode(),
        SVG.format("<style>*{fill:url(https://example.org)}</style>").encode(),
        SVG.format('<path style="fill:url(https://example.org/x)"/>').encode(),
        SVG.format("<text>Nimi</text>").encode(),
        SVG.format("<animate attributeName='href' to='javascript:alert(1)'/>").encode(),
        b'<?xml-stylesheet href="https://example.org/x.css"?>' + SVG.format("").encode(),
        b'<!DOCTYPE svg [<!ENTITY a "b"><!ENTITY c "&a;&a;">]>' + SVG.format("&c;").encode(),
        SVG.format("<script>alert(1)</script>").encode("utf-16"),
        b'<?xml version="1.0" encoding="iso-8859-7"?>' + SVG.format("").encode(),
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 40"><path>',
        b'<svg xmlns="http://www.w3.org/2000/svg"><path/></svg>',
        b"<html><body>svg</body></html>",
    ],
)
def test_what_is_no_logo_is_refused_with_a_sentence(content):
    with pytest.raises(ValidationError) as refusal:
        logo.read(content)
    assert refusal.value.messages[0].endswith(".")


def edited(theme: Theme, **changes: object) -> dict[str, object]:
    plain = ("name", "programme", "objective", "summary", "description", "how_it_works", "earlier_work")
    fields = [f"{name}_{code}" for name in plain for code in ("fi", "sv", "en")] + ["key", "objective_code", "fund", "starts", "ends", "budget_eur"]
    return {name: getattr(theme, name) for name in fields} | {"face": theme.face, "accent": theme.accent} | changes


def test_the_editor_saves_a_look_and_refuses_one_at_its_field(cast):
    theme = factories.make_theme()
    address = reverse(Theme.snippet_viewset.get_url_name("edit"), args=[theme.pk])
    client = cast.enter(Role.ADMINISTRATORS)
    refused = client.post(address, edited(theme, accent="#ffd500"))
    assert refused.status_code == 200
    assert list(refused.context["form"].errors) == ["accent"]
    assert "#a38803" in str(refused.context["form"].errors["accent"].as_data())
    file = SimpleUploadedFile("virus.exe", SVG.format('<circle r="9"/>').encode())
    saved = client.post(address, edited(theme, accent="#8a3c6e", logo=file))
    assert saved.status_code == 302
    theme.refresh_from_db()
    assert (theme.accent, theme.logo_width, theme.logo_height) == ("#8a3c6e", 1000, 500)
    assert re.fullmatch(r"looks/[0-9a-f]{20}\.svg", theme.logo.name)
    # Saved again without a new file, the logo stays.
    client.post(address, edited(theme, name_fi="Uusi nimi"))
    theme.refresh_from_db()
    assert theme.logo
    assert theme.name_fi == "Uusi nimi"
    home = factories.make_home(theme)
    assert f'src="{theme.logo.url}" alt="" width="1000" height="500"' in client.get(home.url).content.decode()


def test_the_preview_shows_both_schemes_with_what_is_being_typed(cast):
    theme = factories.make_theme()
    client = cast.enter(Role.ADMINISTRATORS)
    address = reverse(Theme.snippet_viewset.get_url_name("preview_on_edit"), args=[theme.pk])
    assert client.post(address, edited(theme, accent="#2a7d4f", face=Face.SANS)).json()["is_valid"]
    page = client.get(address).content.decode()
    assert 'data-scheme="light"' in page
    assert 'data-scheme="dark"' in page
    assert "/look/2a7d4f-sans." in page
    assert Theme.objects.get(pk=theme.pk).accent == ""


def test_the_logo_is_lower_than_the_emblem():
    """V6, Annex IX: the rule of the stylesheet; a browser measures it in tests/e2e."""
    styles = {name: (ROOT / "frontend" / "src" / name).read_text(encoding="utf-8") for name in ("layout.css", "components.css")}
    ours = float(re.search(r"\.brand__logo \{[^}]*?\n\s+height: ([\d.]+)rem", styles["layout.css"])[1])
    emblem = float(re.search(r"\.eu-emblem \{[^}]*?height: ([\d.]+)rem", styles["components.css"])[1])
    assert ours < emblem
