"""Whose rows a request may read. The staff work in one theme at a time (`themes.teams`), and while a request of theirs is answered, every model
that belongs to a theme shows its rows of that theme alone: in lists, forms, choosers, exports and at guessed addresses.

The bound is kept by the models' manager, so no view can forget it. What a visitor would see (pages rendered, figures, the index) is made
`everywhere()`, whoever asks for it.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from collections.abc import Iterator

# A theme's number. None: no bound. 0 is no theme's: then nothing is shown.
_theme: ContextVar[int | None] = ContextVar("theme", default=None)


def bound() -> int | None:
    return _theme.get()


@contextmanager
def within(theme: int | None) -> Iterator[None]:
    token = _theme.set(theme)
    try:
        yield
    finally:
        _theme.reset(token)


@contextmanager
def everywhere() -> Iterator[None]:
    with within(None):
        yield


class BoundManager(models.Manager[Any]):
    """Relations back to the model (`goal.outreaches`) are bound too; a foreign key of a row that one has is followed."""

    def get_queryset(self) -> models.QuerySet[Any]:
        rows = super().get_queryset()
        theme = bound()
        return rows if theme is None else rows.filter(self.model.rows_of(theme))  # type: ignore[attr-defined]  # for `Bounded` models


class Bounded(models.Model):
    """Belongs to a theme, by way of `theme_path`. A manager of its own is `BoundManager.from_queryset(…)()`."""

    theme_path: ClassVar[str] = "theme"

    objects: ClassVar[Any] = BoundManager()

    class Meta:
        abstract = True

    @classmethod
    def rows_of(cls, theme: int) -> Q:
        return Q(**{cls.theme_path: theme})

    def validate_unique(self, exclude: Any = None) -> None:
        """What another theme has taken is taken."""
        with everywhere():
            super().validate_unique(exclude)

    def validate_constraints(self, exclude: Any = None) -> None:
        with everywhere():
            super().validate_constraints(exclude)
