from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from desk.demo.logins import LOGINS, PASSWORD
from tests.e2e.server import Server
from tests.kept import copy_demo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    # (role or None, width in px, "light" or "dark") -> a page in a context that is made once and used again
    OpenPage = Callable[..., Page]

CHROMIUM = "/usr/bin/chromium"


@pytest.fixture(scope="session")
def data_with_demo(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """A data folder with the demo, each time a new one."""

    def data() -> Path:
        copy_demo(folder := tmp_path_factory.mktemp("kantama"))
        return folder

    return data


@pytest.fixture(scope="session")
def server(data_with_demo: Callable[[], Path]) -> Iterator[Server]:
    server = Server(data_with_demo())
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def log_in(server: Server, browser: Browser) -> Callable[[str], Any]:
    """The cookies of a member of staff, by the name of the login. Each logs in once, by the form."""
    states: dict[str, Any] = {}

    def log_in(name: str) -> Any:
        assert name in {login.username for login in LOGINS}
        if name not in states:
            context = browser.new_context(base_url=server.url)
            page = context.new_page()
            page.goto("/admin/login/")
            page.fill("[name=username]", name)
            page.fill("[name=password]", PASSWORD)
            page.press("[name=password]", "Enter")
            page.wait_for_url("**/admin/")
            states[name] = context.storage_state()
            context.close()
        return states[name]

    return log_in


@pytest.fixture(scope="session")
def contexts(server: Server, browser: Browser, log_in: Callable[[str], Any]) -> Callable[..., BrowserContext]:
    """A visitor's context, or that of a member of staff: `contexts("viestija", width=360, scheme="dark")`. Made once, used again."""
    made: dict[tuple[Any, ...], BrowserContext] = {}

    def context(role: str | None = None, *, width: int = 1280, scheme: Any = "light", language: str = "fi") -> BrowserContext:
        key = (role, width, scheme, language)
        if key not in made:
            made[key] = browser.new_context(
                base_url=server.url,
                viewport={"width": width, "height": 900},
                color_scheme=scheme,
                locale=language,
                # So that nothing is measured or drawn in the middle of a change.
                reduced_motion="reduce",
                storage_state=log_in(role) if role else None,
            )
            made[key].set_default_timeout(15_000)
        return made[key]

    return context


@pytest.fixture
def open_page(contexts: Callable[..., BrowserContext]) -> Iterator[OpenPage]:
    """A new page of such a context, closed when the test ends."""
    opened: list[Page] = []

    def open_page(role: str | None = None, **how: Any) -> Page:
        opened.append(contexts(role, **how).new_page())
        return opened[-1]

    yield open_page
    for page in opened:
        page.close()


@pytest.fixture(scope="session")
def tabs() -> dict[BrowserContext, Page]:
    return {}


@pytest.fixture
def open_tab(contexts: Callable[..., BrowserContext], tabs: dict[BrowserContext, Page]) -> Iterator[OpenPage]:
    """The one page of such a context that is used again, for looking only: a new one would read and compile every script anew, which takes longer
    than the look."""
    opened: list[Page] = []

    def open_tab(role: str | None = None, **how: Any) -> Page:
        context = contexts(role, **how)
        if context not in tabs:
            tabs[context] = context.new_page()
        opened.append(tabs[context])
        return opened[-1]

    yield open_tab
    for page in opened:
        page.unroute_all()


@pytest.fixture(scope="session")
def places_in(server: Server) -> Callable[[str], dict[str, str]]:
    """Path of one page of each kind in a language, by name: see `places`."""
    return cache(lambda language: server.call("tests.e2e.places.places", language=language))


@pytest.fixture(scope="session")
def places(places_in: Callable[[str], dict[str, str]]) -> dict[str, str]:
    """The Finnish ones."""
    return places_in("fi")
