"""The demo's public site in three languages: each page written in Finnish, published, and translated by wagtail-localize."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from wagtail.models import Locale, Page, Site
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationSource
from wagtail_localize.strings import StringValue

from desk.demo.content import read
from desk.demo.plan import by_code, by_key
from events.models import EventPage, EventsPage
from pages.models import HomePage, PracticePage, ResultPage, SectionPage, StoryPage
from themes.models import Goal, Practice, Project, SubTheme, TargetGroup, Theme

HELSINKI = ZoneInfo("Europe/Helsinki")


def open_site(theme: Theme) -> dict[str, Page]:
    """The front page and the sections, in three languages. Returns the Finnish pages by key."""
    for code in ("fi", "sv", "en"):
        Locale.objects.get_or_create(language_code=code)
    content = read("pages")
    root = Page.get_first_root_node()
    Page.objects.filter(depth=2).delete()
    root = Page.objects.get(pk=root.pk)
    texts = content["home"]
    home = publish(HomePage(theme=theme, title=texts["title"]["fi"], slug=texts["slug"]["fi"], lead=texts["lead"]["fi"]), root)
    Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "localhost", "port": 80, "root_page": home, "site_name": "Kantama"})
    translate(home, {code: {name: texts[name][code] for name in ("title", "slug", "lead")} for code in ("fi", "sv", "en")})
    sections: dict[str, Page] = {"home": home}
    for key in ("stories", "results", "practices", "events"):
        texts = content["sections"][key]
        model = EventsPage if key == "events" else SectionPage
        page = model(title=texts["title"]["fi"], slug=texts["slug"]["fi"], lead=texts["lead"]["fi"], show_in_menus=True)
        sections[key] = publish(page, home)
        translate(sections[key], {code: {name: texts[name][code] for name in ("title", "slug", "lead")} for code in ("fi", "sv", "en")})
    return sections


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
            setattr(page, name, _rich(texts[name]))
    else:
        page.body = [_block(block) for block in texts["body"]]
    page.project = Project.objects.filter(theme=theme, key=row["project"]).first()
    publish(page, section, _sorting(row, theme))
    translate(page, {code: row[code] for code in ("fi", "sv", "en")})
    return page


def publish_event(row: dict[str, Any], theme: Theme, section: Page, today: date) -> EventPage:
    day, texts = today + timedelta(days=row["start_offset"]), row["fi"]
    starts, ends = (datetime.combine(day, time.fromisoformat(row[name]), HELSINKI) for name in ("start_time", "end_time"))
    page = EventPage(
        title=texts["title"],
        slug=texts["slug"],
        lead=texts["lead"],
        search_description=texts["description"],
        body=[_block(block) for block in texts["body"]],
        starts_at=starts,
        ends_at=ends,
        mode=row["mode"],
        scope=row["scope"],
        capacity=row["capacity"],
        place=row["place_fi"],
        online_link="" if row["mode"] == "in_person" else "https://meet.example.org/tyoelama",
    )
    publish(page, section, _sorting(row, theme))
    translate(page, {code: {**row[code], "place": row[f"place_{code}"]} for code in ("fi", "sv", "en")})
    return page


def _sorting(row: dict[str, Any], theme: Theme) -> dict[str, list[Any]]:
    regions = by_code()
    return {
        "goals": [by_key(Goal, theme)[key] for key in row["goals"]],
        "audiences": [by_key(TargetGroup, theme)[key] for key in row["audiences"]],
        "regions": [regions[code] for code in row["regions"]],
        "sub_themes": [by_key(SubTheme, theme)[key] for key in row["sub_themes"]],
    }


def publish(page: Any, parent: Page, related: dict[str, list[Any]] | None = None) -> Any:
    page.live = False
    page.locale = Locale.objects.get(language_code="fi")
    Page.objects.get(pk=parent.pk).add_child(instance=page)
    for name, rows in (related or {}).items():
        setattr(page, name, rows)
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def _rich(paragraphs: list[str]) -> SafeString:
    return format_html_join("", "<p>{}</p>", ((text,) for text in paragraphs))


def _block(block: dict[str, Any]) -> tuple[str, Any]:
    kind = block["type"]
    if kind == "paragraph":
        return kind, format_html("<p>{}</p>", block["text"])
    if kind == "heading":
        return kind, block["text"]
    return kind, {name: value for name, value in block.items() if name != "type"}


def translate(page: Page, texts: dict[str, dict[str, Any]]) -> None:
    """As an editor does it: each segment of the page gets its words, then the translation is published."""
    source, _made = TranslationSource.update_or_create_from_instance(page)
    for code in ("sv", "en"):
        locale = Locale.objects.get(language_code=code)
        dictionary = dict(_pairs(texts["fi"], texts[code]))
        translation = Translation.objects.create(source=source, target_locale=locale)
        for segment in StringSegment.objects.filter(source=source).select_related("string", "context"):
            if words := dictionary.get(segment.string.data):
                StringTranslation.from_text(segment.string, locale, segment.context, words)
        translation.save_target(publish=True)


def _pairs(finnish: Any, other: Any) -> Any:
    """(Finnish segment, its translation) for every text in two structures of the same shape."""
    if isinstance(finnish, str):
        yield StringValue.from_plaintext(finnish).data, other
    elif isinstance(finnish, dict):
        for name in finnish:
            if name in other and name != "type":
                yield from _pairs(finnish[name], other[name])
    elif isinstance(finnish, list):
        for left, right in zip(finnish, other, strict=True):
            yield from _pairs(left, right)
