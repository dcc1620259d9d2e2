"""The blocks that pages, issues and events are written with. `library` puts them together; packages above add theirs to it in `ready()`."""

from base.blocks.library import StoryBlocks, StoryField, register
from base.blocks.links import CallToActionBlock, FilesBlock, RelatedBlock
from base.blocks.pictures import FigureBlock, GalleryBlock
from base.blocks.texts import (
    RICH_TEXT,
    HeadingBlock,
    KeyFiguresBlock,
    ParagraphBlock,
    QuestionsBlock,
    QuoteBlock,
    StepsBlock,
    TimelineBlock,
)

__all__ = [
    "RICH_TEXT",
    "CallToActionBlock",
    "FigureBlock",
    "FilesBlock",
    "GalleryBlock",
    "HeadingBlock",
    "KeyFiguresBlock",
    "ParagraphBlock",
    "QuestionsBlock",
    "QuoteBlock",
    "RelatedBlock",
    "StepsBlock",
    "StoryBlocks",
    "StoryField",
    "TimelineBlock",
    "register",
]
