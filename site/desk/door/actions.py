"""A submission's turns: sent in, returned, sent in again, published. Each is told by mail to whose turn it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page
from wagtail.signals import page_published

from base.roles import Role
from desk.door import writing
from desk.models import Submission
from mail import outbox
from themes.teams import people_of

if TYPE_CHECKING:
    from base.models import User
    from desk.door.forms import SubmissionForm

STREAM = "door"
State = Submission.State


class NotYours(Exception):
    """The submission is another's, or it is not the turn of its submitter."""


@transaction.atomic
def submit(*, form: SubmissionForm, kind: str, by: User) -> Submission:
    """Makes the draft below its section. `form` is valid. Raises ValidationError where the language has no section for the kind."""
    project, code = form.cleaned_data["project"], form.cleaned_data["language"]
    parent = writing.place_for(form.model, project.theme, code)
    if parent is None:
        raise ValidationError({"language": _("There is no section in this language yet. Write in another language.")})
    page = writing.new_page(form, project, parent, Locale.objects.get(language_code=code))
    page.owner = by
    parent.add_child(instance=page)
    page.save_revision(user=by)
    submission = Submission.objects.create(project=project, kind=kind, by=by, page_id=page.pk, title=page.title, language=code)
    _thank(submission)
    _tell_communicators(submission)
    return submission


@transaction.atomic
def submit_again(*, submission: Submission, form: SubmissionForm, by: User) -> Submission:
    """Brings what the submitter changed to the newest draft. Raises NotYours."""
    taken = Submission.objects.filter(pk=submission.pk, by=by, state=State.RETURNED, page__isnull=False)
    if not taken.update(state=State.WAITING, turn=F("turn") + 1, changed_at=timezone.now()):
        raise NotYours
    submission.refresh_from_db()
    page = newest(submission)
    writing.write(page, form, form.changed_data)
    page.save_revision(user=by)
    Submission.objects.filter(pk=submission.pk).update(title=page.title)
    submission.refresh_from_db()
    _thank(submission)
    _tell_communicators(submission)
    return submission


@transaction.atomic
def return_submission(*, submission: Submission, comment: str, by: User) -> bool:
    """False where it is no longer the communicators' turn."""
    waiting = Submission.objects.waiting().filter(pk=submission.pk)
    if not waiting.update(state=State.RETURNED, comment=comment, turn=F("turn") + 1, changed_at=timezone.now()):
        return False
    submission.refresh_from_db()
    with translation.override(submission.mail_language):
        _mail(
            submission,
            heading=_("Please add to “%(title)s”") % {"title": submission.title},
            paragraphs=[_("The communicators have looked at your text and ask you for something more:"), comment],
            button=(_("Open your text"), _address("door:edit", submission.pk)),
        )
    return True


def settle_published(sender: type, instance: Any, **kwargs: object) -> None:
    """By whatever way the page was published. Wagtail sends its signal for a time in the future too."""
    if not instance.live:
        return
    for submission in Submission.objects.filter(page=instance.pk).exclude(state=State.PUBLISHED).select_related("by"):
        changed = Submission.objects.filter(pk=submission.pk).exclude(state=State.PUBLISHED)
        if changed.update(state=State.PUBLISHED, title=instance.title, turn=F("turn") + 1, changed_at=timezone.now()):
            submission.refresh_from_db()
            with translation.override(submission.mail_language):
                _mail(
                    submission,
                    heading=_("“%(title)s” is published") % {"title": submission.title},
                    paragraphs=[_("Thank you. Your text can now be read on the site. Share the address in your own channels too.")],
                    button=(_("Read it on the site"), instance.full_url or settings.BASE_URL),
                )


def newest(submission: Submission) -> Any:
    """The page's newest draft, as its kind."""
    page: Any = Page.objects.get(pk=submission.page_id).specific
    return page.get_latest_revision_as_object()


def _thank(submission: Submission) -> None:
    with translation.override(submission.mail_language):
        _mail(
            submission,
            heading=_("We got “%(title)s”") % {"title": submission.title},
            paragraphs=[_("The communicators edit your text and publish it, or ask you for more. You hear of both by mail.")],
            button=(_("Your submissions"), _address("wagtailadmin_home")),
        )


def _mail(submission: Submission, *, heading: str, paragraphs: list[str], button: tuple[str, str]) -> None:
    """To the submitter. Somebody without an address, or who has left, gets nothing."""
    if submission.by and submission.by.email:
        outbox.send_single(
            to=submission.by.email,
            subject=heading,
            language=submission.mail_language,
            heading=heading,
            paragraphs=paragraphs,
            button=button,
            stream=STREAM,
            key=f"desk.submission:{submission.pk}:{submission.turn}",
        )


def _tell_communicators(submission: Submission) -> None:
    team = people_of(submission.project.theme, {Role.COMMUNICATIONS.value})
    for user in team.exclude(email="").select_related("wagtail_userprofile"):
        with translation.override(user.language):
            heading = _("New from a project: %(title)s") % {"title": submission.title}
            outbox.send_single(
                to=user.email,
                subject=heading,
                language=user.language,
                heading=heading,
                paragraphs=[f"{submission.get_kind_display()}, {submission.project}"],
                button=(_("Open the queue"), _address("door:queue")),
                stream=STREAM,
                key=f"desk.submission:{submission.pk}:{submission.turn}:{user.pk}",
            )


def _address(name: str, *args: object) -> str:
    return f"{settings.BASE_URL}{reverse(name, args=args)}"


def connect() -> None:
    page_published.connect(settle_published, dispatch_uid="desk.door.settle_published")
