"""The pairs that somebody looks at: found in a task, remembered with what was decided on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from base.tasks import enqueue
from contacts.duplicates.register import find_pairs
from contacts.models import Organisation, Pair, Person
from themes.models import Theme

if TYPE_CHECKING:
    from base.models import User

BATCH = 2000


def find_soon(theme: Theme) -> None:
    enqueue("contacts.duplicates.pairs.find_in", theme.pk)


def find_in_all() -> None:
    """Each theme in a task of its own: one large register takes minutes."""
    for theme in Theme.objects.all():
        find_soon(theme)


def find_in(theme_pk: int) -> None:
    """Twice is once. A pair that is not alike any more goes, unless somebody decided on it."""
    theme = Theme.objects.get(pk=theme_pk)
    for model, one, other in ((Person, "person_id", "other_person_id"), (Organisation, "organisation_id", "other_organisation_id")):
        _store(theme, find_pairs(model, theme), one, other, set(model._default_manager.values_list("pk", flat=True)))


def _store(theme: Theme, found: list[Any], one: str, other: str, there: set[int]) -> None:
    now = timezone.now()
    # Who was merged while they were compared is not there any more.
    rows = [
        Pair(theme=theme, score=pair.score, found_at=now, **{one: pair.left, other: pair.right}) for pair in found if {pair.left, pair.right} <= there
    ]
    with transaction.atomic():
        Pair.objects.bulk_create(
            rows, batch_size=BATCH, update_conflicts=True, unique_fields=[one.removesuffix("_id"), other.removesuffix("_id")],
            update_fields=["score", "found_at"],
        )  # fmt: skip
        Pair.objects.filter(theme=theme, decision=Pair.Decision.NONE, found_at__lt=now).exclude(**{one: None}).delete()


@transaction.atomic
def decide(pair: Pair, decision: Pair.Decision, *, by: User | None) -> None:
    Pair.objects.filter(pk=pair.pk).update(decision=decision, decided_by=by, decided_at=timezone.now())


def next_waiting(besides: int = 0) -> Pair | None:
    """Those that nobody has looked at come first, then those that were put off, the oldest first."""
    waiting = Pair.objects.waiting().exclude(pk=besides)
    return waiting.filter(decision=Pair.Decision.NONE).first() or waiting.filter(~Q(decision=Pair.Decision.NONE)).order_by("decided_at", "pk").first()
