"""The sums of issues that were sent, for the commands and the staff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mail.balance import Balance, balances
from newsletters.models import IssuePage

if TYPE_CHECKING:
    from collections.abc import Sequence

COLUMNS = ("issue", "frozen", "sent", "failed", "suppressed", "in_doubt", "waiting")

EMPTY = Balance(frozen=0, sent=0, failed=0, suppressed=0, in_doubt=0, waiting=0)


def ledger_rows(issues: Sequence[IssuePage]) -> list[dict[str, int]]:
    """Two queries, whatever the number of issues. `waiting` is all that is still open; an issue that was not sent has zeros."""
    found = balances([issue.mailing_id for issue in issues if issue.mailing_id])
    return [_row(issue, found.get(issue.mailing_id or 0, EMPTY)) for issue in issues]


def _row(issue: IssuePage, sums: Balance) -> dict[str, int]:
    return {"issue": issue.pk} | {name: getattr(sums, name) for name in COLUMNS[1:]}
