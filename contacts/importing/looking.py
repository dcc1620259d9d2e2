"""What would come of a file; nothing is changed. A small one is looked at while its reader waits, a larger one by the worker."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.utils import translation

from base.spreadsheets import Unreadable
from base.tasks import enqueue
from contacts.importing import reading
from contacts.importing.matching import Fate, Sorter
from contacts.models import ContactImport

if TYPE_CHECKING:
    from collections.abc import Callable

    from contacts.importing.matching import Verdict
    from contacts.importing.rows import Problem

# So many octets keep nobody waiting; cards are read slowly.
AT_ONCE = 200_000
BATCH = 2000
MOST_TOLD = 1000
# Of rows with errors, and of possible duplicates, on the screen: the next follow when these are mended.
SHOWN = 50
FACTS = ("first_name", "last_name", "emails", "phones", "organisation", "units", "title", "city")
COUNTED = ("rows", "created", "known", "doubled", "refused", "organisations")


@dataclass
class Tally:
    """What became of the rows, or would. At most MOST_TOLD of each are told; `merged` are possible duplicates for which something was chosen."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTED, 0))
    problems: list[Problem] = field(default_factory=list)
    duplicates: list[Verdict] = field(default_factory=list)
    decided: list[Verdict] = field(default_factory=list)

    def tell(self, verdicts: list[Verdict]) -> None:
        self.counts["rows"] += len(verdicts)
        for verdict in verdicts:
            self.counts[verdict.fate.value] += 1
            if verdict.fate is Fate.REFUSED:
                self.problems += verdict.row.problems[: max(0, MOST_TOLD - len(self.problems))]
            elif verdict.candidates:
                told = self.duplicates if verdict.fate is Fate.DOUBLED else self.decided
                told += [verdict][: max(0, MOST_TOLD - len(told))]


def look(content: bytes, bringing: ContactImport, *, keeps_known: bool = False, told: Callable[[int], bool] | None = None) -> Tally:
    """Raises Unreadable. `told` hears how far it is, and answers whether to go on."""
    sorter = Sorter(bringing.theme, bringing.choices, keeps_duplicates=bringing.keeps_duplicates, keeps_known=keeps_known)
    tally = Tally()
    rows = reading.rows(content, bringing)
    while batch := list(islice(rows, BATCH)):
        tally.tell(sorter.sort(batch))
        sorter.bodies.take()
        if told and not told(tally.counts["rows"]):
            break
    tally.counts["organisations"] = sorter.bodies.made
    return tally


# ---- for the screens: `looked` holds `mark`, and first `lines`, then `counts`, `problems` and `duplicates`, or what is `unreadable`.


def start(bringing: ContactImport) -> None:
    """Looks anew, with the columns, mended cells and choices as they are. A look that is on its way ends without a word."""
    bringing.looked = {"mark": uuid4().hex, "lines": 0}
    bringing.save(update_fields=["looked"])
    language = translation.get_language()
    if len(bringing.content or b"") <= AT_ONCE:
        look_apart(bringing.pk, bringing.looked["mark"], language)
        bringing.refresh_from_db()
    else:
        enqueue("contacts.importing.looking.look_apart", bringing.pk, bringing.looked["mark"], language)


def look_apart(pk: int, mark: str, language: str) -> None:
    """For the worker. Bears a repeat."""
    asked = ContactImport.objects.filter(pk=pk, looked__mark=mark, asked_at=None).exclude(content=None)
    bringing = asked.select_related("theme").first()
    if bringing is None:
        return

    def tell(**values: Any) -> bool:
        return bool(asked.update(looked={"mark": mark} | values))

    with translation.override(language):
        try:
            tally = look(bytes(bringing.content or b""), bringing, told=lambda lines: tell(lines=lines))
        except Unreadable as unreadable:
            tell(unreadable=str(unreadable))
        else:
            # PostgreSQL keeps no zero in a text.
            tell(counts=tally.counts, **json.loads(json.dumps(_shown(tally)).replace("\\u0000", "\\ufffd")))


def _shown(tally: Tally) -> dict[str, Any]:
    numbers = list(dict.fromkeys(problem.row for problem in tally.problems))[:SHOWN]
    return {
        "problems": [list(problem) for problem in tally.problems if problem.row in numbers],
        "duplicates": [_kept(verdict) for verdict in sorted([*tally.duplicates[:SHOWN], *tally.decided[:SHOWN]], key=lambda one: one.row.number)],
    }


def _kept(verdict: Verdict) -> dict[str, Any]:
    facts = asdict(verdict.row)
    return {"row": verdict.row.number, "facts": {name: facts[name] for name in FACTS}, "candidates": [list(one) for one in verdict.candidates]}
