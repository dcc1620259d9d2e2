"""The form that editors have for a page."""

from __future__ import annotations

from typing import Any

from wagtail.admin.forms import WagtailAdminPageForm


class DraftFirstForm(WagtailAdminPageForm):
    """A new page is saved as a draft, also when it is published at once: what the publication gate refuses is not lost."""

    def save(self, commit: bool = True) -> Any:
        if self.instance._state.adding:
            self.instance.live = False
        return super().save(commit=commit)
