"""What an issue is written with. Each block is told in the mail's HTML, in its text part (`newsletters.writing`) and on the web."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.forms import CheckboxSelectMultiple
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageBlock

from base import coming
from base.blocks import CallToActionBlock, HeadingBlock, KeyFiguresBlock, ParagraphBlock, QuoteBlock, groups
from themes.blocks import RegionChoice, SubThemeChoice
from themes.models import Region, SubTheme

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class ItemBlock(blocks.PageChooserBlock):
    """A page of the site, shown with its title and lead in the issue's language."""

    class Meta:
        icon = "doc-full-inverse"
        label = _("Page of the site")
        group = groups.SITE


class CardsBlock(blocks.StructBlock):
    """Pages side by side; on a telephone one below the other."""

    pages = blocks.ListBlock(blocks.PageChooserBlock(label=_("Page")), label=_("Pages"), min_num=2, max_num=6)

    class Meta:
        icon = "grid"
        label = _("Pages side by side")
        group = groups.SITE
        help_text = _("Two in a row, each with title and lead; on a telephone one below the other.")


class ListedBlock(blocks.StructBlock):
    """Pages by a rule (`base.coming`): those of the moment of sending, and from then on the same. Pages that the issue shows anyway are left out."""

    kind: ClassVar[str]
    heading: ClassVar[_StrPromise]

    # Empty text where nobody writes one: nothing that is None can be translated.
    title = blocks.CharBlock(label=_("Title"), max_length=90, required=False, default="", help_text=_("Without one, the title says what is listed."))
    sub_theme = SubThemeChoice(label=_("Only of this sub-theme"), required=False)
    region = RegionChoice(label=_("Only of this region"), required=False)
    number = blocks.IntegerBlock(label=_("How many at most"), default=3, min_value=1, max_value=9)

    class Meta:
        group = groups.SITE


class ComingEventsBlock(ListedBlock):
    kind = coming.EVENTS
    heading = _("Coming events")

    class Meta:
        icon = "calendar-alt"
        label = _("Coming events")
        help_text = _("The next events of the calendar on the day of sending, with day, place and the way to register.")


class OpenCallsBlock(ListedBlock):
    kind = coming.CALLS
    heading = _("Open calls")

    class Meta:
        icon = "form"
        label = _("Open calls for projects")
        help_text = _("The calls that take applications on the day of sending, with their closing days.")


class PictureBlock(blocks.StructBlock):
    """A mail's reader may see the description alone, so there is none without it."""

    image = ImageBlock(label=_("Picture"))
    caption = blocks.CharBlock(label=_("Caption"), max_length=250, help_text=_("The credit is added by itself."))

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if cleaned["image"] and cleaned["image"].decorative:
            told = _("Describe the picture: many inboxes show no pictures, and then its description stands there.")
            raise blocks.StructBlockValidationError({"image": ValidationError(told)})
        return cleaned

    class Meta:
        icon = "image"
        label = _("Picture")
        group = groups.MEDIA
        template = "newsletters/blocks/picture.html"


class Words(blocks.MultipleChoiceBlock):
    """Keys of rows, ticked; `choices` is a callable that reads the rows, which is done for the form alone."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": CheckboxSelectMultiple, "required": False, **kwargs})


class PlainBlocks(blocks.StreamBlock):
    """What every reader may get."""

    paragraph = ParagraphBlock()
    heading = HeadingBlock()
    quote = QuoteBlock()
    picture = PictureBlock()
    key_figures = KeyFiguresBlock()
    item = ItemBlock()
    cards = CardsBlock()
    coming_events = ComingEventsBlock()
    open_calls = OpenCallsBlock()
    call_to_action = CallToActionBlock()

    @cached_property
    def sorted_child_blocks(self) -> list[blocks.Block]:
        """By groups in the order of `groups`, not of the alphabet: text comes first in every language."""
        return sorted(self.child_blocks.values(), key=lambda block: groups.IN_ORDER.index(block.meta.group))


class OnlyForBlock(blocks.StructBlock):
    """Blocks for a part of the readers (`newsletters.segments`). The audience is the same in every language."""

    sub_themes = Words(label=_("Sub-themes"), choices=lambda: [(row.key, row.name) for row in SubTheme.objects.order_by("pk")])
    regions = Words(label=_("Regions"), choices=lambda: [(row.code, row.name) for row in Region.objects.all()])
    content = PlainBlocks(label=_("Content"))

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if not (cleaned["sub_themes"] or cleaned["regions"] or self.is_deferred_validation):
            told = _("Choose at least one sub-theme or region. For everybody, put the blocks straight into the issue.")
            raise blocks.StructBlockValidationError({"sub_themes": ValidationError(told)})
        return cleaned

    class Meta:
        icon = "group"
        label = _("Only for some readers")
        group = groups.SITE
        help_text = _(
            "Sent to who follows one of the sub-themes and lives by one of the regions, or has chosen none. On the web everybody may read it."
        )


class IssueBlocks(PlainBlocks):
    only_for = OnlyForBlock()

    class Meta:
        # With a letter of the alphabet for each, see `newsletters.segments`.
        block_counts: ClassVar[dict[str, dict[str, int]]] = {"only_for": {"max_num": 12}}


class IssueField(StreamField):
    """What an issue holds. A new block changes no table, so it makes no migration."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(IssueBlocks, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        # Of a plain field: Wagtail's would write all blocks down.
        name, path, _args, kwargs = super(StreamField, self).deconstruct()
        return name, path, [], kwargs
