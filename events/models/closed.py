"""Pages for a network alone: Wagtail's restriction keeps the world out of them, and they themselves whoever is signed in without being of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext_lazy as _
from wagtail.models import PageViewRestriction

from base.bounds import Bounded
from base.page_cache import SECONDS_HEADER
from themes.models import Theme

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class ClosedPage(models.Model):
    """A kind whose pages are closed, or some of them: those that `unlisted()` has. Comes before the page's other classes."""

    class Meta:
        abstract = True

    @property
    def is_closed(self) -> bool:
        raise NotImplementedError

    def is_listed(self) -> bool:
        return not self.is_closed

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Nobody has to remember to close it. What the whole world may see (`Page.public()`) never has it."""
        page: Any = self
        was_closed = page.pk is not None and page.unlisted().filter(pk=page.pk).exists()
        super().save(*args, **kwargs)
        restrictions = PageViewRestriction.objects.filter(page=page, restriction_type=PageViewRestriction.LOGIN)
        if page.is_closed and not restrictions.exists():
            PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
        elif was_closed and not page.is_closed:
            restrictions.delete()

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        from events import network

        page: Any = self
        # Who may preview it, and the publication checks, which render it as a preview, are asked elsewhere.
        is_preview = getattr(request, "is_preview", False)
        if page.is_closed and not is_preview and not network.may_see(request.user, page):
            return network.refuse(request)
        response: HttpResponse = super().serve(request, *args, **kwargs)  # type: ignore[misc]  # Wagtail's Page has it
        return kept_by_nobody(response) if page.is_closed else response


class InsideLink(Bounded):
    """What the link of an internal event holds since it was made anew (`events.inside`). For its pages of all languages together."""

    theme = models.ForeignKey(Theme, models.CASCADE, related_name="+", verbose_name=_("national theme"))
    item_key = models.UUIDField(unique=True, editable=False)
    secret = models.CharField(max_length=16, editable=False)

    class Meta:
        verbose_name = _("link for insiders")
        verbose_name_plural = _("links for insiders")

    def __str__(self) -> str:
        return f"#{self.pk}"


def kept_by_nobody(response: HttpResponse) -> HttpResponse:
    """In no cache, and in no search engine."""
    del response[SECONDS_HEADER]
    patch_cache_control(response, private=True, no_store=True)
    response["X-Robots-Tag"] = "noindex"
    return response
