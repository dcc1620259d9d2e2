"""Mails of the workflow, each in its reader's language. They stand in for Wagtail's, and heed the same choices of a person's profile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from wagtail.models import Page, PageLogEntry, TaskState, WorkflowState
from wagtail.signals import task_submitted, workflow_approved, workflow_rejected, workflow_submitted
from wagtail.users.models import UserProfile

from base.gate.guard import schedule_refused
from base.models import User
from base.pages import web_address
from mail import outbox
from themes.teams import people_of

if TYPE_CHECKING:
    from collections.abc import Sequence

STREAM = "desk"


def tell_approvers(instance: Any, **_what: object) -> None:
    """Everybody who may approve, but for the writer. The first answer counts."""
    task, workflow_state = instance.task.specific, instance.workflow_state
    writer, page = workflow_state.requested_by, workflow_state.content_object
    writers = [key for key in (writer and writer.pk, instance.revision.user_id) if key]
    people = people_of(page.specific.theme, set(task.groups.values_list("name", flat=True))).exclude(pk__in=writers)
    for person in people.select_related("wagtail_userprofile"):
        with translation.override(person.language):
            write(
                person,
                wants="submitted",
                key=f"desk.approval:{instance.pk}:{person.pk}",
                subject=_("Waits for your approval: %(title)s") % {"title": page.draft_title},
                paragraphs=[
                    _("%(name)s asks you to look at “%(title)s” and to approve it.") % {"name": name_of(writer), "title": page.draft_title},
                    _("Others were asked too; the first answer counts."),
                ],
                button=(_("Look and approve"), settings.BASE_URL + reverse("desk:review", args=[instance.pk])),
            )


def tell_approved(instance: Any, user: Any = None, **_what: object) -> None:
    # Read anew: the workflow holds the page as it was before it was published.
    page, state = Page.objects.get(pk=instance.object_id).specific, instance.current_task_state
    # A page with a time to go out is not to be seen yet.
    public = web_address(page) if page.live else ""
    writer = instance.requested_by
    if writer is None or writer == user:
        return
    with translation.override(writer.language):
        words = {"name": name_of(user), "title": page.draft_title}
        said = _("%(name)s approved “%(title)s”. It is public now.") if public else _("%(name)s approved “%(title)s”. It goes out at its time.")
        write(
            writer,
            wants="approved",
            key=f"desk.approved:{instance.pk}",
            subject=_("Approved: %(title)s") % {"title": page.draft_title},
            paragraphs=[said % words, *quoted(state)],
            button=(_("See the page"), public or edit_address(page)),
        )


def tell_returned(instance: Any, user: Any = None, **_what: object) -> None:
    page, state, writer = instance.content_object, instance.current_task_state, instance.requested_by
    if writer is None or writer == user:
        return
    with translation.override(writer.language):
        said = _("%(name)s returned “%(title)s” to you. Mend it, and ask for approval again.") % {"name": name_of(user), "title": page.draft_title}
        write(
            writer,
            wants="rejected",
            key=f"desk.returned:{state.pk}",
            subject=_("Returned to you: %(title)s") % {"title": page.draft_title},
            paragraphs=[said, *quoted(state)],
            button=(_("Edit the page"), edit_address(page)),
        )


def tell_refused(page: Any, revision: Any, reasons: Sequence[Any], **_what: object) -> None:
    """To whoever gave the page its time. The errors are in the reader's language too."""
    scheduled = PageLogEntry.objects.filter(page=page.pk, action="wagtail.publish.schedule").order_by("-timestamp").first()
    person = (scheduled and scheduled.user) or revision.user or page.owner
    if person is None:
        return
    with translation.override(person.language):
        write(
            person,
            wants="rejected",
            key=f"desk.refused:{revision.pk}:{timezone.now():%Y%m%d%H%M}",
            subject=_("Was not published: %(title)s") % {"title": page.draft_title},
            paragraphs=[
                _("“%(title)s” was to be published at its time, but the publication checks refused it. It is kept as a draft.")
                % {"title": page.draft_title},
                "\n".join(f"– {reason}" for reason in reasons),
            ],
            button=(_("Edit the page"), edit_address(page)),
        )


def quoted(state: Any) -> list[str]:
    return [_("The comment: %(comment)s") % {"comment": state.comment}] if state and state.comment else []


def name_of(user: Any) -> str:
    return (user.get_full_name() or user.get_username()) if user else _("Somebody")


def edit_address(page: Any) -> str:
    return settings.BASE_URL + reverse("wagtailadmin_pages:edit", args=[page.pk])


def write(person: User, *, wants: str, key: str, subject: str, paragraphs: Sequence[str], button: tuple[str, str]) -> None:
    """Nothing to one who is gone, has no address, or has asked for no notices of this kind."""
    if person.is_active and person.email and getattr(UserProfile.get_for_user(person), f"{wants}_notifications"):
        outbox.send_single(
            to=person.email, subject=subject, language=person.language, heading=subject, paragraphs=paragraphs, button=button, stream=STREAM, key=key
        )


def connect() -> None:
    """By the names of Wagtail's own receivers: whoever connects first under a name keeps it, so that nobody gets two mails."""
    task_submitted.connect(tell_approvers, sender=TaskState, dispatch_uid="group_approval_task_submitted_email_notification")
    workflow_submitted.connect(say_nothing, sender=WorkflowState, dispatch_uid="workflow_state_submitted_email_notification")
    workflow_rejected.connect(tell_returned, sender=WorkflowState, dispatch_uid="workflow_state_rejected_email_notification")
    workflow_approved.connect(tell_approved, sender=WorkflowState, dispatch_uid="workflow_state_approved_email_notification")
    schedule_refused.connect(tell_refused, dispatch_uid="desk.approval.tell_refused")


def say_nothing(**_what: object) -> None:
    """Wagtail would tell all superusers of what the approvers are told."""
