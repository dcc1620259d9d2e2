"""Who looked at the demo's pages and downloaded its files: many in the first days, fewer each week after."""

from __future__ import annotations

import random
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any

from base.pages import web_address
from desk.demo.content import read
from events.models import EventPage
from pages.models import CallPage, PracticePage, PublicationPage, ResultPage, StoryPage
from reach.counting import count_view
from reach.downloads import count_download

if TYPE_CHECKING:
    from collections.abc import Callable

    from wagtail.models import Page

LANGUAGES, SHARES = ("fi", "sv", "en"), (80, 13, 7)
FEWEST, MOST = 140, 320
KINDS: dict[str, type[Page]] = {
    "stories": StoryPage,
    "results": ResultPage,
    "practices": PracticePage,
    "publications": PublicationPage,
    "calls": CallPage,
    "events": EventPage,
}
# Days until interest has fallen to a third.
FADES = 16


def view_acts(seed: int) -> list[tuple[float, Callable[[], Any]]]:
    """(days before today, what to do then) for every page of a kind that is an act."""
    plan: list[tuple[float, Callable[[], Any]]] = []
    for kind, model in KINDS.items():
        for row in read(kind)[kind]:
            chance = random.Random(f"views:{seed}:{row['key']}")  # noqa: S311 — a demo's dice, not a secret
            days: Counter[tuple[int, str]] = Counter()
            for _view in range(chance.randint(FEWEST, MOST)):
                day = row["published"] - int(chance.expovariate(1 / FADES))
                language = chance.choices(LANGUAGES, SHARES)[0]
                # Who finds nothing in their own language reads the Finnish.
                days[day, language if language in row.get("languages", LANGUAGES) else LANGUAGES[0]] += 1
            plan += [(day, partial(look, model, row[code]["slug"], code, number)) for (day, code), number in sorted(days.items()) if day >= 0]
    return plan


def look(model: type[Page], slug: str, language: str, number: int) -> None:
    page = model._default_manager.get(slug=slug, locale__language_code=language)
    count_view(page.pk, number)


def download_acts(seed: int) -> list[tuple[float, Callable[[], Any]]]:
    """(days before today, what to do then) for every publication."""
    plan: list[tuple[float, Callable[[], Any]]] = []
    for row in read("publications")["publications"]:
        chance = random.Random(f"downloads:{seed}:{row['key']}")  # noqa: S311 — a demo's dice, not a secret
        days = Counter(
            (row["published"] - int(chance.expovariate(1 / FADES)), chance.choices(LANGUAGES, SHARES)[0]) for _one in range(row["downloads"])
        )
        plan += [(day, partial(download, row[code]["slug"], code, number)) for (day, code), number in sorted(days.items()) if day >= 0]
    return plan


def download(slug: str, language: str, number: int) -> None:
    """The first file that the page offers: that in its own language, where there is one."""
    page = PublicationPage.objects.get(slug=slug, locale__language_code=language)
    count_download(page.shown_files()[0]["document"], referrer=web_address(page), number=number)
