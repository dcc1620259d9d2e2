"""From the wish to send an issue to its sending: a second person agrees, now or at a time; and for a minute it can be taken back."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django_q.models import Schedule
from wagtail.log_actions import log

from base.models import User
from mail import outbox, undo
from newsletters import issues
from newsletters.making import versions
from newsletters.measuring import TEST_STREAM
from newsletters.models import Dispatch, IssuePage
from newsletters.recipients import NotSendable
from themes.mails import mail_look

if TYPE_CHECKING:
    from mail.models import Mailing

SEND_DUE = "newsletters.dispatching.send_due"


def content_of(issue: IssuePage) -> str:
    """A mark of the text that is live: another one as soon as any language is published anew."""
    marks = [f"{version.pk}:{version.live_revision_id}:{version.last_published_at}" for version in versions(issue).values()]
    return sha256("|".join(marks).encode()).hexdigest()


def makers(issue: IssuePage) -> set[int]:
    """Who wrote last in any language, and who asked: none of them is the second person."""
    writers = {version.live_revision.user_id for version in versions(issue).values() if version.live_revision}
    return {pk for pk in (*writers, of(issue).asked_by_id) if pk}


def of(issue: IssuePage) -> Dispatch:
    """As it stands, or an empty one."""
    return Dispatch.objects.filter(issue=issue).select_related("asked_by", "approved_by").first() or Dispatch(issue=issue)


def is_asked(issue: IssuePage, dispatch: Dispatch) -> bool:
    """For the text that is live now: what was asked for another text is asked for no more."""
    return bool(dispatch.asked_at and dispatch.content == content_of(issue))


def may_approve(issue: IssuePage, user: Any) -> bool:
    """Of those who may send it."""
    return user.pk not in makers(issue)


def approvers(issue: IssuePage) -> list[User]:
    """Who can be asked: whoever writes newsletters by their role and did not write this one."""
    by_role = Q(groups__permissions__codename="change_newsletter", groups__permissions__content_type__app_label="newsletters")
    found = User.objects.filter(by_role, is_active=True).exclude(email="").exclude(pk__in=makers(issue)).distinct()
    return [user for user in found.order_by("pk") if issue.permissions_for_user(user).can_publish()]


@transaction.atomic
def ask(*, issue: IssuePage, by: User, due_at: datetime | None = None) -> Dispatch:
    """Asks for a second person's word, by mail. Raises NotSendable."""
    _refuse_sent(issue)
    if reason := issues.why_not(issue):
        raise NotSendable(reason)
    facts = {"asked_by": by, "asked_at": timezone.now(), "content": content_of(issue), "due_at": due_at}
    dispatch, _made = Dispatch.objects.update_or_create(issue=issue, defaults=facts | {"approved_by": None, "approved_at": None, "reason": ""})
    _forget_schedule(issue)
    log(issue, "newsletters.ask", user=by, data={"due_at": due_at and due_at.isoformat()})
    for user in approvers(issue):
        _tell(user, issue, _words_of_asking, by=by)
    return dispatch


@transaction.atomic
def take_back(*, issue: IssuePage, by: User) -> None:
    """The request, or the time that was set."""
    facts: dict[str, Any] = {"asked_by": None, "asked_at": None, "approved_by": None, "approved_at": None, "due_at": None, "content": ""}
    Dispatch.objects.filter(issue=issue).update(**facts)
    _forget_schedule(issue)
    log(issue, "newsletters.take_back", user=by)


def approve(*, issue: IssuePage, by: User) -> Mailing | None:
    """The second person's word: the issue goes now, or at its time (then None). Raises NotSendable."""
    _refuse_sent(issue)
    dispatch = of(issue)
    if not is_asked(issue, dispatch):
        raise NotSendable(_("The text has changed since it was asked for. It must be asked for again."))
    if not may_approve(issue, by):
        raise NotSendable(_("Whoever wrote the issue or asked for its sending does not approve it. Another person must."))
    with transaction.atomic():
        Dispatch.objects.filter(pk=dispatch.pk).update(approved_by=by, approved_at=timezone.now())
        log(issue, "newsletters.approve", user=by)
        if dispatch.due_at and dispatch.due_at > timezone.now():
            _schedule(issue, dispatch.due_at)
            return None
        return issues.send_issue(issue, by=by, can_be_undone=True)


@transaction.atomic
def schedule(*, issue: IssuePage, by: User, due_at: datetime) -> None:
    """For a newsletter that needs no second person; also moves the time. Raises NotSendable."""
    _refuse_sent(issue)
    if reason := why_not_yet(issue) or issues.why_not(issue):
        raise NotSendable(reason)
    facts = {"asked_by": by, "asked_at": timezone.now(), "content": content_of(issue), "due_at": due_at, "reason": ""}
    Dispatch.objects.update_or_create(issue=issue, defaults=facts)
    _schedule(issue, due_at)
    log(issue, "newsletters.schedule", user=by, data={"due_at": due_at.isoformat()})


def why_not_yet(issue: IssuePage) -> str:
    """Why it does not go on one person's word, or ""."""
    if not issue.newsletter.needs_approval:
        return ""
    dispatch = of(issue)
    if dispatch.approved_at and is_asked(issue, dispatch) and dispatch.approved_by_id not in makers(issue):
        return ""
    return _("A second person must approve each issue of this newsletter before it is sent.")


def send(*, issue: IssuePage, by: User) -> Mailing:
    """Now. Raises NotSendable, also where a second person has not agreed."""
    if not issue.mailing_id and (reason := why_not_yet(issue)):
        raise NotSendable(reason)
    return issues.send_issue(issue, by=by, can_be_undone=True)


def send_due(issue_pk: int) -> None:
    """For the worker, at the time. What cannot go does not, and whoever asked for it is told why."""
    issue = IssuePage.objects.select_related("locale", "theme", "mailing").filter(pk=issue_pk).first()
    dispatch = issue and of(issue)
    if issue is None or dispatch is None or issue.mailing_id or not dispatch.due_at or dispatch.due_at > timezone.now():
        return
    language = dispatch.asked_by.language if dispatch.asked_by else "fi"
    with translation.override(language):
        try:
            if reason := why_not_yet(issue) or _changed(issue, dispatch):
                raise NotSendable(reason)
            issues.send_issue(issue, by=dispatch.approved_by or dispatch.asked_by)
        except NotSendable as refusal:
            Dispatch.objects.filter(pk=dispatch.pk).update(due_at=None, reason=str(refusal))
            if dispatch.asked_by:
                _tell(dispatch.asked_by, issue, _words_of_refusal, reason=str(refusal))


def _changed(issue: IssuePage, dispatch: Dispatch) -> str:
    return "" if is_asked(issue, dispatch) else _("The text has changed since it was asked for. It must be asked for again.")


@transaction.atomic
def undo_sending(*, issue: IssuePage, by: User) -> bool:
    """Within the minute: nobody has got it, and it can be mended and sent again. False once a copy has left."""
    if issue.mailing is None or not undo.withdraw(issue.mailing, by=by):
        return False
    log(issue, "newsletters.undo", user=by)
    return True


def undo_until(issue: IssuePage) -> datetime | None:
    """None where it is too late."""
    end = issue.mailing.frozen_at + timedelta(seconds=settings.UNDO_SECONDS) if issue.mailing else None
    return end if end and end > timezone.now() else None


def _refuse_sent(issue: IssuePage) -> None:
    if issue.mailing_id:
        raise NotSendable(_("The issue has been sent. Begin a new one."))


def _schedule(issue: IssuePage, due_at: datetime) -> None:
    """A row of django-q2: it outlives a restart, and what fell due while the worker stood still runs when it is back."""
    values = {"func": SEND_DUE, "args": f"{issue.pk}", "schedule_type": Schedule.ONCE, "next_run": due_at, "repeats": -1}
    Schedule.objects.update_or_create(name=f"{SEND_DUE}:{issue.pk}", defaults=values)


def _forget_schedule(issue: IssuePage) -> None:
    Schedule.objects.filter(name=f"{SEND_DUE}:{issue.pk}").delete()


# ---- mails to staff
def _tell(user: User, issue: IssuePage, words: Any, **facts: Any) -> None:
    with translation.override(user.language):
        subject, paragraphs = words(issue, **facts)
        url = settings.BASE_URL + reverse("newsletters_send_issue", args=[issue.pk])
        outbox.send_single(
            to=user.email, subject=subject, language=user.language, heading=subject, paragraphs=paragraphs, button=(_("Open the issue"), url),
            stream=TEST_STREAM, look=mail_look(issue.theme),
        )  # fmt: skip


def _words_of_asking(issue: IssuePage, by: User) -> tuple[str, list[str]]:
    told = _("%(name)s asks you to look at the issue and approve its sending.") % {"name": by.get_full_name() or by.username}
    due = of(issue).due_at
    when = [_("It is to go on %(moment)s.") % {"moment": date_format(timezone.localtime(due), "DATETIME_FORMAT")}] if due else []
    return _("Waits for your approval: %(issue)s") % {"issue": issue.title}, [told, *when]


def _words_of_refusal(issue: IssuePage, reason: str) -> tuple[str, list[str]]:
    return _("Not sent: %(issue)s") % {"issue": issue.title}, [_("The issue did not go at its time."), reason]
