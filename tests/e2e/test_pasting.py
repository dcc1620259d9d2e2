"""What is pasted from Word keeps what it says, and nothing of how Word said it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup

if TYPE_CHECKING:
    from tests.e2e.conftest import OpenPage
    from tests.e2e.server import Server

TITLE = "Liitetty tekstinkäsittelystä"
WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">
<head><meta name="Generator" content="Microsoft Word 15"><style><!-- p.MsoNormal { margin: 0cm; font-family: "Calibri", sans-serif } --></style>
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]--></head>
<body lang="FI" style="tab-interval:65.2pt"><!--StartFragment-->
<p class="MsoNormal" style="margin-bottom:8pt"><span style="font-size:14pt;font-family:Calibri;mso-fareast-language:EN-US;color:red">Vuorot sovitaan
<b style="mso-bidi-font-weight:normal">yhdessä</b>.<o:p></o:p></span></p>
<ul type="disc"><li class="MsoNormal" style="mso-list:l0 level1 lfo1"><span lang="FI">ensin toiveet<o:p></o:p></span></li>
<li class="MsoNormal" style="mso-list:l0 level1 lfo1"><span lang="FI">sitten lista<o:p></o:p></span></li></ul>
<table class="MsoTableGrid"><tr><td style="border:solid windowtext 1.0pt"><p class="MsoNormal">Solun teksti<o:p></o:p></p></td></tr></table>
<p class="MsoNormal"><img width="100" src="file:///C:/Users/kirjoittaja/kuva.png"><script>window.pasted = true</script><o:p>&nbsp;</o:p></p>
<!--EndFragment--></body></html>"""
PASTE = """(editor, html) => {
  const clipboard = new DataTransfer()
  clipboard.setData('text/html', html)
  clipboard.setData('text/plain', 'Vuorot sovitaan yhdessä.')
  editor.dispatchEvent(new ClipboardEvent('paste', { clipboardData: clipboard, bubbles: true, cancelable: true }))
}"""


def test_a_text_from_word_is_taken_clean(server: Server, open_page: OpenPage) -> None:
    page = open_page("viestija")
    page.goto("/admin/")
    page.locator(".k-choices").get_by_role("link", name="Juttu", exact=True).click()
    page.locator("[name=title]").fill(TITLE)
    page.locator("[name=lead]").fill("Teksti tulee tekstinkäsittelystä.")
    page.locator(".c-sf-add-button").first.click()
    page.get_by_role("option", name="Teksti", exact=True).click()
    editor = page.locator(".public-DraftEditor-content").first
    editor.click()
    editor.evaluate(PASTE, WORD)
    page.wait_for_function("() => document.querySelector('[name=body-0-value]').value.includes('sitten lista')")
    page.locator("footer").get_by_role("button", name="Tallenna luonnos").click()
    page.wait_for_url("**/edit/**")
    html = server.call("tests.e2e.places.editing.stored_text", title=TITLE)
    text = BeautifulSoup(html, "html.parser")
    assert [part.get_text() for part in text.select("p > b, li")] == ["yhdessä", "ensin toiveet", "sitten lista"]
    for word in ("Vuorot sovitaan", "Solun teksti"):
        assert word in text.get_text()
    left = {name for tag in text.find_all(True) for name in tag.attrs} - {"data-block-key"}
    assert (left, {tag.name for tag in text.find_all(True)} - {"p", "b", "ul", "li"}) == (set(), set()), json.dumps(html)
    assert not page.evaluate("() => window.pasted === true")
