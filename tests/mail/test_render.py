from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from base.emblem import STATEMENTS
from mail import emblem
from mail.render import SINGLE, Footer, footer_text, render_layout, render_single

WORDS = {
    "heading": "Vahvista tilauksesi & lue",
    "paragraphs": ["Hei <b>Maija</b>", "Linkki on voimassa kaksi päivää."],
    "button": ("Vahvista", "https://example.org/?a=1&b=2"),
    "small_print": ["Jos et tilannut, älä tee mitään."],
}


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_system_mail_has_the_statement_language_and_dark_styles(language: str) -> None:
    text, html = render_single(SINGLE, WORDS, language)
    for part in (text, html):
        assert STATEMENTS[language] in part
    assert f'<body lang="{language}" dir="ltr"' in html
    assert '<meta name="color-scheme" content="light dark"' in html
    assert "prefers-color-scheme: dark" in html
    assert emblem.URL in html


def test_words_are_escaped_in_html_and_plain_in_text() -> None:
    text, html = render_single(SINGLE, WORDS, "fi")
    assert "Hei &lt;b&gt;Maija&lt;/b&gt;" in html
    assert "<b>Maija" not in html
    assert 'href="https://example.org/?a=1&amp;b=2"' in html
    assert "Hei <b>Maija</b>" in text
    assert "https://example.org/?a=1&b=2" in text


def test_a_mail_asks_no_server_for_anything() -> None:
    _, html = render_single(SINGLE, WORDS, "fi")
    section = "<mj-section><mj-column><mj-text>a</mj-text></mj-column></mj-section>"
    newsletter = render_layout(sections=[section], preheader="p", language="fi", title="t")
    for page in (html, newsletter):
        assert 'src="http' not in page
        assert "@import" not in page
        assert "<link" not in page
        assert "font-family:Ubuntu" not in page.replace(" ", "")


def test_layout_tables_are_presentational_and_pictures_have_alternatives() -> None:
    _, html = render_single(SINGLE, WORDS, "fi")
    assert html.count("<table") == html.count('role="presentation"')
    assert html.count("<img") == html.count("alt=")


def test_a_newsletter_leads_out() -> None:
    footer = Footer(["Miksi saan tämän"], "https://example.org/web", "https://example.org/prefs", "https://example.org/leave")
    section = '<mj-section><mj-column><mj-text css-class="ink prose"><p>Työ</p></mj-text></mj-column></mj-section>'
    html = render_layout(sections=[section], preheader="Ennakko", language="fi", title="Numero 1", name="Työelämä nyt", footer=footer)
    for words in ("Miksi saan tämän", "/web", "/prefs", "/leave", "Ennakko", "Työelämä nyt", "<p"):
        assert words in html
    assert "https://example.org/leave" in footer_text("fi", footer)


def test_broken_mjml_says_so() -> None:
    with pytest.raises(ValueError, match="MJML"):
        render_layout(sections=["<mj-section>"], preheader="", language="fi", title="t")


def test_the_emblem_follows_its_geometry() -> None:
    """Blue in the middle and the corners; yellow at each of the twelve hours, on a circle of a third of the height."""
    image = Image.open(BytesIO(emblem.emblem_png())).convert("RGB")
    width, height = image.size
    assert width * 2 == height * 3
    assert image.getpixel((width // 2, height // 2)) == (0, 51, 153)
    assert image.getpixel((0, 0)) == (0, 51, 153)
    for x, y in ((width / 2, height / 6), (width / 2 + height / 3, height / 2), (width / 2, height * 5 / 6), (width / 2 - height / 3, height / 2)):
        red, green, blue = image.getpixel((int(x), int(y)))  # type: ignore[misc]  # an RGB picture's pixel is three numbers
        assert (red > 220, green > 180, blue < 60) == (True, True, True)
