"""The blocks that pages, issues and events are written with."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock

if TYPE_CHECKING:
    from django.forms import Field

RICH_TEXT = ["bold", "italic", "link", "document-link", "ol", "ul"]


# Wagtail shows no label for a block that stands straight in the stream: these two tell their names to screen readers.
class HeadingBlock(blocks.CharBlock):
    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.field.widget.attrs["aria-label"] = self.meta.label

    class Meta:
        icon = "title"
        label = _("Heading")
        template = "base/blocks/heading.html"


class ParagraphBlock(blocks.RichTextBlock):
    def __init__(self, **kwargs: object) -> None:
        super().__init__(**{"features": RICH_TEXT, **kwargs})

    @cached_property
    def field(self) -> Field:
        field: Field = super().field
        field.widget.options["ariaLabel"] = self.meta.label
        return field

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        template = "base/blocks/paragraph.html"


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Quote"), max_length=500)
    source = blocks.CharBlock(label=_("Who says so"), max_length=150)

    class Meta:
        icon = "openquote"
        label = _("Quote")
        template = "base/blocks/quote.html"


class FigureBlock(blocks.StructBlock):
    image = ImageBlock(label=_("Picture"))
    caption = blocks.CharBlock(label=_("Caption"), max_length=250)

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "base/blocks/figure.html"


class KeyFigureBlock(blocks.StructBlock):
    value = blocks.CharBlock(label=_("Figure with its unit"), max_length=30)
    label = blocks.CharBlock(label=_("What it tells"), max_length=150)
    source = blocks.CharBlock(label=_("Source and date"), max_length=150)


class KeyFiguresBlock(blocks.StructBlock):
    items = blocks.ListBlock(KeyFigureBlock(), label=_("Figures"), max_num=4)

    class Meta:
        icon = "order"
        label = _("Key figures")
        template = "base/blocks/key_figures.html"


class StoryBlocks(blocks.StreamBlock):
    """What running text may hold."""

    paragraph = ParagraphBlock()
    heading = HeadingBlock()
    quote = QuoteBlock()
    figure = FigureBlock()
    key_figures = KeyFiguresBlock()

    class Meta:
        block_counts: ClassVar[dict[str, dict[str, int]]] = {}
