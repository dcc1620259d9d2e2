"""Translations follow their source: publishing it brings new texts to the translators, and its facts to readers of every language at once.

Facts are the synchronised fields (goals, project, time of an event) and the texts and streams that the page's kind names in
`fact_fields`.
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models.fields.reverse_related import ManyToOneRel
from modelcluster.fields import ParentalManyToManyField
from wagtail.fields import StreamField
from wagtail.log_actions import log
from wagtail.models import Page
from wagtail.signals import page_published
from wagtail_localize.fields import SynchronizedField, get_translatable_fields
from wagtail_localize.models import OverridableSegment, SegmentOverride, StringSegment, StringTranslation, Translation, TranslationSource
from wagtail_localize.segments.ingest import ingest_segments

from base.gate.guard import NotPublishable
from base.pages import PublicPage
from base.translations import slugs

if TYPE_CHECKING:
    from collections.abc import Iterator

logger = logging.getLogger(__name__)

# Each page's own: where it stands in its menu, and its comments.
OWN = {"show_in_menus", "comments", "wagtail_admin_comments"}


def follow_source(sender: type, instance: Any, **kwargs: object) -> None:
    if not isinstance(instance, PublicPage):
        return
    page: Any = instance
    source = TranslationSource.objects.filter(object_id=page.translation_key, locale=page.locale_id).first()
    if source is None:
        return
    source.update_from_db()
    for translation in source.translations.filter(enabled=True).select_related("target_locale"):
        slugs.keep_address(source, translation.target_locale_id)
        target = Page.objects.filter(translation_key=page.translation_key, locale=translation.target_locale, alias_of=None).first()
        if target is not None:
            bring_facts(page, target.specific, translation)


def bring_facts(source: Any, target: Any, translation: Translation) -> None:
    """To the live page, and to its draft where that is another. One that the publication gate refuses waits as a draft, and its history says why."""
    draft = target.get_latest_revision_as_object() if target.has_unpublished_changes or not target.live else None
    if target.live and _copy(source, target, translation):
        try:
            with transaction.atomic():
                target.save_revision(changed=True, log_action=False).publish(log_action=True)
        except NotPublishable as refusal:
            # As it is stored: the attempt has been undone.
            target = type(target).objects.get(pk=target.pk)
            _copy(source, target, translation)
            target.save_revision(changed=True)
            log(target, "kantama.gate.refuse", data={"findings": [finding.as_data() for finding in refusal.findings]})
            logger.warning('The gate refused the facts of "%s" (pk=%s): %s', target, target.pk, [finding.code for finding in refusal.findings])
    if draft is not None and _copy(source, draft, translation):
        draft.save_revision(changed=True)


def _copy(source: Any, target: Any, translation: Translation) -> bool:
    """Whether anything was different."""
    before = _facts(target)
    for field in fields_that_follow(type(source)):
        if isinstance(field, ManyToOneRel):
            source.copy_child_relation(field.name, target)
        elif isinstance(field, ParentalManyToManyField):
            setattr(target, field.name, list(getattr(source, field.name).all()))
        elif not _is_overridden(field.name, translation):
            setattr(target, field.attname, getattr(source, field.attname))
    for name in source.fact_fields:
        if isinstance(source._meta.get_field(name), StreamField):
            _bring_stream(name, target, translation)
        else:
            setattr(target, name, _words_of(name, source, translation))
    return _facts(target) != before


def _bring_stream(name: str, target: Any, translation: Translation) -> None:
    """The source's blocks with the words that have been translated: wagtail-localize itself leaves a stream alone in which there is no text."""
    source = translation.source
    # Its own copy: words are put into the blocks that it is given.
    original = source.as_instance()
    setattr(target, name, getattr(original, name))
    segments = source._get_segments_for_translation(translation.target_locale, fallback=True)
    of_field = [segment for segment in segments if segment.path.split(".")[0] == name]
    ingest_segments(original, target, source.locale, translation.target_locale, of_field)


def fields_that_follow(model: type[Any]) -> Iterator[Any]:
    """What wagtail-localize copies when a translation is made anew: everything that is not text."""
    for described in get_translatable_fields(model):
        if isinstance(described, SynchronizedField) and described.field_name not in OWN:
            field = described.get_field(model)
            if not isinstance(field, ManyToOneRel) or field.remote_field.__class__.__name__ == "ParentalKey":
                yield field


def _facts(page: Any) -> str:
    data = page.serializable_data()
    names = [*(field.name for field in fields_that_follow(type(page))), *page.fact_fields]
    return json.dumps({name: _without_keys(data[name]) for name in names if name in data}, sort_keys=True, default=str)


def _without_keys(value: Any) -> Any:
    """Rows of a child relation are told by what is in them, not by whose they are."""
    if isinstance(value, list):
        return [{key: part for key, part in row.items() if key not in {"pk", "page"}} if isinstance(row, dict) else row for row in value]
    return value


def _is_overridden(name: str, translation: Translation) -> bool:
    """A translator gave the field another value for their language."""
    segments = OverridableSegment.objects.filter(source=translation.source, context__path=name)
    overrides = SegmentOverride.objects.filter(locale=translation.target_locale, context__in=segments.values("context"), has_error=False)
    return bool(overrides.exists())


def _words_of(name: str, source: Any, translation: Translation) -> str:
    """In the language where they have been translated; else the source's: the former ones are wrong."""
    segment = StringSegment.objects.filter(source=translation.source, context__path=name).first()
    if segment is None:
        return str(getattr(source, name))
    words = StringTranslation.objects.filter(
        translation_of=segment.string_id, context=segment.context_id, locale=translation.target_locale, has_error=False
    )
    return str(words.values_list("data", flat=True).first() or getattr(source, name))


def connect() -> None:
    page_published.connect(follow_source, dispatch_uid="base.translations.follow_source")
