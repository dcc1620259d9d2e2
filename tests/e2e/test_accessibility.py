"""Every kind of page, on a telephone and on a desk, light and dark: axe finds nothing, nothing overflows, nothing is asked of others."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.covering import LANGUAGES, looks
from tests.e2e.server import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from playwright.sync_api import Page, Response

    from tests.e2e.server import Server

AXE = (ROOT / "frontend/node_modules/axe-core/axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

PUBLIC = [
    "home", "landing", "section", "story", "outside", "result", "practice", "newsletter", "issue", "event", "past_event", "not_found",
    "events", "events_week", "events_month", "events_narrowed", "events_past",
    "projects", "projects_narrowed", "project", "figure", "publication", "services", "service",
    "calls", "call", "closed_call", "joint_call", "shared_section",
    "information", "contact", "accessibility", "privacy",
    "registration_question", "registration_answer", "cancel_question", "broken_link", "waiting_question", "waiting_answer", "offer",
    "change_form", "own_calendar_new", "own_calendar", "meeting_to_come",
    "subscribe_question", "unsubscribe", "preferences", "ask_link",
    "search", "search_empty", "search_nothing", "open_data",
]  # fmt: skip
LISTS_AND_FORMS = ("goal", "plan", "theme", "project", "person", "organisation", "projectparty", "outreach", "newsletter")
STAFF = [
    "staff_home",
    "desk", "goal", "outreach", "send_issue", "sent_issue", "issue_list", "mark_attended", "registration_list", "subscription_list", "subscription",
    "enquiry_list", "service_report", "service_check", "storyseries_list", "bounce_list", "suppression_list", "suppression_new", "suppression_lift",
    *(f"{name}_{screen}" for name in LISTS_AND_FORMS for screen in ("list", "form")),
    "goal_new", "edit_event", "edit_call", "edit_issue", "edit_publication", "sheet", "review", "door_queue", "door_return",
    "importing", "import_start", "import_look", "import_done", "imports",
    "contacts_forgotten_next", "contacts_log_of", "take_along", "pairs", "pair", "merges", "undo_merge", "notices", "coverage", "log",
    "contact_imports", *(f"contact_import_{screen}" for screen in ("start", "look", "done", "undo", "undone")),
    "plan_versions", "plan_version", "plan_compare", "plan_new",
    "bridging", "bridging_share", "bridging_answer", "trash", "trash_back", "trash_delete",
    "event_desk", "event_desk_figures", "event_desk_attendance", "event_desk_letters", "event_desk_add",
    "registration", "write_to_registrants", "retention", "end_dates", "cancel_event", "meeting_people",
    "reports", *(f"report{screen}" for screen in ("", "_new", "_write", "_version", "_decisions", "_schedules")),
    "post_list", "post_form", "post_draft", "post_queued", "post_queue", "post_settle", "post_from_page",
    "account_list", "account_form", "account_health", "hashtags_list", "hashtags_form",
    "reach", "reach_narrowed", "reach_item",
    "calendar", "calendar_list", "calendar_plan", "calendar_move", "operations_report",
    "overview", "overview_narrowed", "evidence_bring", *(f"{name}_{screen}" for name in ("mention", "survey") for screen in ("list", "form")),
]  # fmt: skip
# Of the staff of projects, to whom nothing else is open.
DOOR = ["door", "door_form", "door_returned"]
THEMED = ["desk", "goal", "outreach", "send_issue"]
FINNISH = ("fi",)


def each_look(places: Iterable[str], languages: Sequence[str] = LANGUAGES) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("look", looks(places, languages), ids=str)


# What Wagtail draws itself, and why each is left to it. Everything else on a staff screen is looked at.
WAGTAILS = {
    "#w-minimap-toggle": "22 px wide, and 24 are asked for",
    ".page-status-tag": "its name says more than the word that it shows",
    ".w-slim-header-action-button:has(.w-drilldown__count)": "its name leaves out the number of filters that it shows",
}


# ---- acts: what is done on a page before it is looked at
def send_empty(form: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        with page.expect_navigation():
            page.click(f"#{form} button[type=submit]")
        assert page.locator(".error-summary").is_visible()

    return act


def send_registration(page: Page) -> None:
    page.fill("[name=first_name]", "Maija")
    page.fill("[name=last_name]", "Esimerkki")
    page.fill("[name=email]", "maija.esimerkki@example.org")
    # The event's own question that must be answered.
    page.locator("#register-form input[type=radio]").first.check()
    with page.expect_navigation():
        page.click("#register-form button[type=submit]")
    assert not page.locator(".error-summary").count()


def send_subscription(page: Page) -> None:
    page.fill("[name=email]", "maija.esimerkki@example.org")
    page.check("[name=consent]")
    with page.expect_navigation():
        page.click("#subscribe-form button[type=submit]")
    assert not page.locator(".error-summary").count()


def pause_without_a_day(page: Page) -> None:
    page.check("[name=pause][value=until]")
    page.fill("[name=until]", "")
    with page.expect_navigation():
        page.click("#preferences-form button[type=submit]")
    assert page.locator(".error-summary").is_visible()


def unfold_the_form(page: Page) -> None:
    page.click("#subscribe-form summary")
    assert page.locator("[name=sub_themes]").first.is_visible()


def open_menu(page: Page) -> None:
    if page.locator(".menu-button").is_visible():
        page.click(".menu-button")
        assert page.locator("#menu").is_visible()


ACTS: dict[str, tuple[str, Callable[[Page], None]]] = {
    "menu": ("home", open_menu),
    "registration with errors": ("event", send_empty("register-form")),
    "registration sent": ("event", send_registration),
    "enquiry with errors": ("contact", send_empty("contact-form")),
    "subscription with errors": ("newsletter", send_empty("subscribe-form")),
    "subscription sent": ("newsletter", send_subscription),
    "subscription with topics": ("newsletter", unfold_the_form),
    "a pause without a day": ("preferences", pause_without_a_day),
}


# ---- what is looked at
class Watch:
    """What a page said to the console and asked of other hosts, until it is ended."""

    def __init__(self, page: Page, home: str) -> None:
        self.page, self.home, self.heard = page, home, []
        self.listeners = {"console": self.hear, "pageerror": self.fail, "request": self.ask}
        for event, listener in self.listeners.items():
            page.on(event, listener)

    def hear(self, message: Any) -> None:
        # Chromium writes down the page's own answer when it is a 404 or a 422.
        is_own_answer = message.text.startswith("Failed to load resource") and message.location["url"] == self.page.url
        if message.type == "error" and not is_own_answer:
            self.heard.append(f"{message.text} ({message.location['url']})")

    def fail(self, error: Any) -> None:
        self.heard.append(str(error))

    def ask(self, request: Any) -> None:
        if not request.url.startswith((f"{self.home}/", "data:", "blob:")):
            self.heard.append(f"asked for {request.url}")

    def end(self) -> None:
        for event, listener in self.listeners.items():
            self.page.remove_listener(event, listener)


@pytest.fixture
def watch(server: Server) -> Iterator[Callable[[Page], Watch]]:
    made: list[Watch] = []

    def watch(page: Page) -> Watch:
        made.append(Watch(page, server.url))
        return made[-1]

    yield watch
    for one in made:
        one.end()


def violations(page: Page, *, outside: list[str] | None = None) -> list[str]:
    # Wagtail's buttons fade from one colour to the other, whatever motion the reader asks for.
    page.evaluate("document.getAnimations().filter((one) => one instanceof CSSTransition).forEach((one) => one.finish())")
    # Of what axe would read beforehand, only recordings: no rule of these tags looks at style sheets.
    options = {"runOnly": TAGS, "resultTypes": ["violations"], "iframes": False, "preload": {"assets": ["media"]}}
    found = page.evaluate("([outside, options]) => axe.run({ exclude: outside.map((selector) => [selector]) }, options)", [outside or [], options])
    return [
        f"{rule['id']} ({rule['impact']}): {node['target']} {node['html'][:200]} — {node['failureSummary'].splitlines()[-1].strip()}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def overflow(page: Page) -> list[str]:
    """What sticks out at the right, when the page can be scrolled sideways."""
    found: list[str] = page.evaluate(
        """() => {
            const room = document.documentElement.clientWidth
            if (document.documentElement.scrollWidth <= room) return []
            return [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > room + 1)
                .map((one) => `${one.tagName}.${one.className} ends at ${Math.round(one.getBoundingClientRect().right)} of ${room}`)
        }"""
    )
    return found


def check(page: Page, watch: Watch, **how: Any) -> None:
    page.evaluate(AXE)
    assert overflow(page) == []
    assert violations(page, **how) == []
    assert watch.heard == []


def go(page: Page, address: str) -> None:
    response: Response | None = page.goto(address, wait_until="load")
    assert response is not None
    assert response.status < 500


@pytest.mark.parametrize("rows", [looks(PUBLIC), looks(STAFF, FINNISH)], ids=["public", "staff"])
def test_every_two_are_looked_at_together(rows):
    for one, other in combinations(range(4), 2):
        assert len({(row[one], row[other]) for row in rows}) == len({row[one] for row in rows}) * len({row[other] for row in rows})


@each_look(PUBLIC)
def test_public_page(look, open_tab, places_in, watch):
    page = open_tab(width=look.width, scheme=look.scheme)
    heard = watch(page)
    go(page, places_in(look.language)[look.place])
    assert page.locator("html").get_attribute("lang") == look.language
    check(page, heard)


@each_look(["meeting_held", "shared_report"], FINNISH)
def test_page_that_is_there_in_finnish_alone(look, open_tab, places, watch):
    page = open_tab(width=look.width, scheme=look.scheme)
    heard = watch(page)
    go(page, places[look.place])
    check(page, heard)


@each_look(ACTS)
def test_after_an_act(look, open_tab, places_in, watch):
    page = open_tab(width=look.width, scheme=look.scheme)
    heard = watch(page)
    where, act = ACTS[look.place]
    go(page, places_in(look.language)[where])
    act(page)
    check(page, heard)


@each_look([*STAFF, *DOOR], FINNISH)
def test_staff_screen(look, open_tab, places, watch):
    page = open_tab("hanke" if look.place in DOOR else "hallinta", width=look.width, scheme=look.scheme)
    heard = watch(page)
    go(page, places[look.place])
    page.wait_for_selector("body.ready")
    check(page, heard, outside=list(WAGTAILS))


@each_look(THEMED, FINNISH)
def test_a_theme_chosen_in_the_profile_wins(look, open_tab, places):
    """Whoever chooses the dark theme has it on a light machine as well, and the other way round."""
    page = open_tab("hallinta", width=look.width, scheme="light" if look.scheme == "dark" else "dark")
    go(page, places[look.place])
    page.wait_for_selector("body.ready")
    page.evaluate("(theme) => document.documentElement.classList.replace('w-theme-system', `w-theme-${theme}`)", look.scheme)
    page.evaluate("(theme) => document.querySelector('meta[name=color-scheme]').setAttribute('content', theme)", look.scheme)
    page.evaluate(AXE)
    assert violations(page, outside=list(WAGTAILS)) == []


@each_look(["login", "outbox", "server error", "busy"], FINNISH)
def test_outside_the_site(look, open_tab, server, watch):
    page = open_tab(width=look.width, scheme=look.scheme)
    heard = watch(page)
    if look.place in {"server error", "busy"}:
        markup = server.call(f"tests.e2e.places.public.{look.place.replace(' ', '_')}")
        status = 503 if look.place == "busy" else 500
        page.route("**/fi/", lambda route: route.fulfill(status=status, body=markup, content_type="text/html; charset=utf-8"))
    page.goto({"login": "/admin/login/", "outbox": "/mail/outbox/"}.get(look.place, "/fi/"), wait_until="load")
    check(page, heard)
    if look.place == "outbox":
        page.click(".outbox__list a")
        page.wait_for_load_state()
        check(page, heard)
