"""Approving a plan: what it says is frozen, complete, as its next version. Editing goes on in the draft."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from themes.models import Plan, PlanVersion
from themes.plans import snapshot
from themes.plans.rules import Refusal, refusals

if TYPE_CHECKING:
    from base.models import User


class NotApproved(Exception):
    """Why the plan cannot be approved as it is."""

    def __init__(self, reasons: list[Refusal]) -> None:
        super().__init__("; ".join(refusal.reason for refusal in reasons))
        self.reasons = reasons


def approve_plan(*, plan: Plan, note: str, by: User, seen: str) -> PlanVersion:
    """`seen` is the `mark` of what was looked at: what somebody changed meanwhile is not approved unseen. Raises NotApproved."""
    with transaction.atomic():
        # Goals wait for it too, as their forms lock them while they are saved.
        plan = Plan.objects.select_for_update().get(pk=plan.pk)
        list(plan.goals.select_for_update().values_list("pk"))
        frozen, last = snapshot.of_plan(plan), plan.versions.first()
        if reasons := why_not(frozen, last, seen):
            raise NotApproved(reasons)
        name = by.get_full_name() or by.get_username()
        version = PlanVersion(plan=plan, number=last.number + 1 if last else 1, frozen=frozen, note=note, approver=name, approved_by=by)
        version.approved_at = timezone.now()
        version.save()
        log(instance=plan, action="themes.approve_plan", user=by, data={"number": version.number})
    return version


def why_not(frozen: dict[str, Any], last: PlanVersion | None, seen: str) -> list[Refusal]:
    if seen != mark(frozen):
        return [Refusal(None, _("Somebody has changed the plan while you were looking at it. Look through it once more, then approve it."))]
    if last is not None and last.frozen == frozen:
        return [Refusal(None, _("Nothing has changed since version %(number)d.") % {"number": last.number})]
    return refusals(frozen["goals"])


def mark(frozen: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(frozen, sort_keys=True).encode()).hexdigest()
