"""The texts of a page that wait for words in other languages, as wagtail-localize cuts them, read without writing anything down."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from django.db.models.fields.reverse_related import ManyToOneRel
from django.utils.functional import cached_property
from django.utils.text import capfirst
from wagtail import blocks
from wagtail.fields import RichTextField, StreamField
from wagtail.images.blocks import ImageBlock
from wagtail.models import Locale
from wagtail_localize.models import String, StringTranslation
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments
from wagtail_localize.strings import StringValue, extract_ids
from wagtail_localize.views.edit_translation import TabHelper

from base.translations.checks import IN_ANY_LANGUAGE
from base.translations.states import SLUG

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wagtail.models import Page

PLACES = UUID("8b0a3f0e-5d0c-4d8e-9c1f-0f0f6f2d6a11")


@dataclass(frozen=True)
class Text:
    """One text of the source. `data` is as wagtail-localize keeps it: of a rich text HTML with `id` in place of a link's address, else escaped text.

    `checker` checks the words: a form's field or a block.
    """

    path: str
    data: str
    label: str
    checker: Any = field(compare=False)
    is_rich: bool = False

    @property
    def key(self) -> str:
        """Of its place and words: another one as soon as the source says otherwise."""
        return uuid5(PLACES, f"{self.path}\n{self.data}").hex[:20]

    @property
    def shown(self) -> str:
        """As a person types it."""
        return self.data if self.is_rich else StringValue(self.data).render_text()

    @cached_property
    def links(self) -> list[str]:
        return sorted(extract_ids(self.data)) if self.is_rich else []


def state_to_translate(page: Any) -> Any:
    """A page that nobody reads yet is translated as its newest draft says, one that is public as it is public."""
    return page.specific if page.live else page.get_latest_revision_as_object()


def texts_of(page: Any) -> list[Text]:
    """In the order of the editor; those that it shows. The same text twice in one place is translated once."""
    tabs = TabHelper(page)
    found: dict[str, tuple[int, int, Text]] = {}
    for segment in extract_segments(page):
        name = segment.path.split(".")[0]
        if not isinstance(segment, StringSegmentValue) or segment.path == SLUG or name not in tabs.field_tab_mapping:
            continue
        labels, field = _place(page, segment.path.split("."))
        is_rich = isinstance(field, blocks.RichTextBlock | RichTextField)
        text = Text(segment.path, segment.string.data, " · ".join(capfirst(str(label)) for label in labels if label), field, is_rich)
        found.setdefault(text.key, (tabs.get_field_order(name), segment.order, text))
    return [text for *_order, text in sorted(found.values(), key=lambda row: row[:2])]


def _place(row: Any, path: list[str]) -> tuple[list[Any], Any]:
    """What the places on the way to a text are called, and what checks it."""
    field = row._meta.get_field(path[0])
    if isinstance(field, StreamField):
        return _within(getattr(row, field.name), field.stream_block, path[1:])
    if isinstance(field, ManyToOneRel):
        child = getattr(row, path[0]).get(translation_key=path[1])
        labels, below = _place(child, path[2:])
        return [child._meta.verbose_name, *labels], below
    return [field.verbose_name], field if isinstance(field, RichTextField) else field.formfield()


def _within(value: Any, block: Any, path: list[str]) -> tuple[list[Any], Any]:
    if not path or not isinstance(block, blocks.StreamBlock | blocks.ListBlock | blocks.StructBlock):
        return [], block
    if isinstance(block, blocks.StructBlock):
        below = block.child_blocks[path[0]]
        labels, leaf = _within(None if isinstance(block, ImageBlock) else value[path[0]], below, path[1:])
        return [below.label, *labels], leaf
    is_list = isinstance(block, blocks.ListBlock)
    child = next(child for child in (value.bound_blocks if is_list else value) if child.id == path[0])
    labels, leaf = _within(child.value, child.block, path[1:])
    return ([] if is_list else [child.block.label]) + labels, leaf


@dataclass(frozen=True)
class Known:
    """The words that there are. By language, then by the text's key: `words` of the text itself; `former`, a former text there and its words;
    `elsewhere`, of the same text in another place."""

    words: dict[str, dict[str, str]]
    former: dict[str, dict[str, tuple[str, str]]]
    elsewhere: dict[str, dict[str, str]]

    def suggestion(self, code: str, text: Text) -> str:
        """What another place has for the same text; numbers and addresses are right in any language."""
        return self.elsewhere[code].get(text.key) or (text.shown if IN_ANY_LANGUAGE.fullmatch(text.shown) else "")


def known_words(page: Page, texts: list[Text], codes: Iterable[str]) -> Known:
    """Two queries. Words with an error are there too: who made it mends it."""
    locales = {locale.pk: locale.language_code for locale in Locale.objects.filter(language_code__in=list(codes))}
    own = list(locales.values())
    known = Known({code: {} for code in own}, {code: {} for code in own}, {code: {} for code in own})
    by_place = {(text.path, text.data): text for text in texts}
    older: dict[tuple[str, str], dict[str, str]] = {}
    rows = StringTranslation.objects.filter(locale__in=locales).select_related("translation_of", "context").order_by("updated_at", "pk")
    for row in rows.filter(context__object_id=page.translation_key):
        code = locales[row.locale_id]
        if text := by_place.get((row.context.path, row.translation_of.data)):
            known.words[code][text.key] = _as_typed(row.data, text)
        elif not row.has_error:
            older.setdefault((code, row.context.path), {})[row.translation_of.data] = row.data
    _add_former(known, texts, older)
    by_hash: dict[UUID, list[Text]] = {}
    for text in texts:
        by_hash.setdefault(String._get_data_hash(text.data), []).append(text)
    same = rows.filter(translation_of__locale=page.locale_id, translation_of__data_hash__in=by_hash, has_error=False)
    for row in same.exclude(context__path=SLUG):
        for text in by_hash[row.translation_of.data_hash]:
            known.elsewhere[locales[row.locale_id]][text.key] = _as_typed(row.data, text)
    return known


def _add_former(known: Known, texts: list[Text], older: dict[tuple[str, str], dict[str, str]]) -> None:
    """A place may hold several texts, as a rich text does: the one that is most like this one."""
    for (code, path), former in older.items():
        for text in texts:
            if text.path == path and text.key not in known.words[code] and (like := get_close_matches(text.data, former, 1, 0.4)):
                known.former[code][text.key] = (_as_typed(like[0], text), _as_typed(former[like[0]], text))


def _as_typed(data: str, text: Text) -> str:
    return data if text.is_rich else StringValue(data).render_text()
