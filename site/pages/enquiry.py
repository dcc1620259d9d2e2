"""What somebody asked or told by the contact form, and the clock of its answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, F, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from base.bounds import Bounded, BoundManager, BoundQuerySet
from base.languages import LanguageField
from themes.models import Theme

# Act 306/2019: feedback on accessibility is answered within 14 days.
ANSWER_DAYS = 14
# How long an answered enquiry is kept; the privacy notice and the form say so too.
KEPT_DAYS = 365


class EnquiryQuerySet(BoundQuerySet["Enquiry"]):
    def in_order_of_work(self) -> Self:
        """Open ones first, those with a clock by their day, overdue on top; then the answered."""
        is_open = models.Q(state=Enquiry.State.OPEN)
        urgency = Case(When(is_open, due_on__isnull=False, then=Value(0)), When(is_open, then=Value(1)), default=Value(2))
        return self.annotate(urgency=urgency, clock=Case(When(is_open, then=F("due_on"))))

    def forgettable(self) -> Self:
        return self.filter(answered_at__lt=timezone.now() - timedelta(days=KEPT_DAYS))


class Enquiry(Bounded):
    class Kind(models.TextChoices):
        QUESTION = "question", _("Question or other matter")
        ACCESSIBILITY = "accessibility", _("Feedback on accessibility")
        SERVICE_NEED = "service_need", _("Service that your workplace needs")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ANSWERED = "answered", _("Answered")

    theme = models.ForeignKey(Theme, models.PROTECT, related_name="+", verbose_name=_("national theme"))
    kind = models.CharField(_("kind"), max_length=14, choices=Kind.choices, default=Kind.QUESTION)
    name = models.CharField(_("name"), max_length=150, blank=True)
    email = models.EmailField(_("e-mail"))
    subject = models.CharField(_("subject"), max_length=150)
    message = models.TextField(_("message"))
    language = LanguageField(_("language"))
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    due_on = models.DateField(_("answer by"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN)
    responsible = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("who answers"))
    answer = models.TextField(_("what was answered"), blank=True, help_text=_("In short, or the answer as it was sent. It is kept with the enquiry."))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True, editable=False)

    objects: ClassVar = BoundManager.from_queryset(EnquiryQuerySet)()

    class Meta:
        verbose_name = _("enquiry")
        verbose_name_plural = _("enquiries")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state="open", answered_at__isnull=True) | models.Q(state="answered", answered_at__isnull=False),
                name="an_enquiry_is_answered_when_it_says_so",
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    def clean(self) -> None:
        self._stop_or_start_clock()
        if self.state == self.State.ANSWERED and not self.answer.strip():
            raise ValidationError({"answer": _("Note what was answered before you mark it answered.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._stop_or_start_clock()
        super().save(*args, **kwargs)

    def _stop_or_start_clock(self) -> None:
        if self.state == self.State.OPEN:
            self.answered_at = None
        elif self.answered_at is None:
            self.answered_at = timezone.now()

    def time_left(self) -> str:
        """The clock in words; "" where none runs."""
        if self.due_on is None or self.state == self.State.ANSWERED:
            return ""
        days = (self.due_on - timezone.localdate()).days
        if days < 0:
            return ngettext("%(days)d day late", "%(days)d days late", -days) % {"days": -days}
        return ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}
