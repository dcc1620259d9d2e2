"""The door for the staff of projects: who belongs to which project, and what they have submitted."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from base.bounds import Bounded, BoundManager, BoundQuerySet
from base.languages import FALLBACK, LanguageField
from base.roles import Role
from themes.models import Project


class ProjectStaff(Bounded):
    """Somebody who works in a project and may submit for it."""

    theme_path = "project__theme"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="project_staff",
        verbose_name=_("user"),
        limit_choices_to={"groups__name": Role.PROJECTS.value},
        help_text=_("A user of the role “Project staff”."),
    )
    project = models.ForeignKey(Project, models.CASCADE, related_name="staff", verbose_name=_("project"))

    class Meta:
        verbose_name = _("member of a project's staff")
        verbose_name_plural = _("project staff")
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "project"], name="one_row_per_member_and_project")]

    def __str__(self) -> str:
        return f"{self.user.get_full_name() or self.user.get_username()}: {self.project}"


class SubmissionQuerySet(BoundQuerySet["Submission"]):
    def waiting(self) -> Self:
        return self.filter(state=Submission.State.WAITING, page__isnull=False)


class Submission(Bounded):
    """A draft that a project's staff wrote in the short form. The page holds the text; this says whose turn it is."""

    theme_path = "project__theme"

    class Kind(models.TextChoices):
        RESULT = "result", _("Result")
        PRACTICE = "practice", _("Good practice")
        EVENT = "event", _("Event")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for the communicators")
        RETURNED = "returned", _("Returned for additions")
        PUBLISHED = "published", _("Published")

    project = models.ForeignKey(Project, models.PROTECT, related_name="submissions", verbose_name=_("project"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="submissions", verbose_name=_("submitted by"))
    page = models.ForeignKey(Page, models.SET_NULL, null=True, related_name="+", verbose_name=_("page"))
    title = models.CharField(_("title"), max_length=255)
    language = LanguageField(_("language"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    # Counts the turns, so that each is told by mail once.
    turn = models.PositiveIntegerField(default=1, editable=False)
    comment = models.TextField(_("comment"), blank=True, max_length=2000)
    submitted_at = models.DateTimeField(_("submitted"), default=timezone.now)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)

    objects: ClassVar = BoundManager.from_queryset(SubmissionQuerySet)()

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering: ClassVar = ["-changed_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(state="returned", comment=""), name="a_returned_submission_says_why"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def mail_language(self) -> str:
        """The submitter's; the text may be in another."""
        return self.by.language if self.by else FALLBACK

    @property
    def is_returned(self) -> bool:
        return self.state == self.State.RETURNED and self.page_id is not None

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING and self.page_id is not None

    @property
    def state_text(self) -> str:
        return str(_("Removed") if self.page_id is None else self.get_state_display())
