"""Holds every way in: a page of ours is not saved as live while the checks find errors.

`hold_before_saving` sees every save: publishing, a schedule that is due, an approval, `copy(keep_live=True)`, aliases and their updates,
`add_child(live=True)`, and wagtail-localize's publishing. `QuerySet.update` is not a save: nothing of ours uses it to publish.
"""

from __future__ import annotations

import json
import logging
from contextvars import ContextVar
from time import monotonic
from typing import TYPE_CHECKING, Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models.signals import pre_save
from django.dispatch import Signal
from django.utils.encoding import force_str
from wagtail.log_actions import log
from wagtail.models import Page
from wagtail.signals import page_published

from base.gate import Finding, Level, error, findings
from base.gate.subject import Subject
from base.models import GateOverride, GateState
from base.pages import PublicPage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from base.gate import Check

logger = logging.getLogger(__name__)

# What is not content: where a page stands and when it was what.
BOOKKEEPING = {
    "path", "depth", "numchild", "url_path", "draft_title", "live", "has_unpublished_changes", "live_revision", "latest_revision",
    "latest_revision_created_at", "first_published_at", "last_published_at", "expired", "expire_at", "go_live_at", "locked", "locked_at", "locked_by",
    "slug", "show_in_menus", "owner", "comments", "index_entries",
}  # fmt: skip


# Seconds between a check before publishing and the publishing itself.
JUST_NOW = 5.0
NOTHING: tuple[int | None, str, float, list[Finding]] = (None, "", 0.0, [])
_LAST: ContextVar[tuple[int | None, str, float, list[Finding]]] = ContextVar("last check", default=NOTHING)


class NotPublishable(ValidationError):
    """The page has errors. `page` is not live, or as it was before."""

    def __init__(self, page: Any, errors: Iterable[Finding]) -> None:
        self.page, self.findings = page, list(errors)
        places: dict[str, list[str]] = {}
        for finding in self.findings:
            places.setdefault(finding.field or NON_FIELD_ERRORS, []).append(force_str(finding.message))
        super().__init__(places)


def hold(page: Any) -> list[Finding]:
    """Raises NotPublishable where the page, as it is in memory, has errors that nobody has accepted. Returns all that was found."""
    found = _found_just_now(page)
    errors = not_accepted(page, found)
    if errors and not is_live_as_it_is(page):
        raise NotPublishable(page, errors)
    return found


def hold_once(page: Any) -> None:
    """The same for who publishes the page right after, in the same thread: that looks no second time at the same content."""
    _LAST.set((page.pk, _content(page), monotonic(), hold(page)))


def _found_just_now(page: Any) -> list[Finding]:
    number, content, when, found = _LAST.get()
    _LAST.set(NOTHING)
    is_same = number is not None and number == page.pk and monotonic() - when < JUST_NOW and content == _content(page)
    return found if is_same else findings(page)


def not_accepted(page: Any, found: list[Finding]) -> list[Finding]:
    """The errors that keep it from going out."""
    errors = [finding for finding in found if finding.is_error]
    accepted = accepted_keys(page) if errors else set()
    return [finding for finding in errors if finding.key not in accepted]


def accepted_keys(page: Any) -> set[str]:
    """What administrators have accepted on the page, or on the page that it is an alias of."""
    pages = [number for number in (page.pk, page.alias_of_id) if number]
    rows = GateOverride.objects.filter(page__in=pages).values_list("findings", flat=True) if pages else ()
    return {finding["key"] for row in rows for finding in row}


def is_live_as_it_is(page: Any) -> bool:
    """A page that is live already may be moved and noted in the books, whatever its content has become since."""
    stored = type(page).objects.filter(pk=page.pk, live=True).first() if page.pk else None
    return stored is not None and _content(stored) == _content(page)


def _content(page: Any) -> str:
    data = {name: value for name, value in page.serializable_data().items() if name not in BOOKKEEPING}
    return json.dumps(data, sort_keys=True, default=str)


def hold_before_saving(sender: type, instance: Any, raw: bool = False, update_fields: Any = None, **kwargs: object) -> None:
    if raw or not isinstance(instance, Page) or not instance.live:
        return
    if update_fields is not None and set(update_fields) <= BOOKKEEPING | {"alias_of", "alias_of_id"} and "live" not in update_fields:
        return
    page = instance
    if not isinstance(page, PublicPage):
        if type(instance) is not Page or not instance.pk or Page.objects.filter(pk=instance.pk, live=True).exists():
            return
        page = instance.specific
        if not isinstance(page, PublicPage):
            return
    instance.gate_findings = hold(page)


def hold_schedule(page: Any) -> None:
    """Before a page is given a time to go out: who schedules it learns it now, not nobody then."""
    if isinstance(page, PublicPage):
        hold(page)


# Sent with `page`, `revision`, and the words of each error as `reasons`.
schedule_refused = Signal()


def refuse_schedule(page: Any, refusal: ValidationError, revision: Any) -> None:
    """A schedule that is due and refused must not keep others waiting: it ends, the page's history tells why, and so does `schedule_refused`."""
    found = refusal.findings if isinstance(refusal, NotPublishable) else [error("schedule.invalid", text) for text in refusal.messages]
    revision.approved_go_live_at = None
    revision.save(update_fields=["approved_go_live_at"])
    page = Page.objects.get(pk=page.pk)
    log(page, "kantama.gate.refuse", data={"findings": [finding.as_data() for finding in found]})
    keep_state(page, found)
    logger.warning('The gate refused the scheduled page "%s" (pk=%s): %s', page, page.pk, [finding.code for finding in found])
    schedule_refused.send(sender=Page, page=page, revision=revision, reasons=[finding.message for finding in found])


def keep_state(page: Any, found: list[Finding]) -> None:
    """For the report."""
    errors = sum(finding.is_error for finding in found)
    values = {"errors": errors, "warnings": len(found) - errors, "findings": [finding.as_data() | {"key": finding.key} for finding in found]}
    state, names = GateState(page_id=page.pk, **values), [*values, "checked_at"]
    GateState.objects.bulk_create([state], update_conflicts=True, unique_fields=["page"], update_fields=names)


def look_again(page: Any, check: Check, codes: str) -> None:
    """Of what is kept of a live page, the part of one check, whose codes begin so: what it tells changes without the page.

    Where nothing is kept, nothing is made: the page may be on its way out.
    """
    row = GateState.objects.filter(page_id=page.pk).first()
    if row is None:
        return
    others = [finding for finding in row.findings if not finding["code"].startswith(codes)]
    told = others + [finding.as_data() | {"key": finding.key} for finding in check(Subject(page))]
    if told != row.findings:
        errors = sum(finding["level"] == Level.ERROR for finding in told)
        GateState.objects.filter(pk=row.pk).update(errors=errors, warnings=len(told) - errors, findings=told)


def keep_state_of_published(sender: type, instance: Any, **kwargs: object) -> None:
    if isinstance(instance, PublicPage):
        # Found a moment ago, when it was saved: a page without findings is not rendered again for that.
        found = getattr(instance, "gate_findings", None)
        keep_state(instance, findings(instance) if found is None else found)


def check_live_pages() -> tuple[int, int]:
    """Checks every live page of ours again: what a page leads to changes without it. Returns (pages, pages with errors)."""
    number = failing = 0
    for key in Page.objects.live().filter(depth__gt=1).order_by("pk").values_list("pk", flat=True):
        page: Any = Page.objects.get(pk=key).specific
        if isinstance(page, PublicPage):
            found = findings(page)
            keep_state(page, found)
            number, failing = number + 1, failing + any(finding.is_error for finding in found)
    return number, failing


def connect() -> None:
    pre_save.connect(hold_before_saving, dispatch_uid="base.gate.hold_before_saving")
    page_published.connect(keep_state_of_published, dispatch_uid="base.gate.keep_state_of_published")
