"""Screens about one theme, where there may be several: `?theme=` says which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.utils.functional import cached_property

from themes.models import Theme

if TYPE_CHECKING:
    from django.http import HttpRequest


class OfOneTheme:
    request: HttpRequest

    @cached_property
    def themes(self) -> list[Theme]:
        return list(Theme.objects.order_by("pk"))

    @cached_property
    def theme(self) -> Theme | None:
        """None where one is still to be chosen. Raises Http404."""
        if wanted := self.request.GET.get("theme", ""):
            found = next((theme for theme in self.themes if str(theme.pk) == wanted), None)
            if found is None:
                raise Http404
            return found
        return self.themes[0] if len(self.themes) == 1 else None
