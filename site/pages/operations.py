"""The list of operations (Regulation (EU) 2021/1060, Article 49(3) and (4)): every project of a theme, at an address that stays.

The CSV opens right in Excel as Finland has it: UTF-8 with its mark at the front (else Excel takes it for Windows-1252), semicolons between
the cells and decimal commas, in all three languages, for Excel goes by the settings of the machine and not by the file's language. The JSON
holds the same, with numbers as numbers and keys that are the same in each language. The workbook holds numbers and days as such too, and each text
as text: none of its cells is a formula. What nobody has said is empty.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from wagtail.models import ModelLogEntry

from base.languages import active
from base.page_cache import SECONDS_HEADER
from base.staff_lists import as_text
from contacts.models import ProjectParty
from themes.models import Project, Theme
from themes.places import address_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from decimal import Decimal

    from django.http import HttpRequest

# Changes end a kept list at once. A person's name leaves it by the clock.
CACHE_SECONDS = 300
COUNTRY = "FI"
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
LICENCE = ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")
# Where there is none, nothing is missing: not every operation has a contractor, and a location need not be a region.
MAY_BE_EMPTY = {"contractor", "nuts_3"}
Part = ProjectParty.Part


@dataclass(frozen=True)
class Operation:
    """As Article 49(3) lists the facts. Its words are in the active language, Finnish where one is missing."""

    code: str
    name: str
    beneficiary: list[str]
    contractor: list[str]
    purpose_and_achievements: str
    starts: date
    ends: date
    total_cost_eur: Decimal
    fund: str
    specific_objective: str
    union_cofinancing_rate: Decimal
    location: str
    nuts_3: list[str]
    country: str
    intervention_code: str
    intervention_type: str


HEADINGS = {
    "code": gettext_lazy("Code of the operation"),
    "name": gettext_lazy("Name of the operation"),
    "beneficiary": gettext_lazy("Beneficiary"),
    "contractor": gettext_lazy("Contractor"),
    "purpose_and_achievements": gettext_lazy("Purpose and expected or actual achievements"),
    "starts": gettext_lazy("Start date"),
    "ends": gettext_lazy("Expected or actual end date"),
    "total_cost_eur": gettext_lazy("Total cost, EUR"),
    "fund": gettext_lazy("Fund"),
    "specific_objective": gettext_lazy("Specific objective"),
    "union_cofinancing_rate": gettext_lazy("Union co-financing rate, %"),
    "location": gettext_lazy("Location"),
    "nuts_3": gettext_lazy("NUTS 3 codes"),
    "country": gettext_lazy("Country"),
    "intervention_code": gettext_lazy("Code of the type of intervention"),
    "intervention_type": gettext_lazy("Type of intervention"),
}


def operations(theme: Theme) -> list[Operation]:
    """In the order of their codes. Three queries, whatever their number."""
    projects = Project.objects.filter(theme=theme).order_by("code").prefetch_related("regions", "parties__organisation", "parties__person")
    today = timezone.localdate()
    return [_operation(project, theme, today) for project in projects]


def _operation(project: Project, theme: Theme, today: date) -> Operation:
    parties = sorted(project.parties.all(), key=lambda party: party.pk)

    def names(part: Part) -> list[str]:
        return [party.public_name(today) for party in parties if party.part == part]

    return Operation(
        code=project.code,
        name=project.name,
        beneficiary=names(Part.BENEFICIARY),
        contractor=names(Part.CONTRACTOR),
        purpose_and_achievements=" ".join(project.purpose.split()),
        starts=project.starts,
        ends=project.ends,
        total_cost_eur=project.total_cost_eur,
        fund=theme.fund,
        specific_objective=f"{theme.objective_code} {theme.objective}",
        union_cofinancing_rate=project.cofinancing_rate,
        location=project.location,
        nuts_3=[region.nuts for region in project.regions.all()],
        country=COUNTRY,
        intervention_code=project.intervention_code,
        intervention_type=project.intervention_type,
    )


def changed_at(theme: Theme) -> datetime | None:
    """When a project of the list, or one of its parties, last changed, or one was deleted; None while there is none."""
    changed: datetime | None = Project.objects.filter(theme=theme).aggregate(at=Max("changed_at"))["at"]
    deleted = ModelLogEntry.objects.filter(content_type__app_label="themes", content_type__model="project", action="wagtail.delete")
    gone: datetime | None = deleted.aggregate(at=Max("timestamp"))["at"]
    return max(filter(None, (changed, gone)), default=None)


def lacking(row: Operation) -> list[str]:
    """The headings of what the Article asks for and nobody has said."""
    return [str(heading) for name, heading in HEADINGS.items() if name not in MAY_BE_EMPTY and getattr(row, name) in ("", [], None)]


def as_csv(theme: Theme, rows: list[Operation]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow([capfirst(str(heading)) for heading in HEADINGS.values()])
    for row in rows:
        facts = asdict(row) | {name: _with_comma(getattr(row, name)) for name in ("total_cost_eur", "union_cofinancing_rate")}
        writer.writerow([as_text(" / ".join(value) if isinstance(value, list) else value) for value in (facts[name] for name in HEADINGS)])
    return f"{BYTE_ORDER_MARK}{text.getvalue()}".encode()


def _with_comma(amount: Decimal) -> str:
    return f"{amount:.2f}".replace(".", ",")


def as_xlsx(theme: Theme, rows: list[Operation]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("List of operations")[:31])
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, capfirst(str(heading))) for heading in HEADINGS.values()])
    for row in rows:
        sheet.append([_cell(sheet, getattr(row, name)) for name in HEADINGS])
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _cell(sheet: Any, value: Any) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, " / ".join(value) if isinstance(value, list) else value)
    if isinstance(cell.value, str):
        # Else "=1" would be a formula.
        cell.data_type = "s"
    return cell


def as_json(theme: Theme, rows: list[Operation]) -> bytes:
    """Dates by ISO 8601, money in euros, rates in per cent."""
    numbers, changed = ("total_cost_eur", "union_cofinancing_rate"), changed_at(theme)
    made = {
        "title": _("List of operations"),
        "theme": theme.name,
        "regulation": "(EU) 2021/1060, Article 49(3)",
        "language": active(),
        "licence": LICENCE[1],
        "changed": changed.astimezone(UTC).isoformat() if changed else None,
        "url": f"{address_of(theme)}{reverse('pages:operations', args=[theme.key, 'json'])}",
        "operations": [asdict(row) | {name: float(getattr(row, name)) for name in numbers} for row in rows],
    }
    return json.dumps(made, ensure_ascii=False, indent=1, default=str).encode()


WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMS: dict[str, tuple[str, Callable[[Theme, list[Operation]], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "xlsx": (WORKBOOK, as_xlsx),
    "json": ("application/json; charset=utf-8", as_json),
}


@require_safe
def list_of_operations(request: HttpRequest, key: str, form: str) -> HttpResponse:
    """304 to who has these bytes."""
    theme: Any = get_object_or_404(Theme, key=key)
    media_type, write = FORMS[form]
    rows = operations(theme)
    content = write(theme, rows)
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="operations-{theme.key}-{active()}.{form}"'
    # A workbook says inside when it was made: two of the same rows differ in their bytes alone.
    same, weak = (as_csv(theme, rows), "W/") if form == "xlsx" else (content, "")
    response["ETag"] = etag = f'{weak}"{sha256(same).hexdigest()[:32]}"'
    response[SECONDS_HEADER] = str(CACHE_SECONDS)
    return get_conditional_response(request, etag, response=response) or response
