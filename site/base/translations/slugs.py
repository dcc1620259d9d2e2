"""The address of a translation is made of its own title, unless somebody types one."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models.signals import post_save
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.models import Page
from wagtail_localize.models import StringSegment, StringTranslation, TranslationSource
from wagtail_localize.strings import StringValue

from base.translations.states import SLUG

# Tells a slug of ours from one that somebody typed.
TOOL = "title"
LETTERS = str.maketrans({"å": "a", "ä": "a", "ö": "o", "Å": "a", "Ä": "a", "Ö": "o"})


def slug_of(title: str) -> str:
    return slugify(title.translate(LETTERS))[:200].strip("-")


def name_address(sender: type, instance: StringTranslation, **kwargs: object) -> None:
    """As soon as the title has its words."""
    if instance.has_error or instance.context is None or instance.context.path != "title":
        return
    for source in TranslationSource.objects.filter(object_id=instance.context.object_id, translations__target_locale=instance.locale_id):
        # It is kept as HTML: “R&D” with an entity.
        keep_address(source, instance.locale_id, StringValue(instance.data).render_text())


def keep_address(source: TranslationSource, locale: int, title: str = "") -> None:
    """Gives the slug its words where nobody typed any. A page that readers know already keeps its address, whatever the source's becomes."""
    for segment in StringSegment.objects.filter(source=source, context__path=SLUG).select_related("string", "context"):
        pages = Page.objects.filter(translation_key=source.object_id, locale=locale, first_published_at__isnull=False, alias_of=None)
        public = pages.values_list(SLUG, flat=True).first()
        slug = public or slug_of(title)
        known = StringTranslation.objects.filter(translation_of=segment.string, context=segment.context, locale=locale).first()
        if slug and (known is None or known.tool_name == TOOL):
            values: dict[str, Any] = {"data": slug, "translation_type": StringTranslation.TRANSLATION_TYPE_MACHINE, "tool_name": TOOL}
            StringTranslation.objects.update_or_create(translation_of=segment.string, context=segment.context, locale_id=locale, defaults=values)


def mark_taken(sender: type, instance: StringTranslation, **kwargs: object) -> None:
    """As soon as somebody types a slug that another page there has: the editor shows it beside the field. wagtail-localize would give the page
    another slug, and say nothing."""
    if not instance.has_error and instance.context is not None and instance.context.path == SLUG and is_taken(instance):
        instance.set_field_error([taken(instance.data)])


def is_taken(words: StringTranslation) -> bool:
    """Of a slug that somebody typed: one of ours gives way by itself."""
    page = Page.objects.filter(translation_key=words.context.object_id, locale=words.locale_id).first()
    return words.tool_name != TOOL and page is not None and not Page._slug_is_available(slugify(words.data), page.get_parent(), page)


def taken(slug: str) -> ValidationError:
    return ValidationError(_("Another page there has the slug “%(slug)s”. Write another slug."), params={"slug": slug})


def typed_slug(source: TranslationSource, locale: int) -> StringTranslation | None:
    segment = StringSegment.objects.filter(source=source, context__path=SLUG).first()
    rows = StringTranslation.objects.select_related("context", "translation_of")
    return segment and rows.filter(translation_of=segment.string_id, context=segment.context_id, locale=locale).exclude(tool_name=TOOL).first()


def connect() -> None:
    post_save.connect(mark_taken, sender=StringTranslation, dispatch_uid="base.translations.mark_taken")
    post_save.connect(name_address, sender=StringTranslation, dispatch_uid="base.translations.name_address")
