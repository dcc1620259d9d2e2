"""The field in which an administrator says where a user works, and as what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from themes.models import TeamMember, Theme

if TYPE_CHECKING:
    from collections.abc import Iterable

SPLIT = ":"


def places() -> list[tuple[str, list[tuple[str, Any]]]]:
    """Each theme with its roles."""
    return [
        (theme.name, [(f"{theme.pk}{SPLIT}{role}", f"{theme.name}: {label}") for role, label in TeamMember.Part.choices])
        for theme in Theme.objects.order_by("pk")
    ]


class TeamsField(forms.MultipleChoiceField):
    def __init__(self) -> None:
        super().__init__(
            label=_("Works in"),
            required=False,
            choices=places,
            widget=forms.CheckboxSelectMultiple,
            help_text=_(
                "In which national themes, and as what. The roles follow from it. Whoever is in none works in the only theme there is; where there"
                " are several, in none of them. Administrators work in all."
            ),
        )


def as_places(values: Iterable[str]) -> list[tuple[int, str]]:
    return [(int(theme), role) for theme, _split, role in (value.partition(SPLIT) for value in values)]
