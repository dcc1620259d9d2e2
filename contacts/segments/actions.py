"""Keeping a segment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

if TYPE_CHECKING:
    from base.models import User
    from contacts.models import Segment


@transaction.atomic
def keep_segment(segment: Segment, rules: dict[str, Any], *, by: User | None) -> Segment:
    is_new = segment.pk is None
    segment.rules, segment.by, segment.changed_at = rules, by, timezone.now()
    segment.save()
    log(segment, "wagtail.create" if is_new else "wagtail.edit", user=by)
    return segment
