"""The file's rows, read and checked each for itself: what is wrong is told by row and column."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from base import spreadsheets
from base.languages import CODES
from desk.importing import texts
from desk.importing.kinds import KINDS, OWN
from themes.models import Goal
from themes.pages import theme_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desk.importing.kinds import Kind

NEEDED = ("key", "language", "kind", "parent", "title")
COLUMNS = (*NEEDED, "body", "slug", "lead", "published", "goals", "old_addresses", *OWN)
DATES = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y")
SLUG = re.compile(r"[a-z0-9-]+")
MOST_LINES_OF_A_BODY = 5000
# In one theme the same key is the same page in every run and in every language.
NAMESPACE = uuid.UUID("5f1d1f0e-6f53-4c2f-9d2a-8f1f3f9b7c10")


@dataclass(frozen=True)
class Problem:
    """`line` is the file's, the heading being the first."""

    line: int
    column: str
    message: str


@dataclass
class Row:
    line: int
    values: dict[str, str]
    problems: list[Problem] = field(default_factory=list)
    kind: Kind | None = None
    model: Any = None
    # Of its kind, as the page's fields have them.
    facts: dict[str, Any] = field(default_factory=dict)
    parent: Any = None
    body: texts.Body = field(default_factory=texts.Body)
    published: datetime | None = None
    goals: list[Goal] = field(default_factory=list)
    old_paths: list[str] = field(default_factory=list)

    def __getitem__(self, column: str) -> str:
        return self.values.get(column, "")

    def refuse(self, column: str, message: str) -> None:
        self.problems.append(Problem(self.line, column, message))

    @property
    def translation_key(self) -> uuid.UUID:
        """Of the theme it comes to: two themes may have brought old sites that number their pages alike."""
        return uuid.uuid5(NAMESPACE, f"{theme_of(self.parent).pk} {self.model._meta.label_lower} {self['key']}")


def read(content: bytes) -> tuple[list[Row], list[Problem]]:
    """The rows, and what is wrong with the file as a whole."""
    try:
        lines = spreadsheets.read(content, most_lines=MOST_LINES_OF_A_BODY)
        heading = next(lines, spreadsheets.Line(1, []))
        columns = [cell.lower() for cell in heading.cells]
        problems = _check_columns(columns)
        return ([], problems) if problems else (list(_rows(columns, lines)), [])
    except spreadsheets.Unreadable as told:
        return [], [Problem(1, "", str(told))]


def _check_columns(columns: list[str]) -> list[Problem]:
    problems = [Problem(1, name, _("This column is missing.")) for name in NEEDED if name not in columns]
    return problems + [
        Problem(1, name, _("There is no such column. These are: {columns}.").format(columns=", ".join(COLUMNS)))
        for name in columns
        if name not in COLUMNS
    ]


def _rows(columns: list[str], lines: Iterator[spreadsheets.Line]) -> Iterator[Row]:
    for line in lines:
        row = Row(line.number, dict(zip(columns, line.cells, strict=False)))
        if line.problem:
            row.refuse(COLUMNS[0], line.problem)
        elif any(line.cells[len(columns) :]):
            row.refuse(COLUMNS[0], _("The row has more cells than the heading."))
        for column in (name for name, value in row.values.items() if "\0" in value):
            row.refuse(column, _("It holds a sign that no text has. Save the sheet as CSV (UTF-8) again."))
        yield row


def check_each(rows: list[Row], by: Any = None) -> None:
    """`by`: whoever brings them, and may bring only where they may write; None may everywhere."""
    seen: dict[tuple[str, str, str], int] = {}
    for row in rows:
        if not row.problems:
            check(row, by)
        key = (row["kind"], row["key"], row["language"])
        if (first := seen.setdefault(key, row.line)) != row.line:
            row.refuse("key", _("Row {line} has the same key and language.").format(line=first))


def check(row: Row, by: Any = None) -> None:
    row.kind = KINDS.get(row["kind"])
    row.model = row.kind and row.kind.model
    for column in (*NEEDED, *(row.kind.needed if row.kind else ())):
        if not row[column]:
            row.refuse(column, _("Write something here."))
    if row["language"] and row["language"] not in CODES:
        row.refuse("language", _("Write one of these: {known}.").format(known=", ".join(CODES)))
    if row["kind"] and row.kind is None:
        row.refuse("kind", _("Write one of these: {known}.").format(known=", ".join(KINDS)))
    _check_lengths(row)
    if row["slug"] and not SLUG.fullmatch(row["slug"]):
        row.refuse("slug", _("Only small letters from a to z, digits and hyphens."))
    _check_parent(row, by)
    _check_published(row)
    _check_goals(row)
    _check_old_addresses(row)
    _check_kind(row)
    try:
        row.body = texts.read(row["body"])
    except texts.TooDeep:
        row.refuse("body", _("Its tags stand one in another, more than {most} deep.").format(most=texts.MOST_DEEP))
        return
    if row["body"] and not row.body.blocks:
        row.refuse("body", _("There are no words in it."))


def _check_kind(row: Row) -> None:
    if row.kind is None:
        return
    for column in OWN:
        if row[column] and column not in row.kind.own:
            row.refuse(column, _("A page of this kind has no such text. Leave the cell empty."))
    if row["body"] and not row.kind.has_body:
        row.refuse("body", _("A page of this kind has no such text. Leave the cell empty."))
    row.kind.check(row)


def page_at(address: str, language: str) -> Any:
    parts = texts.split(address)
    if parts is None:
        return None
    slug = parts.path.strip("/").rpartition("/")[2]
    # A front page has the address of its language alone.
    near = Page.objects.filter(locale__language_code=language)
    for page in near.filter(depth=2) if slug == language else near.filter(slug=slug):
        own = urlsplit(page.full_url or "")
        if own.path.strip("/") == parts.path.strip("/") and (not parts.netloc or parts.netloc == own.netloc):
            return page.specific
    return None


def _check_lengths(row: Row) -> None:
    fields = {field.name: getattr(field, "max_length", None) for field in row.model._meta.fields} if row.model else {}
    for name in ("title", "lead", "slug"):
        if (most := fields.get(name)) and len(row[name]) > most:
            row.refuse(name, _("At most {most} letters; there are {number}.").format(most=most, number=len(row[name])))


def _check_parent(row: Row, by: Any) -> None:
    if not row["parent"] or row["language"] not in CODES:
        return
    row.parent = page_at(row["parent"], row["language"])
    if row.parent is None:
        row.refuse("parent", _("There is no page at this address in the language of the row."))
    elif row.model and not row.model.can_create_at(row.parent):
        row.refuse("parent", _("A page of this kind cannot be there."))
    elif by is not None and not row.parent.permissions_for_user(by).can_add_subpage():
        row.refuse("parent", _("You may not add pages there."))


def _check_published(row: Row) -> None:
    for form in DATES if row["published"] else ():
        try:
            day = datetime.strptime(row["published"], form)
        except ValueError:
            continue
        row.published = timezone.make_aware(datetime.combine(day, time(12)))
        break
    if row["published"] and (row.published is None or row.published > timezone.now()):
        row.refuse("published", _("Write a day that has been, such as 2024-05-31 or 31.5.2024."))


def _check_goals(row: Row) -> None:
    keys = [key.strip() for key in row["goals"].split(",") if key.strip()]
    if not keys or row.parent is None:
        return
    row.goals = list(Goal.objects.filter(theme=theme_of(row.parent), key__in=keys))
    if missing := sorted(set(keys) - {goal.key for goal in row.goals}):
        row.refuse("goals", _("There are no such goals: {keys}.").format(keys=", ".join(missing)))


def _check_old_addresses(row: Row) -> None:
    for address in row["old_addresses"].split():
        parts = texts.split(address)
        if parts is None or not parts.path.startswith("/") or parts.path == "/":
            row.refuse("old_addresses", _("Write addresses such as /news/123 with spaces between: {address} is none.").format(address=address))
            continue
        row.old_paths.append(Redirect.normalise_path(parts.path + (f"?{parts.query}" if parts.query else "")))
