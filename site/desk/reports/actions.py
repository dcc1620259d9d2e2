"""Approving a report, showing it to others by a link, and beginning the next one on its day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from base.bounds import everywhere
from base.languages import CODES
from desk.reports import composing, periods
from desk.reports.beginning import begin_report
from desk.reports.figures import by_reference
from desk.reports.records import Kind, Report, ReportLink, ReportSchedule, ReportVersion, Section
from desk.reports.referring import problems
from mail import outbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from base.models import User
    from desk.reports.composing import Composed

STREAM = "desk"
# How long a link to a report may be open.
LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class Refusal:
    """`section` is where the reason can be mended; None: in the report's own facts."""

    section: Any
    reason: str


class NotApproved(Exception):
    def __init__(self, reasons: list[Refusal]) -> None:
        super().__init__("; ".join(refusal.reason for refusal in reasons))
        self.reasons = reasons


@transaction.atomic
def approve_report(*, report: Report, note: str, by: User, seen: str) -> ReportVersion:
    """`seen` is `composing.mark` of what was looked at: what somebody wrote meanwhile is not approved unseen. Raises NotApproved."""
    report = Report.objects.select_for_update().select_related("theme").get(pk=report.pk)
    list(Section.objects.select_for_update().filter(report=report).values_list("pk"))
    frozen, last = composing.of_report(report, timezone.localdate()), report.versions.first()
    if reasons := list(why_not(report, frozen, last, seen)):
        raise NotApproved(reasons)
    version = ReportVersion(report=report, number=last.number + 1 if last else 1, frozen=frozen, note=note, approved_by=by)
    version.approver, version.approved_at = by.get_full_name() or by.get_username(), timezone.now()
    version.save()
    log(instance=report, action="desk.approve_report", user=by, data={"number": version.number})
    return version


def why_not(report: Report, frozen: Composed, last: ReportVersion | None, seen: str) -> Iterator[Refusal]:
    if seen != composing.mark(report):
        yield Refusal(None, _("Somebody has changed the report while you were looking at it. Look through it once more, then approve it."))
        return
    if not frozen["goals"]:
        yield Refusal(None, _("The report is about no goal. Choose at least one."))
    if last is not None and _said(last.frozen) == _said(frozen):
        yield Refusal(None, _("Nothing has changed since version %(number)d.") % {"number": last.number})
    figures = by_reference(frozen["figures"])
    for section in frozen["sections"]:
        for code in frozen["languages"]:
            yield from (Refusal(section, told) for told in problems(section["text"][code], figures))
            if section["text"]["fi"] and not section["text"][code]:
                words = {"heading": section["heading"]["fi"], "language": dict(settings.LANGUAGES)[code]}
                yield Refusal(section, _("The section “%(heading)s” has no text in this language yet: %(language)s.") % words)


def _said(frozen: Composed) -> Composed:
    return {name: value for name, value in frozen.items() if name != "made_on"}


def share_report(*, version: ReportVersion, language: str, ends_on: date, note: str, by: User) -> ReportLink:
    link = ReportLink(version=version, language=language, ends_on=ends_on, note=note, made_by=by)
    link.full_clean()
    link.save()
    log(instance=version.report, action="desk.share_report", user=by, data={"number": version.number, "until": ends_on.isoformat()})
    return link


def revoke_link(*, link: ReportLink, by: User) -> bool:
    """Once: of two at once, one."""
    made = ReportLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now())
    if made:
        log(instance=link.version.report, action="desk.revoke_report_link", user=by, data={"number": link.version.number})
    return bool(made)


def begin_due(today: date | None = None) -> int:
    """Drafts of the schedules whose day has come, and a mail to who is responsible. Run again, it begins nothing twice. How many it began."""
    today = today or timezone.localdate()
    with everywhere():
        return sum(_begin(schedule, today) for schedule in ReportSchedule.objects.filter(next_on__lte=today).select_related("theme", "responsible"))


@transaction.atomic
def _begin(schedule: ReportSchedule, today: date) -> bool:
    """After a long pause the last period alone: nobody waits for the others any more."""
    later = periods.after(today, schedule.pace)
    if not ReportSchedule.objects.filter(pk=schedule.pk, next_on=schedule.next_on).update(next_on=later):
        return False
    period, goals = periods.before(today, schedule.pace), list(schedule.theme.goals.order_by("scope", "pk"))
    if Report.objects.filter(schedule=schedule, starts=period.starts).exists():
        return False
    facts: dict[str, Any] = {"theme": schedule.theme, "kind": schedule.kind, "period": period, "languages": schedule.languages, "goals": goals}
    report = begin_report(**facts, responsible=schedule.responsible, by=None, schedule=schedule)
    _tell(report)
    return True


def _tell(report: Report) -> None:
    user = report.responsible
    if user is None or not user.email or not user.is_active:
        return
    with translation.override(user.language if user.language in CODES else CODES[0]):
        outbox.send_single(
            to=user.email,
            subject=_("A report has been begun: %(title)s") % {"title": report.name},
            language=user.language,
            heading=_("A report has been begun: %(kind)s") % {"kind": Kind(report.kind).label},
            paragraphs=[
                _("Its period has ended, and its figures stand in it. Write what they mean, look through it and have it approved."),
                report.name,
            ],
            button=(_("Open the report"), settings.BASE_URL + reverse("reports:report", args=[report.pk])),
            stream=STREAM,
        )
