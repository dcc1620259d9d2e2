"""Keeping a page as a template of a goal, and beginning a new page from one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone
from wagtail.log_actions import log

from desk.page_templates.records import PageTemplate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from base.models import User
    from themes.models import Goal

# Each page has its own; the goal is the template's.
OWN = {
    "title", "slug", "seo_title", "search_description", "show_in_menus", "go_live_at", "expire_at", "comment_notifications", "goals",
    "core_messages", "practice",
}  # fmt: skip


def kept_fields(model: type[Any]) -> Iterator[Any]:
    """The fields of the editor, without days: those of the next page are others."""
    names = model.get_edit_handler().get_form_class()._meta.fields
    for name in names:
        field = model._meta.get_field(name) if name not in OWN else None
        if field is not None and not isinstance(field, (models.DateField, models.TimeField)):
            yield field


@transaction.atomic
def keep(page: Any, *, goal: Goal, name: str, by: User | None) -> PageTemplate:
    """The page as it was last written, published or not. Another of this name is replaced."""
    page = page.get_latest_revision_as_object()
    written = page.serializable_data()
    content = {field.name: written[field.name] for field in kept_fields(type(page)) if field.name in written}
    facts = {"kind": ContentType.objects.get_for_model(type(page)), "content": content, "by": by, "at": timezone.now()}
    row, _made = PageTemplate.objects.update_or_create(goal=goal, name=name, defaults=facts)
    log(page, "desk.keep_template", user=by, data={"name": name, "goal": goal.pk})
    return row


def begin_from(page: Any, template: PageTemplate) -> None:
    """Fills a new page in. What the template points at and is not there any more is left out."""
    model = type(page)
    found = model.from_serializable_data({"pk": None, **_without_gone(model, template.content)}, check_fks=False)
    for field in kept_fields(model):
        if field.name in template.content:
            value = getattr(found, field.attname if field.many_to_one else field.name)
            setattr(page, field.attname if field.many_to_one else field.name, list(value.all()) if field.many_to_many else value)


def _without_gone(model: type[Any], content: dict[str, Any]) -> dict[str, Any]:
    kept = dict(content)
    for field in kept_fields(model):
        value = content.get(field.name)
        if not value or not field.related_model:
            continue
        numbers = value if field.many_to_many else [value]
        there = set(field.related_model._base_manager.filter(pk__in=numbers).values_list("pk", flat=True))
        kept[field.name] = [number for number in numbers if number in there] if field.many_to_many else (value if value in there else None)
    return kept
