"""Facts in words, as label and value for a dl, in the active language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.translation import gettext as _

from contacts.models import ProjectParty

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime
    from decimal import Decimal

    from themes.models import Project, Region

    Facts = list[tuple[str, str]]

Part = ProjectParty.Part


def money(amount: Decimal) -> str:
    """Whole euros where there are no cents; the sign never stands alone on a line."""
    decimals = 0 if amount == amount.to_integral_value() else 2
    return f"{number_format(amount, decimals, use_l10n=True, force_grouping=True)}\N{NO-BREAK SPACE}€"


def percent(rate: Decimal) -> str:
    decimals = 0 if rate == rate.to_integral_value() else 2
    return f"{number_format(rate, decimals, use_l10n=True)}\N{NO-BREAK SPACE}%"


def day(moment: date) -> str:
    return date_format(moment, "DATE_FORMAT")


def minute(moment: datetime) -> str:
    """By the clock of Helsinki."""
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")


def days(starts: date, ends: date) -> str:
    return f"{day(starts)} – {day(ends)}"


def years(starts: date, ends: date) -> str:
    return str(starts.year) if starts.year == ends.year else f"{starts.year}–{ends.year}"


def listed(names: Iterable[object]) -> str:
    return ", ".join(map(str, names))


def place(regions: Iterable[Region]) -> str:
    return listed(regions) or _("Whole country")


def places_of(model: Any, pages: Iterable[Any]) -> list[str]:
    """Where each of the pages of the kind belongs, in their order. One query for all."""
    links, column = model.regions.through, f"{model._meta.model_name}_id"
    found: dict[int, list[Region]] = {page.pk: [] for page in pages}
    for link in links.objects.filter(**{f"{column}__in": found}).select_related("region").order_by("region__code"):
        found[getattr(link, column)].append(link.region)
    return [place(regions) for regions in found.values()]


def of_project(project: Project, parties: list[ProjectParty], today: date) -> Facts:
    """What Article 49(3) asks for, and the project's own site. Two queries: regions and sub-themes."""

    def names(part: Part) -> str:
        return listed(party.public_name(today) for party in parties if party.part == part)

    theme, regions = project.theme, place(project.regions.all())
    rows = [
        (_("Code"), project.code),
        (_("Kind of project"), str(project.get_kind_display())),
        (_("Duration"), days(project.starts, project.ends)),
        (_("Beneficiary"), names(Part.BENEFICIARY)),
        (_("Contractor"), names(Part.CONTRACTOR)),
        (_("Regions"), regions),
        (_("Location"), "" if project.location == regions else project.location),
        (_("Sub-themes"), listed(project.sub_themes.all())),
        (_("Total cost"), money(project.total_cost_eur)),
        (_("Fund"), theme.fund),
        (_("Union co-financing rate"), percent(project.cofinancing_rate)),
        (_("Programme"), theme.programme),
        (_("Specific objective"), f"{theme.objective_code} {theme.objective}"),
        (_("Type of intervention"), f"{project.intervention_code} {project.intervention_type}".strip()),
    ]
    if project.website:
        rows.append((_("Website"), format_html('<a href="{}">{}</a>', project.website, project.website.split("://")[-1].rstrip("/"))))
    return [(label, value) for label, value in rows if value]
