"""The demo's second theme: a section of the first one's site, with few pages and an editor of its own."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from base.languages import FALLBACK
from base.models import User
from base.roles import Role
from desk.demo.content import read, words
from desk.opening import block, publish, start_second, translate
from pages.models import SectionPage, StoryPage
from themes.models import Channel, Goal, Plan, Theme
from themes.teams import put_into_teams, settle_in

if TYPE_CHECKING:
    from wagtail.models import Page

EDITOR = "oppija"


def make_second(home: Page) -> Theme:
    """`home` is the Finnish front page of the first theme."""
    content = read("second")
    facts = content["theme"]
    rows = content | {name: [] for name in ("strategies", "changes", "sub_themes", "target_groups")}
    theme = start_second(content=rows, pages=content["pages"] | {"standing": {}}, below=home)
    goal = content["goal"]
    plan = Plan.objects.create(
        theme=theme, key="plan", starts=date(facts["starts"], 1, 1), ends=date(facts["ends"], 12, 31), **words("name", goal["plan"])
    )
    Goal.objects.create(theme=theme, plan=plan, key=goal["key"], **words("name", goal["name"]))
    Channel.objects.create(theme=theme, key="site", **words("name", facts["name"]))
    _tell(theme)
    return theme


def _tell(theme: Theme) -> None:
    texts = read("second")["story"]
    section: Any = SectionPage.objects.get(theme=theme, locale__language_code=FALLBACK)
    finnish = texts["fi"]
    page: Any = StoryPage(title=finnish["title"], slug=finnish["slug"], lead=finnish["lead"], search_description=finnish["description"])
    page.body = [block(part) for part in finnish["body"]]
    publish(page, section, {"goals": [Goal.objects.get(theme=theme)]})
    translate(page, texts)


def settle_logins(first: Theme) -> None:
    """Each login works in the first theme, but for the second one's editor."""
    second = Theme.objects.get(key=read("second")["theme"]["key"])
    put_into_teams(user=User.objects.get(username=EDITOR), places=[(second.pk, Role.COMMUNICATIONS.value)])
    settle_in(first)
