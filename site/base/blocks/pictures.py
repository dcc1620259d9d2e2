"""Pictures in running text. Each has a caption and shows its credit."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock

from base.blocks import groups


class FigureBlock(blocks.StructBlock):
    image = ImageBlock(label=_("Picture"))
    caption = blocks.CharBlock(label=_("Caption"), max_length=250)

    class Meta:
        icon = "image"
        label = _("Picture")
        group = groups.MEDIA
        help_text = _("A picture across the text, with its caption and credit.")
        template = "base/blocks/figure.html"


class GalleryBlock(blocks.StructBlock):
    """Pictures that belong together; one alone is a `FigureBlock`."""

    items = blocks.ListBlock(FigureBlock(label=_("Picture"), help_text=""), label=_("Pictures"), min_num=2, max_num=12)

    class Meta:
        icon = "grid"
        label = _("Gallery")
        group = groups.MEDIA
        help_text = _("From two to twelve pictures side by side, each with its caption and credit.")
        template = "base/blocks/gallery.html"
