"""Starting the translation of a page: a draft in another language, which wagtail-localize's editor fills."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from wagtail.models import Page
from wagtail_localize.operations import translate_object

from base.translations.states import State, states_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wagtail.models import Locale


@transaction.atomic
def start_translations(*, pages: Iterable[Any], locales: Iterable[Locale], by: Any) -> list[Page]:
    """Makes what is missing, from the source of each page. Returns the drafts. What a language has already stays as it is."""
    pages, locales = list(pages), {locale.language_code: locale for locale in locales}
    started = []
    for states in states_of(pages).values():
        for state in states:
            locale = locales.get(state.language_code)
            if locale is None or state.state is not State.MISSING:
                continue
            if state.page is not None and state.page.live:
                # It shows the source's text: what is being translated is a draft, and readers are led to the source meanwhile.
                state.page.specific.unpublish(user=by)
            translate_object(state.source.specific, [locale], user=by)
            started += Page.objects.filter(translation_key=state.source.translation_key, locale=locale)
    return started
