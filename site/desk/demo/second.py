"""The demo's second theme: a section of the first one's site, with few pages and an editor of its own. The two share a story."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from base.languages import FALLBACK
from base.models import User
from base.roles import Role
from contacts import bridges
from desk.demo.content import read, words
from desk.opening import block, publish, start_second, translate
from pages.models import SectionPage, StoryPage
from themes.models import Channel, ExpectedResult, Goal, Plan, Theme
from themes.teams import put_into_teams, settle_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from wagtail.models import Page

EDITOR = "oppija"


def make_second(home: Page, today: date) -> Theme:
    """`home` is the Finnish front page of the first theme."""
    content = read("second")
    facts = content["theme"]
    rows = content | {name: [] for name in ("strategies", "changes", "sub_themes", "target_groups")}
    theme = start_second(content=rows, pages=content["pages"] | {"standing": {}}, below=home)
    goal = content["goal"]
    plan = Plan.objects.create(
        theme=theme, key="plan", starts=date(facts["starts"], 1, 1), ends=date(facts["ends"], 12, 31), **words("name", goal["plan"])
    )
    aim = Goal.objects.create(theme=theme, plan=plan, key=goal["key"], **words("name", goal["name"]))
    for expected in goal["expected"]:
        ExpectedResult.objects.create(goal=aim, due=today + timedelta(days=expected.pop("due_offset")), **expected)
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


def shared_acts(first: Theme) -> list[tuple[float, Callable[[], Any]]]:
    """(days before today, what to do then): the second theme takes a story of the first, and offers it one."""
    content = read("second")
    return [(content[name]["days"], partial(act, first, content[name])) for name, act in (("shared", _take), ("offered", _offer))]


def _take(first: Theme, row: dict[str, Any]) -> None:
    slug = next(story["fi"]["slug"] for story in read("stories")["stories"] if story["key"] == row["story"])
    second = _second()
    page = StoryPage.objects.get(theme=first, slug=slug, locale__language_code=FALLBACK)
    offered = bridges.offer(page=page, theme=second, by=_login("viestija"), message=row["message"])
    section = SectionPage.objects.get(theme=second, locale__language_code=FALLBACK)
    bridges.accept(bridge=offered, section=section, goals=[Goal.objects.get(theme=second)], by=_login(EDITOR))


def _offer(first: Theme, row: dict[str, Any]) -> None:
    page = StoryPage.objects.get(theme=_second(), locale__language_code=FALLBACK)
    bridges.offer(page=page, theme=first, by=_login(EDITOR), message=row["message"])


def _second() -> Theme:
    return Theme.objects.get(key=read("second")["theme"]["key"])


def _login(username: str) -> User | None:
    """None where the demo has no logins."""
    return User.objects.filter(username=username).first()


def settle_logins(first: Theme) -> None:
    """Each login works in the first theme, but for the second one's editor."""
    put_into_teams(user=User.objects.get(username=EDITOR), places=[(_second().pk, Role.COMMUNICATIONS.value)])
    settle_in(first)
