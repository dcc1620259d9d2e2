from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from base.translations import editor
from base.translations.lists import shown
from base.translations.states import states_of

if TYPE_CHECKING:
    from wagtail_localize.models import Translation

register = template.Library()


@register.inclusion_tag("base/translations/notes.html", takes_context=True)
def translation_notes(context: Any, translation: Translation, page: Any) -> dict[str, Any]:
    """What the staff must know above the texts of wagtail-localize's editor."""
    user = context["request"].user
    return editor.notes(translation) | {"rows": shown(states_of([page]).get(page.translation_key, []), user)}
