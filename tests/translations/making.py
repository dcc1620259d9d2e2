"""Translations for tests, made as the staff make them."""

from __future__ import annotations

from typing import Any

from wagtail.models import Locale
from wagtail_localize.models import StringSegment, StringTranslation, Translation

from base.translations.starting import start_translations


def started(page: Any, code: str = "sv") -> Any:
    """A draft in the language. The pages above it are translated first."""
    above = page.get_parent().specific
    if above.depth > 1 and not above.has_translation(Locale.objects.get(language_code=code)):
        translated(above, code)
    draft = start_translations(pages=[page], locales=[Locale.objects.get(language_code=code)], by=None)[0]
    return draft.specific


def fill(page: Any, words: dict[str, str] | None = None) -> Translation:
    """Gives each text of a started translation its words: the source's with the language before it, or those that are given by path."""
    translation = Translation.objects.get(source__object_id=page.translation_key, target_locale=page.locale)
    for segment in StringSegment.objects.filter(source=translation.source).exclude(context__path="slug").select_related("string", "context"):
        text = (words or {}).get(segment.context.path, f"{page.locale.language_code} {segment.string.data}")
        StringTranslation.from_text(segment.string, page.locale, segment.context, text)
    return translation


def translated(page: Any, code: str = "sv", words: dict[str, str] | None = None) -> Any:
    """A published translation."""
    draft = started(page, code)
    fill(draft, words).save_target(publish=False)
    type(draft).objects.get(pk=draft.pk).get_latest_revision().publish()
    return type(draft).objects.get(pk=draft.pk)
