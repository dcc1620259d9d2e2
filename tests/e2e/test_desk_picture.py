"""The desk's chart as PNG: drawn by the browser from the SVG, and read by a program that draws pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from PIL import Image

if TYPE_CHECKING:
    from tests.e2e.conftest import OpenPage

# `.data-1` of `desk.overview.charts.STYLE`.
BAR = (0x12, 0x40, 0x5A)


def test_the_chart_is_taken_along_as_png(open_page: OpenPage) -> None:
    page = open_page("koordinaattori")
    page.goto(reverse("desk:overview"))
    svg = page.locator("[data-picture]")
    button = page.get_by_role("button", name=svg.get_attribute("data-picture"))
    with page.expect_download() as download:
        button.click()
    assert download.value.suggested_filename == "kantama.png"
    with Image.open(download.value.path()) as picture:
        assert picture.format == "PNG"
        width, height = page.evaluate(
            "url => { const i = new Image(); i.src = url; return i.decode().then(() => [i.naturalWidth, i.naturalHeight]) }",
            svg.get_attribute("href"),
        )
        assert picture.size == (2 * width, 2 * height)
        colours = {colour[:3]: number for number, colour in picture.convert("RGBA").getcolors(1 << 24)}
    # Bars on white, and not an empty sheet.
    assert colours[(255, 255, 255)] > colours[BAR] > 500
