"""The demo's composed pages: a campaign's page, and the front page that leads to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from base.languages import CODES
from desk.demo.content import read
from desk.demo.parts import part
from desk.opening import publish, translate
from pages.models import HomePage, LandingPage

if TYPE_CHECKING:
    from wagtail.models import Page


def publish_landing(row: dict[str, Any], home: Page) -> LandingPage:
    texts = row["fi"]
    page = LandingPage(
        title=texts["title"],
        slug=texts["slug"],
        lead=texts["lead"],
        search_description=texts["description"],
        body=[part(block) for block in texts["body"]],
    )
    publish(page, home)
    translate(page, {code: row[code] for code in CODES})
    return page


def compose_home(home: Page) -> None:
    """Once there is something to lead to: the front page was published empty, and showed the newest by itself."""
    content = read("composed")["home"]
    page: Any = HomePage.objects.get(pk=home.pk)
    page.body = [part(block) for block in content["fi"]]
    page.save_revision().publish()
    translate(page, {code: {"body": content[code]} for code in CODES})
