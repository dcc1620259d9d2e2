"""What packages put beside the editor of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.http import HttpRequest
    from wagtail.admin.ui.side_panels import BaseSidePanel

_registered: dict[type[BaseSidePanel], Callable[[Any, HttpRequest], bool]] = {}


def register(panel: type[BaseSidePanel], shown: Callable[[Any, HttpRequest], bool]) -> None:
    """From `ready()`. `shown(page, request)` says where; a request has its user."""
    _registered[panel] = shown


def panels_for(page: Any, request: HttpRequest) -> Iterator[BaseSidePanel]:
    return (panel(page, request) for panel, shown in _registered.items() if shown(page, request))
