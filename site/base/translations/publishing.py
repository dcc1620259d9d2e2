"""A page and its translations made public together: all of them, or none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from wagtail.models import Page
from wagtail_localize.models import Translation

from base.gate import guard

if TYPE_CHECKING:
    from collections.abc import Iterable

    from base.gate import Finding


class NotPublishableTogether(ValueError):
    """`findings` by language: what the publication checks find in each."""

    def __init__(self, findings: dict[str, list[Finding]]) -> None:
        super().__init__(", ".join(findings))
        self.findings = findings


@transaction.atomic
def publish_together(*, page: Any, codes: Iterable[str], by: Any) -> list[Any]:
    """The source where nobody reads it yet, and its translations in `codes`, whose texts all have words. Raises NotPublishableTogether.

    A source that is public stays as it is: its translations say what it says.
    """
    codes = list(codes)
    source = Page.objects.get(pk=page.pk).specific
    is_new = not source.live
    rows = Translation.objects.filter(source__object_id=page.translation_key, enabled=True, target_locale__language_code__in=codes)
    rows = list(rows.select_related("source", "target_locale").order_by("target_locale_id"))
    _hold(source.get_latest_revision_as_object() if is_new else None, rows)
    published = []
    if is_new:
        source.get_latest_revision().publish(user=by)
        published.append(source)
    for row in rows:
        # Its source has just been read anew: publishing that brought it here.
        row.source.refresh_from_db()
        row.save_target(user=by, publish=False)
        target = row.get_target_instance()
        target.get_latest_revision().publish(user=by)
        published.append(target)
    return published


def _hold(source: Any, rows: list[Translation]) -> None:
    """Before anything is saved: whoever publishes learns of all languages at once."""
    found: dict[str, list[Finding]] = {}
    held = [(source.locale.language_code, source)] if source is not None else []
    held += [(row.target_locale.language_code, row.source.get_ephemeral_translated_instance(row.target_locale, fallback=True)) for row in rows]
    for code, page in held:
        try:
            guard.hold(page)
        except guard.NotPublishable as refusal:
            found[code] = refusal.findings
    if found:
        raise NotPublishableTogether(found)
