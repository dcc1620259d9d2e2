"""The buttons of the sending screen before an issue goes: which stand there for whom, and what a press on each does."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from newsletters import dispatching
from newsletters.recipients import NotSendable

if TYPE_CHECKING:
    from datetime import datetime

    from base.models import User
    from newsletters.models import IssuePage

FARTHEST = timedelta(days=366)


class MomentField(forms.DateTimeField):
    """Of Finland's clock: when that is put forward an hour is missing, and when it is put back one comes twice."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except forms.ValidationError as error:
            if error.code != "ambiguous_timezone":
                raise
            told = _("The clock is changed at that hour, so it is missing or comes twice. Choose a time before three or after four.")
            raise forms.ValidationError(told) from error


class DueForm(forms.Form):
    """The time is of Finland's clock."""

    due_at = MomentField(
        label=gettext_lazy("When"),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=gettext_lazy("By the clock of Finland. Leave it empty to send at once."),
        error_messages={"invalid": gettext_lazy("Write a day and a time, such as 24.3.2027 9.00.")},
    )

    def clean_due_at(self) -> Any:
        due_at = self.cleaned_data["due_at"]
        if due_at and due_at <= timezone.now():
            raise forms.ValidationError(_("This time has passed already."))
        if due_at and due_at > timezone.now() + FARTHEST:
            raise forms.ValidationError(_("This is more than a year away."))
        return due_at


def press(issue: IssuePage, action: str, due_at: datetime | None, by: User) -> str:
    """What was done, in words. Raises NotSendable; KeyError for a button that there is none of."""
    return {"send": _send, "ask": _ask, "approve": _approve, "take_back": _take_back, "undo": _undo}[action](issue, due_at, by)


def _send(issue: IssuePage, due_at: datetime | None, by: User) -> str:
    if due_at and not issue.mailing_id:
        dispatching.schedule(issue=issue, by=by, due_at=due_at)
        return _("The issue goes on %(moment)s.") % {"moment": shown(due_at)}
    dispatching.send(issue=issue, by=by)
    return ""


def _ask(issue: IssuePage, due_at: datetime | None, by: User) -> str:
    dispatching.ask(issue=issue, by=by, due_at=due_at)
    return _("Others have been asked to approve the sending.")


def _approve(issue: IssuePage, due_at: datetime | None, by: User) -> str:
    mailing = dispatching.approve(issue=issue, by=by)
    due = dispatching.of(issue).due_at
    return "" if mailing or due is None else _("Approved. The issue goes on %(moment)s.") % {"moment": shown(due)}


def _take_back(issue: IssuePage, due_at: datetime | None, by: User) -> str:
    dispatching.take_back(issue=issue, by=by)
    return _("The issue is not sent before somebody asks for it again.")


def _undo(issue: IssuePage, due_at: datetime | None, by: User) -> str:
    if dispatching.undo_sending(issue=issue, by=by):
        return _("The sending was undone. Nobody has got the issue.")
    raise NotSendable(_("It is too late to undo: copies have left already."))


def shown(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")


def context_of(issue: IssuePage, user: Any, total: int, form: DueForm | None = None) -> dict[str, Any]:
    """`stage`: "send", "ask", "waits" (for another's word), "approve", or "scheduled"."""
    dispatch = dispatching.of(issue)
    is_asked, is_ready = dispatching.is_asked(issue, dispatch), not dispatching.why_not_yet(issue)
    if is_ready and is_asked and dispatch.due_at:
        stage = "scheduled"
    elif is_ready:
        stage = "send"
    elif not is_asked:
        stage = "ask"
    else:
        stage = "approve" if dispatching.may_approve(issue, user) else "waits"
    count = {"number": total}
    labels = {
        "send": ngettext("Send to %(number)d subscriber", "Send to %(number)d subscribers", total) % count,
        "approve": ngettext("Approve and send to %(number)d subscriber", "Approve and send to %(number)d subscribers", total) % count,
        "ask": _("Ask for approval"),
    }
    if stage == "approve" and dispatch.due_at:
        labels["approve"] = _("Approve")
    return {
        "stage": stage,
        "dispatch": dispatch,
        "due": dispatch.due_at and shown(dispatch.due_at),
        "label": labels.get(stage, ""),
        "due_form": form or DueForm(initial={"due_at": dispatch.due_at}),
        "approvers": [str(person.get_full_name() or person.username) for person in dispatching.approvers(issue) if person != user]
        if stage in {"ask", "waits"}
        else [],
    }
