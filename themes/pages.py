"""A page that belongs to a theme. Every page kind of the product is one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.forms import CheckboxSelectMultiple
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel
from wagtail_localize.fields import SynchronizedField

from base.pages import PageRights, PublicPage, site_address
from base.sharing import graph, sharing
from base.sites import put_beside
from themes import cards
from themes.models import Region, SubTheme, Theme
from themes.teams.pages import ground_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from wagtail.models import Page


def theme_of(page: Page) -> Theme:
    """The theme of the nearest page above that has one. Raises Theme.DoesNotExist where none has."""
    # Upwards one by one: mostly the first has it, and its parent is at hand.
    above: Page | None = page
    while above:
        theme: Theme | None = getattr(above.specific, "theme", None)
        if theme:
            return theme
        above = above.get_parent()
    raise Theme.DoesNotExist(f"no page above {page} belongs to a theme")


def from_theme(theme: Theme) -> str:
    return gettext("From the theme %(theme)s") % {"theme": theme.name}


def ticks(name: str) -> FieldPanel:
    """A choice of several, each with a box to tick: nobody needs to know about Ctrl and click. A draft does without."""
    return FieldPanel(name, widget=CheckboxSelectMultiple, required_on_save=False)


class TeamPageRights(PageRights):
    """Of those who work in the page's theme. Rights to a theme are none to another that is a section there."""

    def __init__(self, user: Any, page: Any) -> None:
        super().__init__(user, page)
        if user.is_active and not user.is_superuser and not ground_of(user).has(page.path):
            self.permissions: set[str] = set()


class ThemedPage(PublicPage, models.Model):
    """Belongs to its parent's theme; knows its frame (theme, menu, languages)."""

    theme = models.ForeignKey(Theme, models.PROTECT, related_name="+", editable=False, verbose_name=_("national theme"))

    override_translatable_fields: ClassVar[list[SynchronizedField]] = []
    # Whether a core message of the plan may lead to it as its proof.
    proves: ClassVar[bool] = False
    shown_with: ClassVar[tuple[str, ...]] = (*PublicPage.shown_with, "theme")

    class Meta:
        abstract = True

    def permissions_for_user(self, user: Any) -> PageRights:
        return TeamPageRights(user, self)

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self.take_theme_of_parent()
        super().full_clean(*args, **kwargs)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.take_theme_of_parent()
        super().save(*args, **kwargs)

    @cached_property
    def _themes(self) -> dict[int, Theme]:
        return {self.theme_id: self.theme}

    def theme_beside(self, page: Any) -> Theme:
        """Of a page that this one shows. One query for each other theme, whatever the number of pages."""
        if page.theme_id not in self._themes:
            self._themes[page.theme_id] = page.theme
        return self._themes[page.theme_id]

    def origin_of(self, page: Any) -> str:
        """Says whose a page is that this one shows; "" of its own theme's."""
        if getattr(page, "theme_id", None) in (None, self.theme_id):
            return ""
        return from_theme(self.theme_beside(page))

    def take_theme_of_parent(self) -> None:
        page: Any = self
        if page.theme_id is None and page.path:
            page.theme = theme_of(page.get_parent())

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)  # type: ignore[misc]  # Wagtail's Page has it
        return context | self.frame(request) | self.counted()

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().serve(request, *args, **kwargs)
        if settings.REACH_WITHOUT_SCRIPT:
            # The layer in front counts the page by it, and takes it off.
            response["X-Reach-Page"] = str(self.pk)
        return response

    def counted(self) -> dict[str, Any]:
        """Where and as what the page's script says that it was read; nothing where the server counts by itself."""
        return {} if settings.REACH_WITHOUT_SCRIPT else {"reach_url": reverse("reach:count"), "reach_page": self.pk}

    def frame(self, request: HttpRequest) -> dict[str, Any]:
        """What `base/base.html` needs."""
        page: Any = self
        put_beside(request)
        links, name = self.language_links(request), page.theme.name
        picture = {"url": f"{site_address(page)}{cards.address(page)}", "width": cards.WIDTH, "height": cards.HEIGHT}
        return {
            "page": page,
            "theme": page.theme,
            "language": page.locale.language_code,
            "translations": links,
            "sharing": sharing(page, request, links, name) | {"image": picture},
            "structured": graph(page, name, str(picture["url"])),
            "menu": self.menu(request),
            "footer_links": self.footer_links(request),
            "home_url": self.home_url(request),
            "privacy_url": self.privacy_url(request),
        }


class SortedPage(models.Model):
    """A page that is sorted by the theme's words."""

    sub_themes = ParentalManyToManyField(SubTheme, blank=True, related_name="+", verbose_name=_("sub-themes"))
    regions = ParentalManyToManyField(Region, blank=True, related_name="+", verbose_name=_("regions"))

    class Meta:
        abstract = True
