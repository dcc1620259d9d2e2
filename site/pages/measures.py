"""What pages are measured by. `reach` counts them, without cookies and without machines."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.measures import PAGES, marks, tallied
from contacts.models import Tally
from themes.measures import How, Measure, register


def register_all() -> None:
    register(
        Measure(
            "page_views", _("Page views"), pgettext_lazy("unit", "views"), "output", tallied(Tally.Kind.VIEW, sources=PAGES), How.SUM,
            _("Pages that people have looked at in a browser that lets itself be counted."), marks,
        )
    )  # fmt: skip
    register(
        Measure(
            "downloads", _("Downloads"), pgettext_lazy("unit", "downloads"), "outtake", tallied(Tally.Kind.DOWNLOAD, sources=PAGES), How.SUM,
            _("Documents of pages that people have downloaded whole."), marks,
        )
    )  # fmt: skip
