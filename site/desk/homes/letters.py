"""Newsletter issues that have not been sent, each with its next step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Min
from wagtail.admin.ui.components import Component
from wagtail.models import Page
from wagtail.permissions import policy_registry

from newsletters.issue_list import add_stages
from newsletters.models import IssuePage

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST = 5
SEE = "newsletters.view_newsletter"


class LettersPanel(Component):
    """The newest first, an issue once whatever its languages."""

    order = 72
    template_name = "desk/homes/letters.html"

    def __init__(self, user: Any) -> None:
        here = policy_registry.get_by_type(Page).explorable_instances(user).values("pk")
        sources = Page.objects.filter(alias_of=None).order_by().values("translation_key").annotate(first=Min("pk")).values("first")
        self.issues = list(IssuePage.objects.filter(pk__in=sources, mailing=None).filter(pk__in=here).order_by("-pk")[:MOST])
        add_stages(self.issues, user)

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return {"issues": self.issues}
