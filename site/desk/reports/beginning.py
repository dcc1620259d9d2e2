"""What a report begins with: its title and sections, with words that hold figures by reference and so are never old."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from base.languages import CODES, FALLBACK
from desk.reports.figures import coded, reference
from desk.reports.kinds import HEADINGS, SECTIONS
from desk.reports.records import Kind, Report, Section
from desk.reports.referring import PERIOD, TARGET

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from base.models import User
    from desk.reports.periods import Period
    from desk.reports.records import ReportSchedule
    from themes.models import ExpectedResult, Goal, Theme


@transaction.atomic
def begin_report(
    *,
    theme: Theme,
    kind: str,
    period: Period,
    languages: Collection[str],
    goals: Sequence[Goal],
    responsible: User | None,
    by: User | None,
    schedule: ReportSchedule | None = None,
) -> Report:
    report = draft(theme=theme, kind=kind, period=period, languages=languages)
    report.responsible, report.schedule = responsible, schedule
    report.full_clean()
    report.save()
    report.goals.set(goals)
    Section.objects.bulk_create(sections(report, goals))
    log(instance=report, action="wagtail.create", user=by)
    return report


def draft(*, theme: Theme, kind: str, period: Period, languages: Collection[str]) -> Report:
    """Not yet kept."""
    names = {f"name_{code}": text for code, text in _in(CODES, lambda: title_of(kind, period)).items()}
    kept = [code for code in CODES if code in languages] or [FALLBACK]
    return Report(theme=theme, kind=kind, starts=period.starts, ends=period.ends, languages=kept, **names)


def title_of(kind: str, period: Period) -> str:
    starts, ends = (date_format(day, "SHORT_DATE_FORMAT") for day in period)
    return _("%(kind)s, %(starts)s–%(ends)s") % {"kind": Kind(kind).label, "starts": starts, "ends": ends}


def sections(report: Report, goals: Sequence[Goal]) -> list[Section]:
    found = []
    for place, key in enumerate(SECTIONS[report.kind], 1):
        row = Section(report=report, key=key, place=place)
        for code, heading in _in(CODES, lambda key=key: str(HEADINGS[key])).items():
            setattr(row, f"heading_{code}", heading)
        for code, text in _in(report.languages, lambda key=key: _words(key, goals)).items():
            setattr(row, f"text_{code}", text)
        found.append(row)
    return found


def _words(key: str, goals: Sequence[Goal]) -> str:
    return "\n".join(_line(goal, row) for goal in goals for row in list(goal.expected_results.all())[:1]) if key == "summary" else ""


def _line(goal: Goal, row: ExpectedResult) -> str:
    code = reference(goal.key, row.measure)
    words = {"goal": goal.name, "measure": row.measure_label, "due": date_format(row.due, "SHORT_DATE_FORMAT")}
    if row.known_measure is None:
        return _("%(goal)s: %(measure)s") % words
    words |= {"total": coded(code), "period": coded(code, PERIOD), "target": coded(code, TARGET)}
    return _("%(goal)s. %(measure)s: %(total)s so far, of which %(period)s in this period. Expected: %(target)s by %(due)s.") % words


def _in(codes: Collection[str], say: Any) -> dict[str, str]:
    found = {}
    for code in codes:
        with translation.override(code):
            found[code] = str(say())
    return found
