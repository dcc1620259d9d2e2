"""Contacts as a file to take along: CSV, XLSX and, of people, vCard 4.0. Each file is on record: who took how many of which kind, and never whom."""

from __future__ import annotations

import csv
from collections import Counter
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from wagtail.log_actions import log

from base.staff_lists import as_text
from contacts.models import ContactPoint, Membership, Organisation, Person
from contacts.privacy.vcard import vcard_of
from contacts.privacy.words import in_words
from themes.models import Theme

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from base.models import User

CSV, XLSX, VCARD = "csv", "xlsx", "vcf"
TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    VCARD: "text/vcard; charset=utf-8",
}


class Table(NamedTuple):
    head: list[str]
    rows: list[list[str]]


def file_of(rows: Sequence[Any], kind: str, *, by: User | None, name: str) -> HttpResponse:
    """Of people, organisations or memberships: one sort. Cards are of people."""
    model = type(rows[0])
    content = _cards(rows) if kind == VCARD else WRITERS[kind](TABLES[model](rows))
    record(Counter(_theme_of(row) for row in rows), kind, model, by=by)
    return HttpResponse(content, content_type=TYPES[kind], headers={"Content-Disposition": content_disposition_header(True, f"{name}.{kind}") or ""})


def _theme_of(row: Any) -> int:
    theme: int = row.network.theme_id if isinstance(row, Membership) else row.theme_id
    return theme


def record(numbers: dict[int, int], kind: str, model: type[Any], *, by: User | None) -> None:
    """In the log of each theme: how many rows of which sort."""
    for theme in Theme.objects.filter(pk__in=numbers):
        log(theme, "contacts.exported", user=by, data={"format": kind, "rows": numbers[theme.pk], "of": model._meta.model_name})


# ---- what is told of each
def _label(model: Any, name: str) -> str:
    return capfirst(str(model._meta.get_field(name).verbose_name))


def people_table(people: Sequence[Person]) -> Table:
    """A fixed number of queries."""
    read(people)
    fields = ("first_name", "last_name", "email", "city", "region", "target_group", "language")
    head = [_label(Person, name) for name in fields]
    head += [_("Telephone"), _("Organisation"), _("Job title"), _("Tags"), _("Held for"), _("Where the data came from")]
    said = in_words({row.source for person in people for row in person.held_for.all()})
    today, rows = timezone.localdate(), []
    for person in people:
        roles = [role for role in person.roles.all() if role.is_current(today)]
        phones = [point.value for point in person.contact_points.all() if point.medium == ContactPoint.Medium.PHONE and point.is_current(today)]
        told = [str(getattr(person, name) or "") for name in fields[:-1]]
        sources = dict.fromkeys(said[row.source] for row in person.held_for.all())
        told += [person.get_language_display(), "; ".join(phones), "; ".join(str(role.organisation) for role in roles)]
        told += ["; ".join(role.title for role in roles if role.title), "; ".join(tag.name for tag in person.tags.all())]
        rows.append([*told, person.purposes(), "; ".join(sources)])
    return Table(head, rows)


def read(people: Sequence[Person]) -> None:
    """All that the table and the cards tell, at once."""
    prefetch_related_objects(
        people, "region", "target_group", "contact_points", "roles__organisation", "tags", "held_for__purpose",
    )  # fmt: skip


def organisations_table(organisations: Sequence[Organisation]) -> Table:
    prefetch_related_objects(organisations, "parent", "region", "target_group", "tags")
    fields = (
        "name_fi", "name_sv", "name_en", "business_id", "parent", "sector", "size", "region", "target_group", "address", "city", "email", "phone",
        "website",
    )  # fmt: skip
    head = [*(_label(Organisation, name) for name in fields), _("Tags")]
    rows = [[*(_shown(row, name) for name in fields), "; ".join(tag.name for tag in row.tags.all())] for row in organisations]
    return Table(head, rows)


def memberships_table(memberships: Sequence[Membership]) -> Table:
    prefetch_related_objects(memberships, "network", "person", "organisation")
    head = [_("Network"), _("Part"), _("Person"), _("E-mail"), _("Organisation"), _("From"), _("Until")]
    rows = []
    for row in memberships:
        term = [day.isoformat() if day else "" for day in (row.starts, row.ends)]
        rows.append([str(row.network), row.get_part_display(), *_who(row), *term])
    return Table(head, rows)


def _who(row: Membership) -> list[str]:
    """Person, address and organisation: of a person who speaks for one, the person's address."""
    contact: Any = row.person or row.organisation
    return [str(row.person or ""), contact.email if contact else "", str(row.organisation or "")]


def _shown(row: Any, name: str) -> str:
    shown = getattr(row, f"get_{name}_display", None)
    return str((shown() if shown else getattr(row, name)) or "")


# ---- the files
def _csv(table: Table) -> bytes:
    """With the mark that Excel knows UTF-8 by. What a spreadsheet would run is text."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(table.head)
    writer.writerows([as_text(cell) for cell in row] for row in table.rows)
    return out.getvalue().encode("utf-8-sig")


def _xlsx(table: Table) -> bytes:
    """Every cell is text: none is a formula, whatever stands in it."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    for row in (table.head, *([as_text(cell) for cell in row] for row in table.rows)):
        cells = [WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", cell)) for cell in row]
        for cell in cells:
            cell.data_type = "s"
        sheet.append(cells)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _cards(people: Sequence[Person]) -> bytes:
    read(people)
    return b"".join(vcard_of(person) for person in people)


WRITERS: dict[str, Callable[[Table], bytes]] = {CSV: _csv, XLSX: _xlsx}
TABLES: dict[Any, Callable[[Any], Table]] = {Person: people_table, Organisation: organisations_table, Membership: memberships_table}


def members_of(networks: Iterable[Any]) -> list[Membership]:
    """Of today."""
    rows = Membership.objects.current().filter(network__in=[network.pk for network in networks])
    return list(rows.order_by("network__name_fi", "network", "person__last_name", "person__first_name", "pk").select_related("network"))
