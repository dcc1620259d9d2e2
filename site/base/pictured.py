"""A page with one main picture, or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from base.models import SiteImage

if TYPE_CHECKING:
    from typing import ClassVar


class PicturedPage(models.Model):
    """The picture stands in the page's head, in lists and where the page is shared. Translations share it; its words are their own."""

    picture = models.ForeignKey(
        SiteImage,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture"),
        help_text=_("One strong picture, or none. It stands above the text and in lists, and goes along when the page is shared."),
    )
    picture_alt = models.CharField(
        _("alternative text"), max_length=250, blank=True, help_text=_("What the picture shows, for those who do not see it. One sentence.")
    )
    picture_caption = models.CharField(
        _("caption"), max_length=250, blank=True, help_text=_("What the reader should know about the picture. The credit is added by itself.")
    )

    picture_panel: ClassVar = MultiFieldPanel(
        [FieldPanel("picture"), FieldPanel("picture_alt"), FieldPanel("picture_caption")], heading=_("Main picture"), icon="image"
    )

    class Meta:
        abstract = True
