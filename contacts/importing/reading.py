"""What somebody brings, as a table: CSV, a workbook or vCards."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from django.utils.translation import gettext as _

from base import spreadsheets
from base.importing.tables import Table, table_of
from contacts.importing import cards, columns
from contacts.importing.rows import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from contacts.importing.columns import Columns
    from contacts.importing.rows import Row
    from contacts.models import ContactImport

HEAD = 4096
# Of a table. Of cards, pictures do not count.
MOST_BYTES = 20_000_000


def take(file: IO[bytes], most: int = MOST_BYTES) -> bytes:
    """The content that is kept until it is brought: of vCards, the text without pictures. Raises Unreadable."""
    head = file.read(HEAD)
    file.seek(0)
    if cards.is_card(head):
        return cards.without_pictures(file, most)
    content = file.read(most + 1)
    if len(content) > most:
        raise spreadsheets.Unreadable(_("The file is too large for one time: at most %(most)s MB. Divide it.") % {"most": most // 1_000_000})
    return content


def table(content: bytes) -> Table:
    """Raises Unreadable, also while its lines are read."""
    return table_of(cards.lines(content) if cards.is_card(content[:HEAD]) else spreadsheets.read(content), columns.says)


def guess(heading: Sequence[str]) -> Columns:
    """Raises Unreadable where no column names people."""
    found, _left = columns.guess(heading)
    check(found)
    return found


def check(found: Columns) -> None:
    if not columns.names_people(found):
        raise spreadsheets.Unreadable(_("The first line names no column of names or e-mail addresses, such as first_name, last_name or email."))


def rows(content: bytes, bringing: ContactImport) -> Iterator[Row]:
    """With the columns and the mended cells of the import. Raises Unreadable on the way."""
    found = table(content)
    return Reader(found.heading, bringing.columns, bringing.mended).rows(found.lines)


def refused(content: bytes, bringing: ContactImport) -> Iterator[tuple[int, str, list[str]]]:
    """Number, reasons and cells of each row with an error. Raises Unreadable on the way."""
    found = table(content)
    reader = Reader(found.heading, bringing.columns, bringing.mended)
    for line in found.lines:
        (row,) = reader.rows([line])
        if row.problems:
            reasons = "; ".join(": ".join(filter(None, [problem.heading, problem.message])) for problem in row.problems)
            yield line.number, reasons, line.cells
