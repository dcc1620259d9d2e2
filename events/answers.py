"""Answers to an event's own questions: kept with the registration, changed with it, moved when two people turn out to be one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from base.questions import questions_of
from base.questions.kinds import CONSENT
from events.models import Answer, EventPage
from events.models.answers import as_chosen

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from uuid import UUID

    from base.questions import Given, Question
    from events.models import Registration


def questions_for(item_key: UUID, language: str) -> list[Question]:
    """Of the event's page in the language, else of its source page."""
    pages = {page.locale.language_code: page for page in EventPage.objects.filter(translation_key=item_key).select_related("locale").order_by("-pk")}
    page = pages.get(language) or next(reversed(pages.values()), None)
    return questions_of(page.questions) if page else []


def keep(registration: Registration, given: Iterable[Given], *, asked: Collection[str] | None = None) -> None:
    """Puts these in the place of what the person had answered before: of all, or of the questions that were `asked` now. An answer that is the same
    stays as it was given, with its time and words. Call within the transaction that makes or changes the registration."""
    given, now = list(given), timezone.now()
    known = {row.question: row for row in registration.answers.all()}
    gone = (known.keys() if asked is None else known.keys() & asked) - {answer.question.key for answer in given}
    registration.answers.filter(question__in=gone).delete()
    for answer in given:
        if (row := known.get(answer.question.key)) and _is_same(row, answer):
            continue
        values = {
            "asked": answer.asked,
            "value": answer.value,
            "chosen": as_chosen(answer.chosen),
            "version": answer.question.version,
            "kept_days": answer.question.kept_days,
            "at": now,
        }
        row, _made = Answer.objects.update_or_create(registration=registration, question=answer.question.key, defaults=values)
        if answer.file is not None:
            _put_file(row, answer)


def _is_same(row: Answer, answer: Given) -> bool:
    """What was chosen is told by its keys: its words are those of the language it was answered in."""
    if answer.file is not None or row.version != answer.question.version:
        return False
    return row.chosen == as_chosen(answer.chosen) if answer.chosen else answer.question.kind == CONSENT or row.value == answer.value


def _put_file(row: Answer, answer: Given) -> None:
    if row.file:
        row.file.delete(save=False)
    answer.file.seek(0)
    row.file.save(answer.value, answer.file)


def move(loser: Registration, winner: Registration) -> None:
    """What the winner was not asked, or did not answer, comes along from the loser."""
    known = winner.answers.values("question")
    loser.answers.exclude(question__in=known).update(registration=winner)


def shorten(page: EventPage) -> None:
    """When a question's answers are to be kept for a shorter time than was said, that holds for those already given; a longer time does not."""
    for question in questions_of(page.questions):
        if question.kept_days is not None:
            answers = Answer.objects.filter(registration__event__item_key=page.translation_key, question=question.key)
            for longer in (answers.filter(kept_days=None), answers.filter(kept_days__gt=question.kept_days)):
                longer.update(kept_days=question.kept_days)
