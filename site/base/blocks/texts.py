"""Blocks of text: headings, paragraphs, quotes, figures in words, steps, a timeline, questions with answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from base.blocks import groups

if TYPE_CHECKING:
    from django.forms import Field

RICH_TEXT = ["bold", "italic", "link", "document-link", "ol", "ul", "language-fi", "language-sv", "language-en"]
LANGUAGES = [("fi", _("Finnish")), ("sv", _("Swedish")), ("en", _("English"))]


# Wagtail shows no label for a block that stands straight in the stream: these two tell their names to screen readers.
class HeadingBlock(blocks.CharBlock):
    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.field.widget.attrs["aria-label"] = self.meta.label

    class Meta:
        icon = "title"
        label = _("Heading")
        group = groups.TEXT
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
        group = groups.TEXT
        template = "base/blocks/paragraph.html"


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Quote"), max_length=500)
    source = blocks.CharBlock(label=_("Who says so"), max_length=150)
    language = blocks.ChoiceBlock(
        label=_("Language of the quote"),
        choices=LANGUAGES,
        required=False,
        help_text=_("Only where it is another than the page's: screen readers then read it out with the right voice."),
    )

    class Meta:
        icon = "openquote"
        label = _("Quote")
        group = groups.TEXT
        help_text = _("Somebody's own words, and who says them.")
        template = "base/blocks/quote.html"


class KeyFigureBlock(blocks.StructBlock):
    value = blocks.CharBlock(label=_("Figure with its unit"), max_length=30)
    label = blocks.CharBlock(label=_("What it tells"), max_length=150)
    source = blocks.CharBlock(label=_("Source and date"), max_length=150)


class KeyFiguresBlock(blocks.StructBlock):
    items = blocks.ListBlock(KeyFigureBlock(), label=_("Figures"), max_num=4)

    class Meta:
        icon = "order"
        label = _("Key figures")
        group = groups.NUMBERS
        help_text = _("Up to four figures, each with what it tells and where it comes from.")
        template = "base/blocks/key_figures.html"


class StepBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("What to do"), max_length=120)
    text = blocks.RichTextBlock(label=_("How"), features=RICH_TEXT, required=False)


class StepsBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=90, required=False)
    items = blocks.ListBlock(StepBlock(label=_("Step")), label=_("Steps"), min_num=2, max_num=12)

    class Meta:
        icon = "list-ol"
        label = _("Steps")
        group = groups.TEXT
        help_text = _("What is done one after the other. The steps number themselves.")
        template = "base/blocks/steps.html"


class MomentBlock(blocks.StructBlock):
    when = blocks.CharBlock(label=_("When"), max_length=60, help_text=_("In words: “Autumn 2024”, “12 March 2025”."))
    title = blocks.CharBlock(label=_("What happened"), max_length=120)
    text = blocks.RichTextBlock(label=_("More about it"), features=RICH_TEXT, required=False)


class TimelineBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=90, required=False)
    items = blocks.ListBlock(MomentBlock(label=_("Moment")), label=_("Moments"), min_num=2, max_num=20)

    class Meta:
        icon = "history"
        label = _("Timeline")
        group = groups.TEXT
        help_text = _("What happened when, the earliest first.")
        template = "base/blocks/timeline.html"


class QuestionBlock(blocks.StructBlock):
    question = blocks.CharBlock(label=_("Question"), max_length=200)
    answer = blocks.RichTextBlock(label=_("Answer"), features=RICH_TEXT)


class QuestionsBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=90, required=False)
    items = blocks.ListBlock(QuestionBlock(label=_("Question")), label=_("Questions"), max_num=30)

    class Meta:
        icon = "help"
        label = _("Questions and answers")
        group = groups.TEXT
        help_text = _("Questions that readers ask. An answer opens when its question is chosen.")
        template = "base/blocks/questions.html"
