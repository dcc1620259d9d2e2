"""Opens a national theme: the words it is sorted by, and its public site in three languages. The demo opens its own by the same functions."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http.request import validate_host
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page, Site
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationSource
from wagtail_localize.strings import StringValue

from base.languages import CODES, FALLBACK
from base.translations.slugs import slug_of
from base.translations.states import SLUG
from contacts import purposes
from desk.approval.workflow import make_workflow
from desk.demo.content import words
from events.models import EventsPage
from pages.models import AccessibilityPage, CallsPage, ContactPage, HomePage, InformationPage, PrivacyPage, ProjectsPage, SectionPage, ServicesPage
from themes.models import Change, Strategy, SubTheme, TargetGroup, Theme
from themes.teams import settle_in

SECTIONS: dict[str, type[Page]] = {
    "stories": SectionPage,
    "results": SectionPage,
    "practices": SectionPage,
    "projects": ProjectsPage,
    "services": ServicesPage,
    "calls": CallsPage,
    "events": EventsPage,
}
STANDING: dict[str, type[Page]] = {
    "about": InformationPage,
    "contact": ContactPage,
    "accessibility": AccessibilityPage,
    "privacy": PrivacyPage,
}
PAGE_TEXTS = ("title", "slug", "lead")
# Saved one by one: others act on them. The slug has been made of the title by then; in `texts` it may have words of its own.
HEARD = ("title", SLUG)
BY_HAND = StringTranslation.TRANSLATION_TYPE_MANUAL
# A lead is two sentences.
LEAD = 300
PORTS = {"http": 80, "https": 443}


def make_theme(content: dict[str, Any]) -> Theme:
    """The theme with its strategies, the changes it seeks, its sub-themes and its target groups. `content` is as `theme.toml` has it."""
    facts = content["theme"]
    texts: dict[str, Any] = {}
    for name in ("name", "programme", "objective", "summary", "description", "how_it_works", "earlier_work"):
        texts |= words(name, facts[name])
    plain = {name: facts[name] for name in ("key", "objective_code", "fund", "starts", "ends", "budget_eur")}
    plain |= {name: facts[name] for name in ("accent", "face") if facts.get(name)}
    theme = Theme(**texts, **plain)
    theme.full_clean()
    theme.save()
    for row in content["strategies"]:
        Strategy.objects.create(theme=theme, key=row["key"], **words("name", row["name"]), **words("description", row["note"]))
    for row in content["changes"]:
        Change.objects.create(theme=theme, key=row["key"], **words("name", row["text"]))
    for row in content["sub_themes"]:
        SubTheme.objects.create(theme=theme, key=row["key"], **words("name", row["name"]), **words("description", row["description"]))
    for row in content["target_groups"]:
        TargetGroup.objects.create(theme=theme, key=row["key"], scope=row["scope"], **words("name", row["name"]))
    purposes.make_usual(theme)
    return theme


@transaction.atomic
def start_second(*, content: dict[str, Any], pages: dict[str, Any], below: Page | None = None, hostname: str = "") -> Theme:
    """A theme beside those that are there: a section of the site whose front page is `below`, at a host name of its own, or both.

    Raises ValidationError. Who worked in the only theme until now is its team from now on.
    """
    if below is None and not hostname:
        raise ValidationError(_("Say where the theme stands: below another theme's front page, or at a host name of its own."))
    if hostname:
        check_host(hostname)
    if Theme.objects.count() == 1:
        settle_in(Theme.objects.get())
    theme = make_theme(content)
    home = open_site(theme, pages, below)["home"]
    if hostname:
        give_host(home, hostname)
    return theme


def open_site(theme: Theme, content: dict[str, Any], below: Page | None = None) -> dict[str, Page]:
    """The front page and the sections, published in three languages. `content` is as `pages.toml` has it. Returns the Finnish pages by key.

    Without `below` the front page stands beside others' in the tree; the first one is that of the default site.
    """
    for code in CODES:
        Locale.objects.get_or_create(language_code=code)
    # Wagtail's own page of welcome; its site goes with it.
    Page.objects.filter(depth=2, content_type=ContentType.objects.get_for_model(Page)).delete()
    is_first = not HomePage.objects.exists()
    home = HomePage(theme=theme, **_finnish(content["home"]), show_in_menus=below is not None)
    home = publish(home, below or Page.get_first_root_node())
    if is_first:
        place_site(home)
    make_workflow(apps)
    translate(home, _by_language(content["home"]))
    found: dict[str, Page] = {"home": home}
    for key, texts in content["sections"].items():
        model = SECTIONS[key]
        found[key] = publish(model(**_finnish(texts), show_in_menus=True), home)
        translate(found[key], _by_language(texts))
    open_standing(home, content["standing"])
    return found


def pages_for(theme: dict[str, Any], pages: dict[str, Any]) -> dict[str, Any]:
    """The pages of a new theme: its front page and *about* say what `theme` says of itself, the rest is as `pages` has it."""
    name, summary = theme["name"], theme["summary"]
    home = {"title": name, "lead": {code: _shortened(summary[code]) for code in CODES}, "slug": {code: slug_of(name[code]) for code in CODES}}
    about = pages["standing"]["about"]
    about = about | {"lead": home["lead"], "body": {code: [{"type": "paragraph", "text": summary[code]}] for code in CODES}}
    return pages | {"home": home, "standing": pages["standing"] | {"about": about}}


def _shortened(text: str) -> str:
    return Truncator(text).chars(LEAD)


def open_standing(home: Page, content: dict[str, Any]) -> None:
    """The pages at the foot, published in three languages; one that is there already stays as it is."""
    for key in content:
        model = STANDING[key]
        if model._default_manager.child_of(home).exists():
            continue
        texts = dict(content[key])
        facts = texts.pop("facts", {})
        page = publish(model(**{name: _stored(words[FALLBACK]) for name, words in texts.items()}, **facts), home)
        translate(page, {code: {name: words[code] for name, words in texts.items()} for code in CODES})


def _stored(value: Any) -> Any:
    """A text of `pages.toml` as the page's field has it: plain, paragraphs of rich text, or blocks."""
    if isinstance(value, str):
        return value
    return [block(row) for row in value] if isinstance(value[0], dict) else rich(value)


def rich(paragraphs: list[str]) -> SafeString:
    return format_html_join("", "<p>{}</p>", ((text,) for text in paragraphs))


def block(row: dict[str, Any]) -> tuple[str, Any]:
    kind = row["type"]
    if kind == "paragraph":
        return kind, format_html("<p>{}</p>", row["text"])
    if kind == "heading":
        return kind, row["text"]
    return kind, {name: value for name, value in row.items() if name != "type"}


def place_site(home: Page) -> None:
    """The default site, at BASE_URL: where the pages' own addresses lead. Sites of other themes move to its port with it."""
    address = urlsplit(settings.BASE_URL)
    port = address.port or PORTS[address.scheme]
    place = {"hostname": address.hostname or "", "port": port}
    Site.objects.update_or_create(is_default_site=True, defaults={**place, "root_page": home, "site_name": "Kantama"})
    for site in Site.objects.filter(is_default_site=False).exclude(port=port):
        site.port = port
        site.save()


def give_host(home: Page, hostname: str) -> Site:
    """The theme's own host name. Its pages have their addresses there from now on, wherever they lie. Raises ValidationError."""
    check_host(hostname, home)
    port = Site.objects.get(is_default_site=True).port
    site, _made = Site.objects.update_or_create(root_page=home, is_default_site=False, defaults={"hostname": hostname, "port": port})
    return site


def check_host(hostname: str, home: Page | None = None) -> None:
    """A name alone, of ours, that no other theme has."""
    if urlsplit(f"//{hostname}").hostname != hostname:
        raise ValidationError(_("Write the host name alone, in small letters, such as oppiminen.example.org."))
    if not validate_host(hostname, settings.ALLOWED_HOSTS):
        raise ValidationError(_("The site does not answer to %(host)s yet. Add it to ALLOWED_HOSTS first."), params={"host": hostname})
    if Site.objects.filter(hostname=hostname).exclude(root_page=home).exists():
        raise ValidationError(_("%(host)s belongs to another theme."), params={"host": hostname})


def publish(page: Any, parent: Page, related: dict[str, list[Any]] | None = None) -> Any:
    page.live = False
    page.locale = Locale.objects.get(language_code=FALLBACK)
    Page.objects.get(pk=parent.pk).add_child(instance=page)
    for name, rows in (related or {}).items():
        setattr(page, name, rows)
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def translate(page: Page, texts: dict[str, dict[str, Any]]) -> None:
    """As an editor does it: each segment of the page gets its words in the languages of `texts`, then the translation is published."""
    source, _made = TranslationSource.update_or_create_from_instance(page)
    segments = list(StringSegment.objects.filter(source=source).select_related("string", "context"))
    for code in texts:
        if code == FALLBACK:
            continue
        locale = Locale.objects.get(language_code=code)
        dictionary = dict(_pairs(texts[FALLBACK], texts[code]))
        translation, _made = Translation.objects.get_or_create(source=source, target_locale=locale)
        new = {}
        for segment in segments:
            if not (found := dictionary.get(segment.string.data)):
                continue
            place = {"translation_of": segment.string, "locale": locale, "context": segment.context}
            if segment.context.path in HEARD:
                values = {"data": found, "translation_type": BY_HAND, "tool_name": ""}
                StringTranslation.objects.update_or_create(**place, defaults=values)
            else:
                new[segment.string_id, segment.context_id] = StringTranslation(**place, data=found, translation_type=BY_HAND)
        fields = {"unique_fields": ["locale", "translation_of", "context"], "update_fields": ["data", "translation_type", "tool_name"]}
        StringTranslation.objects.bulk_create(new.values(), update_conflicts=True, **fields)
        # Published here, not by wagtail-localize: it would wait for the commit, and then save what the page was before it got children.
        translation.save_target(publish=False)
        translation.get_target_instance().get_latest_revision().publish()


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


def _finnish(texts: dict[str, dict[str, str]]) -> dict[str, str]:
    return {name: texts[name][FALLBACK] for name in PAGE_TEXTS}


def _by_language(texts: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    return {code: {name: texts[name][code] for name in PAGE_TEXTS} for code in CODES}
