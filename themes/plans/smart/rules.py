"""What a goal still lacks. It advises and never blocks: what blocks is in `themes.plans.rules`. No row is read here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

RESULTS, MESSAGES = "expected_results-FORMS", "messages-FORMS"


@dataclass(frozen=True)
class TypedResult:
    """An expected result as it stands in the form; None is what is not there, or cannot be read. `number` is its place in the form."""

    number: int = 0
    measure: str = ""
    unit: str = ""
    baseline: int | None = None
    low: int | None = None
    target: int | None = None
    high: int | None = None
    due: date | None = None

    def field(self, name: str) -> str:
        return f"expected_results-{self.number}-{name}"


@dataclass(frozen=True)
class Draft:
    audiences: int = 0
    regions: int = 0
    messages: int = 0
    strategies: int = 0
    results: tuple[TypedResult, ...] = ()
    due: date | None = None
    plan_starts: date | None = None
    plan_ends: date | None = None


class Part(TextChoices):
    SPECIFIC = "specific", _("Specific")
    MEASURABLE = "measurable", _("Measurable")
    ACHIEVABLE = "achievable", _("Achievable")
    RELEVANT = "relevant", _("Relevant")
    TIME_BOUND = "time_bound", _("Time-bound")


@dataclass(frozen=True)
class Advice:
    """`text` is empty where the part is in order; else `place` is the id of the field, or of the rows, that mend it."""

    part: Part
    text: str = ""
    place: str = field(default="", compare=False)

    @property
    def is_met(self) -> bool:
        return not self.text


def check(draft: Draft) -> list[Advice]:
    """One for each part, in the order of the letters. The first thing that a part lacks is told."""
    parts = {
        Part.SPECIFIC: _specific,
        Part.MEASURABLE: _measurable,
        Part.ACHIEVABLE: _achievable,
        Part.RELEVANT: _relevant,
        Part.TIME_BOUND: _time_bound,
    }
    return [_advice(part, next(lacks(draft), None)) for part, lacks in parts.items()]


def _advice(part: Part, lack: tuple[str, str] | None) -> Advice:
    return Advice(part, lack[1], f"id_{lack[0]}") if lack else Advice(part)


def _specific(draft: Draft) -> Iterator[tuple[str, str]]:
    if not (draft.audiences or draft.regions or draft.messages):
        yield "audiences", _now("Name whom or what it is about: an audience, a region or a core message.")


def _measurable(draft: Draft) -> Iterator[tuple[str, str]]:
    if not draft.results:
        yield RESULTS, _now("Add an expected result: what is measured, where it stands now and what it should be.")
    for result in draft.results:
        if not result.measure:
            yield result.field("measure"), _now("Choose what the result is measured by.")
        elif not result.unit:
            yield result.field("measure"), _now("Nobody counts this measure any more, and its unit is not known. Choose another one.")
        if result.baseline is None:
            yield result.field("baseline"), _now("Write where the figure stands now. Zero is a baseline too.")
        if result.target is None:
            yield result.field("target"), _now("Write the figure that you aim at.")


def _achievable(draft: Draft) -> Iterator[tuple[str, str]]:
    if not any(result.target is not None for result in draft.results):
        yield RESULTS, _now("Nobody can tell before there is a target: add an expected result.")
    for result in draft.results:
        yield from _within_reach(result)


def _within_reach(result: TypedResult) -> Iterator[tuple[str, str]]:
    target, low, high = result.target, result.low, result.high
    if target is None:
        return
    if result.baseline is not None and target <= result.baseline:
        yield result.field("target"), _now("The target is where you already are, or below it. Aim further.")
    if low is None or high is None:
        yield result.field("low" if low is None else "high"), _now("Write between which figures you expect to end up, at least and at most.")
    elif not low <= target <= high:
        yield result.field("target"), _now("The target is outside what you expect yourself. Move the target, or the limits.")


def _relevant(draft: Draft) -> Iterator[tuple[str, str]]:
    if not draft.strategies:
        yield "strategies", _now("Tick the strategy that the goal answers to.")
    if not draft.messages:
        yield MESSAGES, _now("Write the core message that takes the goal forward.")


def _time_bound(draft: Draft) -> Iterator[tuple[str, str]]:
    days = [(result.field("due"), result.due) for result in draft.results if result.due]
    days += [("due", draft.due)] if draft.due else []
    if not days:
        yield "due", _now("Say by when: the goal's own day, or that of an expected result.")
    for name, day in days:
        if draft.plan_starts and day and day < draft.plan_starts:
            yield name, _now("The day is before the plan starts.")
        if draft.plan_ends and day and day > draft.plan_ends:
            yield name, _now("The day is after the plan has ended.")
