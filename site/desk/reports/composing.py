"""A report, whole: what people wrote, its figures, and what was done, as JSON with its words in three languages. So it is frozen when it is approved.

The number of queries does not grow with the goals.
"""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from base.bounds import everywhere
from base.languages import CODES
from contacts.coverage.many import cover_many
from desk.reports import decided, outreach
from desk.reports.figures import figures_of
from desk.reports.periods import Period

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from contacts.coverage.counting import Count, Coverage
    from desk.reports.records import Report, Section
    from themes.models import Goal

    Composed = dict[str, Any]

# Of the shape below. What was frozen is never rewritten: a reader of an older shape asks for it.
FORMAT = 1
# How far ahead a report looks, and how many places of those not reached it names.
AHEAD, MOST_PLACES = timedelta(days=92), 6


def of_report(report: Report, today: date) -> Composed:
    return of_goals(report, goals_of(report), list(report.sections.all()), today)


def goals_of(report: Report) -> list[Goal]:
    return list(report.goals.select_related("plan").order_by("scope", "pk"))


def of_goals(report: Report, goals: list[Goal], sections: Iterable[Section], today: date) -> Composed:
    """Also of a report that is not kept."""
    period = Period(report.starts, report.ends)
    with everywhere():
        coverages = cover_many(goals)
        return written(report, goals, sections) | {
            "made_on": today.isoformat(),
            "figures": figures_of(goals, period, today),
            "acts": outreach.acts_in(goals, period, today),
            "groups": outreach.groups_of(goals, period, today),
            "missing": [_missing(goal, coverages[goal.pk]) for goal in goals],
            "next": outreach.coming(goals, min(period.ends, today), AHEAD),
            "decisions": decided.of(report.theme, goals, period),
        }


def written(report: Report, goals: Iterable[Goal], sections: Iterable[Section]) -> Composed:
    """What people wrote and chose: the part that nothing but a person changes."""
    return {
        "format": FORMAT,
        "kind": report.kind,
        "title": words(report),
        "languages": report.languages,
        "starts": report.starts.isoformat(),
        "ends": report.ends.isoformat(),
        "theme": theme_of(report),
        "goals": [
            {"id": goal.pk, "key": goal.key, "words": words(goal), "description": words(goal, "description"), "scope": goal.scope} for goal in goals
        ],
        "sections": [{"id": row.pk, "key": row.key, "heading": words(row, "heading"), "text": words(row, "text")} for row in sections],
    }


def mark(report: Report) -> str:
    """Of what was looked at. Figures are not in it: readers come at all hours, and nobody could ever approve."""
    found = written(report, goals_of(report), report.sections.all())
    return hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()


def theme_of(report: Report) -> dict[str, Any]:
    """The facts of the operation, as Article 50 of Regulation (EU) 2021/1060 has them told."""
    theme = report.theme
    return {
        "words": words(theme),
        **{name: words(theme, name) for name in ("programme", "objective", "summary", "description")},
        "objective_code": theme.objective_code,
        "fund": theme.fund,
        "starts": theme.starts,
        "ends": theme.ends,
        "budget": f"{theme.budget_eur:.2f}",
    }


def words(row: Any, name: str = "name") -> dict[str, str]:
    return {code: getattr(row, f"{name}_{code}") for code in CODES}


def _missing(goal: Goal, found: Coverage) -> dict[str, Any]:
    """Whom of its audience the goal has not reached, as the register stands now; where most of them are."""
    return {
        "goal": goal.pk,
        "all": found.total.all,
        "missing": found.total.missing,
        "regions": _places(found.by_region.items()),
        "groups": _places(found.by_group.items()),
    }


def _places(rows: Iterable[tuple[Any, Count]]) -> list[dict[str, Any]]:
    """`words` None: of those in none."""
    lacking = sorted((row for row in rows if row[1].missing), key=lambda row: -row[1].missing)[:MOST_PLACES]
    return [{"words": words(row) if row else None, "missing": count.missing, "all": count.all} for row, count in lacking]
