"""What would come of a file. A small one is looked at while its reader waits, a larger one by the worker, which notes how far it is."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.db.models.functions import Lower
from django.utils import timezone, translation

from base.spreadsheets import Unreadable
from base.tasks import enqueue
from contacts.models import Consent, Person
from mail import suppression
from newsletters.importing.rows import Reader, Row, read
from newsletters.models import COUNTED, SubscriberImport, Subscription

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from django.db.models import QuerySet

    from newsletters.models import Newsletter

# So many lines keep nobody waiting.
AT_ONCE = 2_000
# Of one transaction while bringing: a sign-up waits for one batch at most.
BATCH = 250
TOLD_EVERY = 8
EXAMPLES = 5
State = Subscription.State


@dataclass
class Tally:
    """What became of the lines, or would. `lines` are those that do not come and that somebody can mend."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTED, 0))
    lines: list[dict[str, Any]] = field(default_factory=list)
    examples: list[Row] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return sum(self.counts.values())

    def leave_out(self, row: Row) -> None:
        self.counts["doubled" if row.is_double else "broken"] += 1
        self.lines.append(row.kept())


@dataclass
class Known:
    """What the register holds on a batch of addresses."""

    people: dict[str, Person]
    subscriptions: dict[int, Subscription]
    in_force: dict[int, Consent]
    withdrawn: set[int]
    suppressed: set[str]


def look(bringing: SubscriberImport, told: Callable[[int], bool] | None = None) -> Tally:
    """What would come of the import as it is; nothing is changed. Raises Unreadable. `told` hears how far it is, and answers whether to go on."""
    tally = Tally()
    for number, batch in enumerate(batches(bringing), 1):
        sort(bringing.newsletter, batch, tally)
        if told and number % TOLD_EVERY == 0 and not told(tally.rows):
            break
    return tally


def batches(bringing: SubscriberImport, after: int = 0) -> Iterator[list[Row]]:
    """Lines behind the first `after`, which are read too: an address that stood there is a double."""
    reader = Reader(bringing.newsletter.theme, bringing.columns, bringing.language)
    remaining = islice(reader.rows(read(bytes(bringing.content or b""))), after, None)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def sort(newsletter: Newsletter, batch: Iterable[Row], tally: Tally, *, holds: bool = False) -> tuple[list[Row], Known]:
    """Counts what becomes of each line, and returns those that come. With `holds`, nobody of them turns a newsletter on or off meanwhile."""
    good = []
    for row in batch:
        if row.problem:
            tally.leave_out(row)
        else:
            good.append(row)
    known = _known(newsletter, good, holds=holds)
    coming = [row for row in good if _comes(row, known, tally)]
    tally.examples += coming[: max(0, EXAMPLES - len(tally.examples))]
    return coming, known


def _known(newsletter: Newsletter, rows: list[Row], *, holds: bool) -> Known:
    """Four queries a batch."""
    emails = [row.email.lower() for row in rows]
    found = people_at(newsletter, emails)
    people = {person.email.lower(): person for person in (found.select_for_update(of=("self",), no_key=True) if holds else found)}
    ids = [person.pk for person in people.values()]
    consents = list(Consent.objects.filter(person__in=ids, purpose=newsletter.purpose))
    return Known(
        people,
        {row.person_id: row for row in Subscription.objects.filter(newsletter=newsletter, person__in=ids)},
        {consent.person_id: consent for consent in consents if consent.withdrawn_at is None},
        {consent.person_id for consent in consents if consent.withdrawn_at},
        suppression.suppressed_among(emails),
    )


def people_at(newsletter: Newsletter, emails: list[str]) -> QuerySet[Person]:
    return Person.objects.annotate(lower=Lower("email")).filter(theme=newsletter.theme, lower__in=emails)


def _comes(row: Row, known: Known, tally: Tally) -> bool:
    """A consent that was withdrawn counts as leaving, also where the subscription is gone."""
    person = known.people.get(row.email.lower())
    subscription = known.subscriptions.get(person.pk) if person else None
    if subscription and subscription.state == State.CONFIRMED:
        kind = "already"
    elif person and ((subscription and subscription.state == State.ENDED) or (person.pk in known.withdrawn and person.pk not in known.in_force)):
        kind = "ended"
    else:
        kind = "suppressed" if row.email.lower() in known.suppressed else "imported"
    tally.counts[kind] += 1
    return kind == "imported"


def as_texts(lines: Iterable[dict[str, Any]]) -> str:
    """As `left_out` keeps them."""
    return "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)


# ---- by the worker: `looked` holds `mark`, and first `lines`, then `counts` and `examples`, or a `problem`.


def start(bringing: SubscriberImport) -> None:
    """Asks the worker to look anew, with the columns as they are. A look that is on its way ends without a word."""
    bringing.looked, bringing.left_out = {"mark": uuid4().hex, "lines": 0}, ""
    bringing.save(update_fields=["looked", "left_out"])
    enqueue("newsletters.importing.looking.look_apart", bringing.pk, bringing.looked["mark"], translation.get_language())


def look_apart(pk: int, mark: str, language: str) -> None:
    """For the worker."""
    bringing = SubscriberImport.objects.select_related("newsletter__theme").filter(pk=pk, looked__mark=mark, asked_at=None).first()
    if bringing is None or bringing.content is None:
        return

    def tell(**values: Any) -> bool:
        looked = {"mark": mark} | {name: value for name, value in values.items() if name != "left_out"}
        texts = {"left_out": values["left_out"]} if "left_out" in values else {}
        return bool(SubscriberImport.objects.filter(pk=pk, looked__mark=mark, asked_at=None).exclude(content=None).update(looked=looked, **texts))

    with translation.override(language):
        try:
            tally = look(bringing, lambda lines: tell(lines=lines))
        except Unreadable as told:
            tell(problem=str(told))
        else:
            examples = [_kept(row) for row in tally.examples]
            tell(counts=tally.counts, examples=examples, left_out=as_texts(tally.lines))


def _kept(row: Row) -> dict[str, Any]:
    names = ("line", "email", "first_name", "last_name", "language", "given_how")
    facts = asdict(row)
    return {name: facts[name] for name in names} | {"given_at": row.given_at and timezone.localtime(row.given_at).date().isoformat()}
