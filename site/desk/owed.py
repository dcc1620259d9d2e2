"""On the admin's home: translations that were promised and are missing, and those that are out of date, the oldest pages first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import TextField
from django.db.models.functions import Cast
from wagtail.admin.ui.components import Component
from wagtail.models import Page
from wagtail.permissions import policy_registry

from base.pages import ENDONYMS
from base.translations.checks import CODES, OUTDATED
from base.translations.states import states_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ON_THE_HOME_SCREEN = 5


def owing(user: Any) -> Any:
    """Live pages of which the publication checks told that: a source that lacks a language, a translation that is out of date."""
    pages = policy_registry.get_by_type(Page).explorable_instances(user).live()
    # Both databases write JSON so; SQLite cannot look into its lists.
    told = pages.annotate(told=Cast("gate_state__findings", TextField())).filter(told__contains=f'"code": "{CODES}')
    return told.select_related("locale", "gate_state").order_by("first_published_at", "pk")


class OwedPanel(Component):
    order = 85
    template_name = "desk/owed.html"

    def __init__(self, user: Any) -> None:
        self.user, self.pages = user, owing(user)
        self.number = self.pages.count()

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        pages = list(self.pages[:ON_THE_HOME_SCREEN])
        states = states_of(pages)
        rows = [row for page in pages for row in self._rows(page, states[page.translation_key])]
        return {"rows": rows, "more": max(self.number - len(pages), 0)}

    def _rows(self, page: Any, states: list[Any]) -> Iterator[dict[str, Any]]:
        codes = {finding["code"] for finding in page.gate_state.findings}
        for state in states:
            is_own = state.language_code == page.locale.language_code
            if (OUTDATED in codes) if is_own else (f"{CODES}{state.language_code}" in codes):
                yield {"page": page, "state": state, "language": ENDONYMS[state.language_code], "url": state.url(self.user)}
