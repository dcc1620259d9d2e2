"""wagtail-localize's editor, with what ours has: the checks before publishing, what changed in the source, what follows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bs4 import BeautifulSoup
from django.db import models
from django.shortcuts import redirect
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail_localize.models import StringSegment, StringTranslation, Translation
from wagtail_localize.views.edit_translation import FieldHasNoEditPanelError, TabHelper, get_segment_location_info

from base.gate import Finding, findings, guard
from base.gate.texts import shown
from base.gate.views import field_label
from base.pages import PublicPage
from base.translations.following import fields_that_follow
from base.translations.slugs import is_taken, taken, typed_slug
from base.translations.states import SLUG, sheet_url

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

NAMED = 8


@dataclass(frozen=True)
class Waiting:
    """A text without words. `before` and `words` are of the source's former text there, or ""."""

    label: str
    text: str
    before: str = ""
    words: str = ""


def translation_of(page: Any) -> Translation | None:
    """That wagtail-localize's editor is open for."""
    rows = Translation.objects.filter(source__object_id=page.translation_key, target_locale=page.locale_id, enabled=True)
    return rows.select_related("source", "target_locale").first()


def waiting_texts(translation: Translation) -> list[Waiting]:
    """Those that the editor shows, in its order of texts."""
    page = translation.source.get_source_instance()
    tabs = TabHelper(page)
    segments = StringSegment.objects.filter(source=translation.source).exclude(context__path=SLUG)
    words = StringTranslation.objects.filter(locale=translation.target_locale, context__in=segments.values("context")).select_related(
        "translation_of"
    )
    known = {(row.context_id, row.translation_of_id) for row in words if not row.has_error}
    former = {row.context_id: row for row in words.order_by("updated_at") if not row.has_error}
    found = []
    for segment in segments.select_related("string", "context").order_by("order"):
        if (segment.context_id, segment.string_id) in known:
            continue
        try:
            place = get_segment_location_info(page, tabs, segment.context.path, segment.context.get_field_path(page))
        except FieldHasNoEditPanelError:
            continue
        label = " · ".join(str(part) for part in (place.get("field"), place.get("subField")) if part)
        row = former.get(segment.context_id)
        found.append(Waiting(label, _plain(segment.string.data), *((_plain(row.translation_of.data), _plain(row.data)) if row else ())))
    return found


def _plain(html: str) -> str:
    return " ".join(BeautifulSoup(html, "html.parser").get_text(" ").split())


def ephemeral(translation: Translation) -> Any:
    """The page as publishing would make it. It is not saved."""
    return translation.source.get_ephemeral_translated_instance(translation.target_locale, fallback=True)


def refuse_publishing(request: HttpRequest, page: Any) -> HttpResponse | None:
    """Before anything is saved. What was typed is safe: each text was kept when it was typed."""
    if request.method != "POST" or request.POST.get("action") != "publish" or not isinstance(page.specific, PublicPage):
        return None
    translation = translation_of(page)
    if translation is None or not page.permissions_for_user(request.user).can_publish():
        return None
    if waiting := waiting_texts(translation):
        listed = format_html_join("", "<li>{}: “{}”</li>", ((text.label, shown(text.text)) for text in waiting[:NAMED]))
        more = format_html("<li>…</li>") if len(waiting) > NAMED else ""
        heading = _("“%(title)s” was not published: these texts are not translated yet. What you typed is saved.") % {"title": page.title}
        messages.error(request, format_html("{} <ul>{}{}</ul>", heading, listed, more))
        return redirect("wagtailadmin_pages:edit", page.pk)
    found = slug_finding(translation, page.specific)
    try:
        guard.hold(ephemeral(translation))
    except guard.NotPublishable as refusal:
        found += named(page.specific, refusal.findings)
    if found:
        heading = _("“%(title)s” was not published. What you typed is saved. Mend these first:") % {"title": page.title}
        messages.error(request, format_html("{} <ul>{}</ul>", heading, found))
        return redirect("wagtailadmin_pages:edit", page.pk)
    return None


def slug_finding(translation: Translation, page: Any) -> SafeString:
    """That the slug is taken, at its field and for the list; "" where it is not, or not any more."""
    words = typed_slug(translation.source, translation.target_locale_id)
    if words is None or not is_taken(words):
        if words is not None and words.has_error:
            words.has_error, words.field_error = False, ""
            words.save(update_fields=["has_error", "field_error"])
        return SafeString()
    words.set_field_error([taken(words.data)])
    return format_html("<li>{}: {}</li>", field_label(page, SLUG), words.field_error)


def named(page: Any, found: list[Finding]) -> SafeString:
    """Fields have no anchor of their own in this editor: each finding names its field."""
    return format_html_join("", "<li>{}</li>", ((_words(page, finding),) for finding in found))


def _words(page: Any, finding: Finding) -> str:
    words = f"{finding.message}{f' “{finding.excerpt}”' if finding.excerpt else ''}{f' ({finding.article})' if finding.article else ''}"
    return f"{field_label(page, finding.field)}: {words}" if finding.field else words


def notes(translation: Translation) -> dict[str, Any]:
    """For `base/translations/notes.html`: above the texts in the editor."""
    source = translation.source.get_source_instance()
    if not isinstance(source, PublicPage):
        return {}
    waiting = waiting_texts(translation)
    found = [] if waiting else findings(ephemeral(translation))
    return {
        "changed": [text for text in waiting if text.before],
        "waiting": len(waiting),
        "findings": named(source, found) if found else "",
        "facts": _facts(source),
        "sheet_url": sheet_url(source),
    }


def _facts(source: Any) -> list[tuple[str, str]]:
    """What follows the source by itself, in words; what is empty there is left out."""
    facts = []
    for field in fields_that_follow(type(source)):
        if not isinstance(field, models.Field) or (field.model._meta.app_label == "wagtailcore"):
            continue
        value = getattr(source, field.name)
        if isinstance(field, models.ManyToManyField):
            value = ", ".join(str(row) for row in value.all())
        elif field.choices:
            value = getattr(source, f"get_{field.name}_display")()
        if value not in (None, "", False):
            facts.append((str(field.verbose_name), value))
    return facts
