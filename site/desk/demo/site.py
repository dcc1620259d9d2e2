"""The demo's public site in three languages: each page written in Finnish, published, and translated by wagtail-localize."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from wagtail.models import Page

from base.languages import CODES, FALLBACK
from contacts.models import Organisation
from desk.demo.content import read, words
from desk.demo.gatherings import furnish, publish_meeting, words_of
from desk.demo.papers import make_paper
from desk.demo.parts import part
from desk.demo.pictures import picture_of
from desk.demo.plan import by_code, by_key
from desk.opening import publish, rich, translate
from events.models import EventPage
from pages.models import CallPage, PracticePage, ProjectPage, PublicationPage, ResultPage, ServicePage, StoryPage, StorySeries
from themes.models import AnyTheme, Goal, Message, Practice, Project, SubTheme, TargetGroup, Theme

HELSINKI = ZoneInfo("Europe/Helsinki")


def publish_article(kind: str, row: dict[str, Any], theme: Theme, section: Page) -> Any:
    """A story, result or practice in three languages."""
    model = {"stories": StoryPage, "results": ResultPage, "practices": PracticePage}[kind]
    texts = row["fi"]
    page = model(title=texts["title"], slug=texts["slug"], lead=texts["lead"], search_description=texts["description"])
    for name in ("finding", "evidence", "material", "licence"):
        if name in texts:
            setattr(page, name, texts[name])
    if kind == "practices":
        page.practice = Practice.objects.get(theme=theme, key=row["key"])
        for name in ("problem", "how_it_works", "who_has_used", "how_to_start"):
            setattr(page, name, rich(texts[name]))
    else:
        page.body = [part(block) for block in texts["body"]]
    page.project = Project.objects.filter(theme=theme, key=row["project"]).first()
    if "series" in row:
        page.series, page.series_part = series_of_stories(theme), row["series"]
    if "author" in row:
        page.author_organisation = Organisation.objects.get(theme=theme, key=row["author"])
    picture = picture_of(row["key"])
    if picture:
        page.picture = picture.image
        for name, words in picture.words("fi").items():
            setattr(page, name, words)
    publish(page, section, _sorting(row, theme))
    translate(page, {code: row[code] | (picture.words(code) if picture else {}) for code in row.get("languages", CODES)})
    return page


def series_of_stories(theme: Theme) -> StorySeries:
    content = read("stories")["series"]
    texts = words("name", content["name"]) | words("description", content["description"])
    return StorySeries.objects.get_or_create(theme=theme, name_fi=texts["name_fi"], defaults=texts)[0]


def publish_project(row: dict[str, Any], theme: Theme, section: Page) -> ProjectPage:
    texts = row["fi"]
    page = ProjectPage(
        title=texts["title"],
        slug=texts["slug"],
        lead=texts["lead"],
        search_description=texts["description"],
        project=Project.objects.get(theme=theme, key=row["key"]),
        body=[part(block) for block in texts["body"]],
    )
    publish(page, section)
    translate(page, {code: row[code] for code in CODES})
    return page


def publish_publication(row: dict[str, Any], theme: Theme, section: Page) -> PublicationPage:
    """Its files are made with it, one for each language that it is written in."""
    texts = row["fi"]
    papers = [(code, make_paper(row[code]["title"], row[code]["abstract"], code, row[code]["slug"])) for code in row["files"]]
    page = PublicationPage(
        title=texts["title"],
        slug=texts["slug"],
        lead=texts["lead"],
        search_description=texts["description"],
        abstract=rich(texts["abstract"]),
        authors="\n".join(row["authors"]),
        project=Project.objects.filter(theme=theme, key=row["project"]).first(),
        files=[("file", {"document": paper, "language": code, "isbn": ""}) for code, paper in papers],
        **{name: row[name] for name in ("form", "year", "series", "publisher")},
    )
    publish(page, section, _sorting(row, theme))
    translate(page, {code: row[code] for code in CODES})
    return page


def publish_service(row: dict[str, Any], theme: Theme, section: Page) -> ServicePage:
    texts = row["fi"]
    facts = {name: row[name] for name in ("mode", "languages", "is_free", "link", "email", "phone") if name in row}
    page = ServicePage(
        title=texts["title"],
        slug=texts["slug"],
        lead=texts["lead"],
        search_description=texts["description"],
        price=texts.get("price", ""),
        organisation=Organisation.objects.get(theme=theme, key=row["organisation"]),
        body=[part(block) for block in texts["body"]],
        **facts,
    )
    sorting = _sorting(row | {"goals": [], "audiences": row["target_groups"]}, theme)
    publish(page, section, {"target_groups": sorting["audiences"], "sub_themes": sorting["sub_themes"], "regions": sorting["regions"]})
    translate(page, {code: row[code] for code in CODES})
    return page


def publish_call(row: dict[str, Any], theme: Theme, section: Page, today: date) -> CallPage:
    texts = row["fi"]
    facts = {name: row[name] for name in ("amount_eur", "apply_url", "email", "phone") if name in row}
    page = CallPage(
        title=texts["title"],
        slug=texts["slug"],
        lead=texts["lead"],
        search_description=texts["description"],
        authority=Organisation.objects.get(theme=theme, key=row["authority"]),
        opens_at=moment(today, row["opens"], row["opens_time"]),
        closes_at=moment(today, row["closes"], row["closes_time"]),
        body=[part(block) for block in texts["body"]],
        **{name: rich(texts[name]) for name in ("what_is_funded", "who_may_apply", "how_to_apply")},
        **facts,
    )
    others = list(AnyTheme.objects.filter(key__in=row.get("further_themes", ())))
    publish(page, section, _sorting(row, theme) | {"further_themes": others})
    translate(page, {code: row[code] for code in CODES})
    return page


def moment(today: date, days: int, clock: str) -> datetime:
    """So many days from today, by the clock of Helsinki."""
    return datetime.combine(today + timedelta(days=days), time.fromisoformat(clock), HELSINKI)


def revise_article(row: dict[str, Any]) -> None:
    """The source changes after it was translated: the translations wait for their new words."""
    page = Page.objects.get(slug=row["fi"]["slug"], locale__language_code=FALLBACK).specific
    page.lead = row["revised"]["lead"]
    page.save_revision().publish()


def publish_event(row: dict[str, Any], theme: Theme, section: Page, today: date) -> EventPage:
    texts = row["fi"]
    starts, ends = (moment(today, row["start_offset"], row[name]) for name in ("start_time", "end_time"))
    page = EventPage(
        title=texts["title"],
        slug=texts["slug"],
        lead=texts["lead"],
        search_description=texts["description"],
        body=[part(block) for block in texts["body"]],
        starts_at=starts,
        ends_at=ends,
        mode=row["mode"],
        scope=row["scope"],
        capacity=row["capacity"],
        place=row["place_fi"],
        project=Project.objects.filter(theme=theme, key=row["project"]).first(),
        online_link="" if row["mode"] == "in_person" else "https://meet.example.org/tyoelama",
    )
    furnish(page, row["key"], today)
    publish(page, section, _sorting(row, theme))
    translate(page, {code: {**row[code], "place": row[f"place_{code}"], "more": words_of(row["key"], code)} for code in CODES})
    return page


def publish_steering_group(row: dict[str, Any], theme: Theme, section: Page, today: date) -> None:
    publish_meeting(row, theme, section, *(moment(today, row["offset"], row[name]) for name in ("start_time", "end_time")))


def _sorting(row: dict[str, Any], theme: Theme) -> dict[str, list[Any]]:
    regions, goals = by_code(), [by_key(Goal, theme)[key] for key in row["goals"]]
    return {
        "goals": goals,
        # Each text gets one message across, the first of its goals.
        "core_messages": list(Message.objects.filter(goal__in=goals).order_by("goal", "pk")[:1]),
        "audiences": [by_key(TargetGroup, theme)[key] for key in row["audiences"]],
        "regions": [regions[code] for code in row["regions"]],
        "sub_themes": [by_key(SubTheme, theme)[key] for key in row["sub_themes"]],
    }
