"""`make screenshots`: the product as docs/screens.md shows it, on a telephone and on a desk, light and dark. From a demo of its own."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from PIL import Image
from playwright.sync_api import sync_playwright

from desk.demo.logins import PASSWORD
from tests.e2e.covering import SCHEMES, WIDTHS
from tests.e2e.server import ROOT, Server
from tests.kept import copy_demo

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

CHROMIUM = "/usr/bin/chromium"
IMAGES = ROOT / "docs" / "images"
HEIGHT = {360: 780, 1280: 860}
QUALITY = 82


@dataclass(frozen=True)
class Screen:
    """One of `places`, as a login of the demo sees it or, without one, a reader."""

    place: str
    login: str = ""
    # What stands at the top of the picture.
    at: str = ""


SCREENS = {
    "home": Screen("home"),
    "story": Screen("story"),
    "result": Screen("result", at=".block-chart"),
    "practice": Screen("practice"),
    "project": Screen("project"),
    "service": Screen("service"),
    "campaign": Screen("landing", at=".block-steps"),
    "search": Screen("search"),
    "editor": Screen("edit_story", "viestija", at="[id$=body-section]"),
    "goals": Screen("desk", "koordinaattori"),
}


def take_each(server: Server, browser: Browser) -> None:
    places = server.call("tests.e2e.places.places")
    for (width, scheme), login in product(product(WIDTHS, SCHEMES), sorted({screen.login for screen in SCREENS.values()})):
        context = browser.new_context(
            base_url=server.url, viewport={"width": width, "height": HEIGHT[width]}, color_scheme=scheme, reduced_motion="reduce", locale="fi"
        )
        if login:
            log_in(context, login)
        for name, screen in SCREENS.items():
            if screen.login == login:
                take(context, places[screen.place], screen, IMAGES / f"{name}-{width}-{scheme}.webp")
        context.close()


def log_in(context: BrowserContext, login: str) -> None:
    page = context.new_page()
    page.goto("/admin/login/")
    page.fill("[name=username]", login)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/admin/")
    page.close()


def take(context: BrowserContext, path: str, screen: Screen, file: Path) -> None:
    page = context.new_page()
    page.goto(path, wait_until="networkidle")
    if screen.login:
        page.wait_for_selector("body.ready")
        page.evaluate("document.activeElement.blur()")
    if screen.at:
        page.locator(screen.at).first.evaluate("(part) => { part.style.scrollMarginTop = '5rem'; part.scrollIntoView() }")
        page.wait_for_load_state("networkidle")
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
    picture.save(file, "WEBP", quality=QUALITY, method=6)
    page.close()


def take_all() -> None:
    with TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        copy_demo(data)
        server = Server(data)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            try:
                server.start()
                take_each(server, browser)
            finally:
                server.stop()
                browser.close()
