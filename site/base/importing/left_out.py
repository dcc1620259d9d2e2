"""Lines that did not come, to be taken along, mended and brought again."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.translation import gettext as _

from base.staff_lists import as_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def as_csv(name: str, heading: Sequence[str], lines: Iterable[tuple[int, str, Sequence[str]]]) -> HttpResponse:
    """`lines` are number, reason and cells. No cell is a formula."""
    # The mark at the beginning tells Excel that it is UTF-8.
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}.csv"'})
    writer = csv.writer(answer, delimiter=";")
    writer.writerow([_("Line"), _("Reason"), *map(as_text, heading)])
    writer.writerows([number, as_text(reason), *map(as_text, cells)] for number, reason, cells in lines)
    return answer
