"""Fields of event pages: streams whose blocks stay out of migrations, and a list of things to tick."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db import models
from wagtail.fields import StreamField

if TYPE_CHECKING:
    from collections.abc import Iterable


class PartsField(StreamField):
    """A new block in it changes no table and no migration."""

    def __init__(self, block_types: Any = (), **kwargs: Any) -> None:
        super().__init__(block_types or [], **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        # Of a plain field: Wagtail's would write all blocks down.
        name, path, _args, kwargs = super(StreamField, self).deconstruct()
        return name, path, [], kwargs


class TicksField(models.JSONField):
    """A list of keys of `ticks`, each with a box to tick. The keys stay out of migrations."""

    def __init__(self, *args: Any, ticks: Iterable[tuple[str, Any]] = (), **kwargs: Any) -> None:
        self.ticks = list(ticks)
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: Any) -> forms.Field:
        values: dict[str, Any] = {"label": kwargs.get("label", self.verbose_name), "required": not self.blank, "help_text": self.help_text}
        return forms.MultipleChoiceField(choices=self.ticks, widget=forms.CheckboxSelectMultiple, **values)
