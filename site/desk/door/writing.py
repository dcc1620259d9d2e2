"""Between the short form and its page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bs4 import BeautifulSoup
from django.utils.html import format_html_join
from wagtail.coreutils import find_available_slug

from base.translations.slugs import slug_of
from events.models import EventPage, EventsPage
from pages.models import PracticePage, SectionPage
from themes.models import Practice

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.utils.safestring import SafeString
    from wagtail.models import Page

    from desk.door.forms import SubmissionForm
    from themes.models import Project, Theme


def place_for(model: type[Any], theme: Theme, language: str) -> Page | None:
    """The section where the newest of the kind stands; else the first that may hold it. None where the language has none."""
    newest = model.objects.live().filter(theme=theme, locale__language_code=language).order_by("-first_published_at", "-pk").first()
    if newest is not None:
        parent: Page = newest.get_parent().specific
        return parent
    section: type[Any] = EventsPage if issubclass(model, EventPage) else SectionPage
    found: Page | None = section.objects.live().filter(theme=theme, locale__language_code=language).order_by("path").first()
    return found


def paragraphs(text: str) -> SafeString:
    parts = [" ".join(part.split()) for part in text.split("\n\n")]
    return format_html_join("", "<p>{}</p>", ((part,) for part in parts if part))


def plain_text(html: str) -> str:
    soup = BeautifulSoup(html, "html.parser")
    return "\n\n".join(" ".join(part.get_text(" ").split()) for part in soup.find_all(["p", "li"]) or [soup])


def values_of(page: Any, form: type[SubmissionForm]) -> dict[str, Any]:
    """What the form shows of a page that was returned."""
    values = {name: getattr(page, name) for name in form.plain}
    values |= {name: plain_text(getattr(page, name)) for name in form.rich}
    if form.has_body:
        values["body"] = "\n\n".join(plain_text(part.value.source) for part in page.body if part.block_type == "paragraph")
    return values


def write(page: Any, form: SubmissionForm, changed: Collection[str]) -> None:
    """Only what the submitter changed: what the communicators made of the rest stays."""
    values = form.cleaned_data
    for name in form.plain:
        if name in changed:
            setattr(page, name, values[name])
    for name in form.rich:
        if name in changed:
            setattr(page, name, paragraphs(values[name]))
    if form.has_body and "body" in changed:
        page.body = [("paragraph", paragraphs(values["body"]))] if values["body"] else []


def new_page(form: SubmissionForm, project: Project, parent: Page, language: Any) -> Any:
    """Not yet saved. A practice gets its identity here."""
    page = form.model(locale=language, live=False, theme=project.theme)
    write(page, form, form.fields.keys())
    page.slug = find_available_slug(parent, slug_of(page.title) or form.model._meta.model_name)
    if hasattr(page, "project_id"):
        page.project = project
    if isinstance(page, PracticePage):
        page.practice = _new_practice(project, page)
    return page


def _new_practice(project: Project, page: PracticePage) -> Practice:
    taken = set(Practice.objects.filter(theme=project.theme).values_list("key", flat=True))
    stem = page.slug[:70]
    key = next(key for key in (stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3))) if key not in taken)
    return Practice.objects.create(theme=project.theme, project=project, key=key, name_fi=page.title)
