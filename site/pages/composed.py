"""Pages that editors compose of blocks: each band of the page stands by itself, running text is kept together."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from base.blocks import StoryField
from base.pages import Digest, Digestible
from themes.pages import ThemedPage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest


@dataclass
class Band:
    """Blocks that stand together: running text, or one block that takes the page's whole width."""

    is_text: bool
    blocks: list[Any] = field(default_factory=list)


def bands(children: Iterable[Any]) -> list[Band]:
    """A block whose class says `is_band` stands by itself."""
    found: list[Band] = []
    for child in children:
        is_text = not getattr(child.block, "is_band", False)
        if not (is_text and found and found[-1].is_text):
            found.append(Band(is_text))
        found[-1].blocks.append(child)
    return found


class ComposedPage(ThemedPage, Page):  # type: ignore[django-manager-missing]  # Page is Any to the plugin
    lead = models.TextField(_("lead"), max_length=400)
    body = StoryField(
        verbose_name=_("content"), blank=True, help_text=_("Build the page of blocks. Add one with the plus sign, drag it to where it belongs.")
    )

    content_panels: ClassVar = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body")]

    class Meta:
        abstract = True

    def composition(self) -> Iterable[Any]:
        """The blocks to show, in order."""
        return self.body

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context(request, *args, **kwargs) | {"bands": bands(self.composition())}


class LandingPage(Digestible, ComposedPage):
    """A page of a campaign: composed like the front page, below it, without a date."""

    parent_page_types: ClassVar = ["pages.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    template = "pages/composed.html"
    kind_label = _("Campaign page")

    class Meta:
        verbose_name = _("landing page")

    def digest(self, request: HttpRequest | None = None) -> Digest:
        return replace(super().digest(request), date=None)
