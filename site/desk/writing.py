"""On the admin's home: one link to begin each kind of page, where its likes stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q, Value
from django.db.models.functions import Length, Substr
from django.urls import reverse
from wagtail.admin.ui.components import Component
from wagtail.models import Page, get_page_models

from base.languages import FALLBACK
from contacts.pages import OutreachPage
from themes.teams.pages import ground_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from themes.models import Goal


@dataclass(frozen=True)
class Beginning:
    """A kind of page, and the page below which a new one is made."""

    model: type[Any]
    parent: Page

    @property
    def label(self) -> str:
        words = str(self.model._meta.verbose_name)
        return words[:1].upper() + words[1:]

    @property
    def url(self) -> str:
        return reverse("wagtailadmin_pages:add", args=self.place)

    def url_for(self, goal: Goal) -> str:
        """The editor with the goal ticked."""
        return reverse("desk:write", args=[goal.pk, *self.place])

    @property
    def place(self) -> list[Any]:
        """As addresses of new pages have it."""
        return [self.model._meta.app_label, self.model._meta.model_name, self.parent.pk]


def beginnings(user: Any) -> Iterator[Beginning]:
    """The kinds that the user may add, what is written most first. Three queries a kind, whatever the number of pages."""
    kinds = {model: model._default_manager.count() for model in get_page_models() if issubclass(model, OutreachPage)}
    for model in sorted(kinds, key=lambda kind: -kinds[kind]):
        if found := beginning_of(model, user):
            yield found


def beginning_of(model: type[Any], user: Any) -> Beginning | None:
    """None where the user may not add the kind."""
    parent = usual_parent(model, ground_of(user).pages())
    if parent is not None and parent.permissions_for_user(user).can_add_subpage() and model.can_create_at(parent):
        return Beginning(model, parent)
    return None


def usual_parent(model: type[Any], where: Q) -> Page | None:
    """Where most pages of the kind stand; where there is none yet, the first page that may have one."""
    own = model._default_manager.filter(where, locale__language_code=FALLBACK).annotate(
        above=Substr("path", 1, Length(F("path")) - Value(Page.steplen))
    )
    most = own.order_by().values("above").annotate(number=Count("pk")).order_by("-number", "above").values_list("above", flat=True).first()
    if most:
        return Page.objects.get(path=most).specific
    for parent_model in model.clean_parent_page_models():
        if parent := parent_model._default_manager.filter(where, locale__language_code=FALLBACK, depth__gt=1).order_by("path").first():
            return parent
    return None


class WritingPanel(Component):
    order = 80
    template_name = "desk/writing.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        assert parent_context is not None  # noqa: S101 — Wagtail's home gives it
        return {"beginnings": list(beginnings(parent_context["request"].user))}
