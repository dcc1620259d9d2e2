"""What people answered to an event's own questions, and what of it has been deleted when."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from base.bounds import Bounded, BoundManager, BoundQuerySet
from base.questions.files import private, unnamed
from events.models.facts import Event
from events.models.registrations import Registration

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

FOLDER = "answers"


def place_of_answer(instance: object, name: str) -> str:
    return unnamed(FOLDER)


class AnswerQuerySet(BoundQuerySet["Answer"]):
    def due(self, now: datetime | None = None) -> Self:
        """Those that should be gone by now. One query more, for the few periods that are in use."""
        now = now or timezone.now()
        periods = self.exclude(kept_days=None).order_by().values_list("kept_days", flat=True).distinct()
        is_due = Q(pk__in=())
        for days in periods:
            is_due |= Q(kept_days=days, registration__event__ends_at__lte=now - timedelta(days=days or 0))
        return self.filter(is_due)

    def choosing(self, question: str, option: str) -> Self:
        return self.filter(question=question, chosen__contains=f" {option} ")


class Answer(Bounded):
    """`asked` are the question's words as the person saw them, in their language; of a consent the exact text, with its `version`.

    `question` is the id of its block. `chosen` are ids of options, each between spaces. `kept_days` after the event it goes; None: it stays as
    long as the registration.
    """

    theme_path = "registration__event__theme"

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="answers", verbose_name=_("registration"))
    question = models.CharField(_("question"), max_length=36)
    asked = models.TextField(_("what was asked"))
    value = models.TextField(_("answer"))
    chosen = models.TextField(_("chosen"), blank=True)
    version = models.CharField(_("version of the text"), max_length=20, blank=True)
    file = models.FileField(_("file"), storage=private, upload_to=place_of_answer, blank=True)
    kept_days = models.PositiveSmallIntegerField(_("kept so many days after the event"), null=True, blank=True)
    at = models.DateTimeField(_("answered"), default=timezone.now)

    objects: ClassVar = BoundManager.from_queryset(AnswerQuerySet)()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["registration", "question"], name="one_answer_per_registration_and_question")]
        indexes: ClassVar = [models.Index(fields=["question", "kept_days"], name="answers_to_a_question")]

    def __str__(self) -> str:
        return f"{self.asked}: {self.value}"

    @property
    def options(self) -> list[str]:
        return self.chosen.split()


def as_chosen(options: Iterable[str]) -> str:
    """As `Answer.chosen` has them."""
    words = " ".join(options)
    return f" {words} " if words else ""


class Deletion(Bounded):
    """That answers were deleted because their time had come: what had been asked and how many, never what was answered."""

    theme_path = "event__theme"

    event = models.ForeignKey(Event, models.CASCADE, related_name="deletions", verbose_name=_("event"))
    asked = models.TextField(_("what was asked"))
    number = models.PositiveIntegerField(_("answers deleted"))
    due_at = models.DateTimeField(_("was due"))
    deleted_at = models.DateTimeField(_("deleted"), default=timezone.now)

    class Meta:
        verbose_name = _("deletion of answers")
        verbose_name_plural = _("deletions of answers")
        ordering: ClassVar = ["-deleted_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.asked}: {self.number}"
