"""All blocks of running text, of whatever package, as one field.

A page's model is made before `ready()` of any package, and a `StreamField` would freeze its blocks into the migrations of each app that has
one. So the field here puts its blocks together when somebody first asks for them: a package above registers its own in `ready()`, and a new
block changes no table and no migration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.functional import cached_property
from wagtail import blocks
from wagtail.fields import StreamField

from base.blocks import groups
from base.blocks.chart import ChartBlock
from base.blocks.links import CallToActionBlock, FilesBlock, RelatedBlock
from base.blocks.pictures import FigureBlock, GalleryBlock
from base.blocks.recordings import OutsideRecordingBlock, RecordingBlock
from base.blocks.texts import HeadingBlock, KeyFiguresBlock, ParagraphBlock, QuestionsBlock, QuoteBlock, StepsBlock, TimelineBlock

if TYPE_CHECKING:
    from collections.abc import Callable

_registered: dict[str, Callable[[], blocks.Block]] = {}


def register(name: str, make: Callable[[], blocks.Block]) -> None:
    """`name` is how the block is kept in pages, so it never changes."""
    _registered[name] = make


class StoryBlocks(blocks.StreamBlock):
    """What running text may hold."""

    paragraph = ParagraphBlock()
    heading = HeadingBlock()
    quote = QuoteBlock()
    steps = StepsBlock()
    timeline = TimelineBlock()
    questions = QuestionsBlock()
    figure = FigureBlock()
    gallery = GalleryBlock()
    recording = RecordingBlock()
    outside_recording = OutsideRecordingBlock()
    key_figures = KeyFiguresBlock()
    chart = ChartBlock()
    call_to_action = CallToActionBlock()
    related = RelatedBlock()
    files = FilesBlock()

    def __init__(self, local_blocks: Any = None, **kwargs: Any) -> None:
        """With the blocks that packages above have registered."""
        super().__init__([*(local_blocks or ()), *((name, make()) for name, make in _registered.items())], **kwargs)

    @cached_property
    def sorted_child_blocks(self) -> list[blocks.Block]:
        """By groups in the order of `groups`, not of the alphabet: text comes first in every language."""
        return sorted(self.child_blocks.values(), key=lambda block: groups.IN_ORDER.index(block.meta.group))

    class Meta:
        block_counts: ClassVar[dict[str, dict[str, int]]] = {}


class StoryField(StreamField):
    """Running text."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(StoryBlocks, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        # Of a plain field: Wagtail's would build all blocks to write them down.
        name, path, _args, kwargs = super(StreamField, self).deconstruct()
        return name, path, [], kwargs
