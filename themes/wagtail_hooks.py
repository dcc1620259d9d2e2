from __future__ import annotations

from wagtail.snippets.models import register_snippet

from themes.viewsets import PlanGroup

register_snippet(PlanGroup)
