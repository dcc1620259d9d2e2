"""Answers that only so many can choose: their places stand in pools, as the seats do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from events import seats
from events.models import Answer, Event, Pool, Registration
from events.models.pools import OPTION
from events.models.registrations import TAKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from base.questions import Given, Question


def pool_key(question: str, option: str) -> str:
    return f"{OPTION}{question}:{option}"


def pools_of(given: Iterable[Given]) -> list[str]:
    """What these answers take a place of."""
    return [pool_key(*chosen) for answer in given for chosen in answer.pools]


@transaction.atomic
def set_options(event: Event, questions: Iterable[Question]) -> None:
    """As the form has them now. Who chose an answer before it was limited counts; no capacity goes below what is taken."""
    wanted = {(question.key, option.key): option.capacity for question in questions for option in question.options if option.capacity is not None}
    seats.lock(event)
    known = set(event.pools.filter(key__startswith=OPTION).values_list("key", flat=True))
    for (question, option), capacity in wanted.items():
        key = pool_key(question, option)
        if key not in known:
            _make(event, key, Answer.objects.choosing(question, option).filter(registration__event=event).values("registration"))
        seats.set_capacity(event, key, capacity)
    for key in known - {pool_key(*place) for place in wanted}:
        _end(event, key)


def _make(event: Event, key: str, choosing: Any) -> None:
    taken = 0
    for registration in Registration.objects.filter(pk__in=choosing).exclude(state=Registration.State.CANCELLED):
        registration.further_pools = sorted({*registration.further_pools, key})
        registration.save(update_fields=["further_pools"])
        taken += registration.size if registration.state in TAKING else 0
    Pool.objects.create(event=event, key=key, capacity=taken, taken=taken)


def _end(event: Event, key: str) -> None:
    for registration in event.registrations.filter(further_pools__isnull=False):
        if key in registration.further_pools:
            registration.further_pools = [other for other in registration.further_pools if other != key]
            registration.save(update_fields=["further_pools"])
    event.pools.filter(key=key).delete()
