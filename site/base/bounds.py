"""Whose rows a request may read. The staff work in one theme at a time (`themes.teams`), and while a request of theirs is answered, every model
that belongs to a theme shows its rows of that theme alone: in lists, forms, choosers, exports and at guessed addresses.

The bound is kept by the models' manager, so no view can forget it. What a visitor would see (pages rendered, figures, the index) is made
`everywhere()`, whoever asks for it.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from collections.abc import Iterator

Row = TypeVar("Row", bound=models.Model)

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


class BoundQuerySet(models.QuerySet[Row]):
    """Bound when it is made, and whenever another is made from it: forms and filters keep theirs from the start of the process."""

    _is_bound = False

    def bind(self) -> Self:
        theme, query = bound(), self.query
        if theme is not None and not self._is_bound and not query.is_sliced and not query.combinator:
            query.add_q(self.model.rows_of(theme))  # type: ignore[attr-defined]  # a `Bounded` model has it
            self._is_bound = True
        return self

    def _clone(self) -> Self:
        clone = super()._clone()  # type: ignore[misc]  # Django's own name for it
        clone._is_bound = self._is_bound
        bound_clone: Self = clone.bind()
        return bound_clone


class BoundManager(models.Manager[Row]):
    """Relations back to the model (`goal.outreaches`) are bound too; a foreign key of a row that one has is followed."""

    _queryset_class = BoundQuerySet

    def get_queryset(self) -> models.QuerySet[Row]:
        rows: Any = super().get_queryset()
        bound_rows: models.QuerySet[Row] = rows.bind()
        return bound_rows


class Bounded(models.Model):
    """Belongs to a theme, by way of `theme_path`. A manager of its own is `BoundManager.from_queryset(…)()`, of a `BoundQuerySet`."""

    theme_path: ClassVar[str] = "theme"

    if not TYPE_CHECKING:
        # Else all models would have the one type of rows.
        objects = BoundManager()

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
