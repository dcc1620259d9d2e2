"""Brings the rows in: all, or none where any is wrong. Run again, what is there already stays as it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.contrib.redirects.models import Redirect
from wagtail.coreutils import find_available_slug
from wagtail.log_actions import log
from wagtail.models import Page, Site

from base.gate import findings
from base.translations.slugs import slug_of
from desk.importing.kinds import practice_of
from desk.importing.rows import COLUMNS, Problem, Row, check_each, read
from pages.models import PracticePage

if TYPE_CHECKING:
    from base.gate import Finding

# What a form calls it -> the file's column.
COLUMN_OF = {name: name for name in COLUMNS} | {"starts_at": "starts", "ends_at": "ends", "practice": "key"}


@dataclass
class Report:
    made: list[tuple[int, Page]] = field(default_factory=list)
    kept: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    findings: dict[int, list[Finding]] = field(default_factory=dict)
    # Lines with pictures or players, which are brought by hand.
    left_out: dict[int, int] = field(default_factory=dict)


class _Undo(Exception):
    pass


def import_pages(content: bytes, *, by: Any = None, skip_bad: bool = False, dry_run: bool = False) -> Report:
    """Drafts with their goals, days and old addresses. `problems` is empty where all went well; the gate's findings keep nothing back.

    Where pages are asked for `by` somebody, each must be below a page where they may write.
    """
    report = Report()
    rows, report.problems = read(content)
    if report.problems:
        return report
    check_each(rows, by)
    try:
        with transaction.atomic():
            # One file at a time: the second finds what the first has brought.
            Page.objects.select_for_update(no_key=True).get(pk=Page.get_first_root_node().pk)
            for row in rows:
                _bring(row, report, by)
            report.problems = [problem for row in rows for problem in row.problems]
            if dry_run or (report.problems and not skip_bad):
                raise _Undo
    except _Undo:
        if report.problems and not skip_bad:
            report.made, report.findings = [], {}
    return report


def _bring(row: Row, report: Report, by: Any) -> None:
    if row.problems:
        return
    if Page.objects.filter(translation_key=row.translation_key, locale=row.parent.locale_id).exists():
        report.kept.append(row.line)
        return
    try:
        with transaction.atomic():
            page = _made(row, by)
            _redirect(row, page)
    except ValidationError as refused:
        told = refused.message_dict if hasattr(refused, "error_dict") else {"": refused.messages}
        for name, messages in told.items():
            for message in messages:
                row.refuse(COLUMN_OF.get(name, "old_addresses" if name in {"old_path", ""} else name), message)
        return
    report.made.append((row.line, page))
    report.findings[row.line] = findings(page)
    if row.body.left_out:
        report.left_out[row.line] = row.body.left_out


def _made(row: Row, by: Any) -> Any:
    # As it is by now: the row before may have been the first below it.
    parent = Page.objects.get(pk=row.parent.pk)
    words = {"title": row["title"], "slug": _slug(row, parent)} | row.facts
    words |= {name: row[name] for name in ("lead", "finding", "evidence") if row[name] and hasattr(row.model, name)}
    if row.body.blocks:
        words["body"] = row.body.blocks
    if row.model is PracticePage:
        words["practice"] = practice_of(row)
    page = row.model(**words, locale=parent.locale, translation_key=row.translation_key, live=False, owner=by, first_published_at=row.published)
    if hasattr(page, "goals"):
        page.goals = row.goals
    # Before it is written: a draft is not looked at, and PostgreSQL takes nothing that is too long for its column.
    page.clean_fields(exclude={field.name for field in Page._meta.fields if field.name != "title"} | {"page_ptr"})
    parent.add_child(instance=page)
    # A draft may lack what it likes; what is brought may not.
    page.full_clean()
    page.save_revision(user=by)
    log(instance=page, action="wagtail.create", user=by)
    return page


def _slug(row: Row, parent: Page) -> str:
    if not row["slug"]:
        return str(find_available_slug(parent, slug_of(row["title"]) or row["kind"]))
    if parent.get_children().filter(slug=row["slug"]).exists():
        raise ValidationError({"slug": _("Another page there has this slug.")})
    return row["slug"]


def _redirect(row: Row, page: Any) -> None:
    parts = page.get_url_parts()
    site = Site.objects.get(pk=parts[0]) if parts else None
    for path in row.old_paths:
        if Redirect.objects.filter(old_path=path, site=site).exists():
            raise ValidationError({"old_path": _("The old address {path} leads elsewhere already.").format(path=path)})
        redirect = Redirect(old_path=path, site=site, redirect_page=page, is_permanent=True)
        redirect.full_clean()
        redirect.save()
