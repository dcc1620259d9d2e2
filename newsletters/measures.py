"""What newsletters are measured by. A click counts only where a person made it: what machines follow is told apart before (docs/returned-mail.md)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, cast

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.measures import ISSUES, different, marks, occurrences, people, standing
from contacts.models import Outreach, Touch
from newsletters.models import NewsletterPage, Subscription
from themes.measures import How, Measure, register

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

    from themes.measures import Daily


def kept(goal_ids: Collection[int], since: date | None = None) -> Daily:
    """Subscribers of the newsletters whose page serves the goal, at the end of each day on which their number changed."""
    acts = Outreach.goals.through.objects.filter(goal__in=list(goal_ids), outreach__item_key__isnull=False)
    goals: dict[UUID, list[int]] = {}
    for key, goal in acts.values_list("outreach__item_key", "goal"):
        goals.setdefault(cast("UUID", key), []).append(goal)
    letters = dict(NewsletterPage.objects.filter(translation_key__in=goals).values_list("translation_key", "newsletter"))
    rows = Subscription.objects.filter(newsletter__in=letters.values(), confirmed_at__isnull=False).order_by()
    terms: dict[int, list[tuple[int, date, date | None]]] = {}
    for letter, number, began, ended in rows.values_list("newsletter", "pk", "confirmed_at", "ended_at"):
        over = timezone.localdate(ended) if began and ended and ended >= began else None
        terms.setdefault(letter, []).append((number, timezone.localdate(began), over))
    served = [(goal, letter) for key, letter in letters.items() for goal in goals[key]]
    found = standing((goal, number, began, over) for goal, letter in served for number, began, over in terms.get(letter, ()))
    return {goal: {day: value for day, value in found.get(goal, {}).items() if since is None or day >= since} for goal, _letter in served}


def register_all() -> None:
    subscribers = pgettext_lazy("unit", "subscribers")
    copies, clicks = (Touch.Kind.DELIVERED, Touch.Kind.CLICKED)
    register(
        Measure(
            "mail_deliveries", _("Newsletter copies delivered"), pgettext_lazy("unit", "copies"), "output", occurrences(copies, sources=ISSUES),
            How.SUM, _("The ledger of mail: copies that a receiving server took and that have not come back."), marks,
        )
    )  # fmt: skip
    register(
        Measure(
            "mail_clicks", _("Clicks from newsletters"), pgettext_lazy("unit", "clicks"), "outtake", occurrences(clicks, sources=ISSUES), How.SUM,
            _("Links in newsletters that a person followed; machines that look at links are left out."), marks,
        )
    )  # fmt: skip
    register(
        Measure(
            "new_subscribers", _("New subscribers"), subscribers, "outcome", people(Touch.Kind.SUBSCRIBED, sources=ISSUES), How.PEOPLE,
            _("Confirmed subscriptions to newsletters that serve the goal."), marks, unique=different(Touch.Kind.SUBSCRIBED),
        )
    )  # fmt: skip
    register(
        Measure(
            "subscribers_kept", _("Subscribers"), subscribers, "outcome", kept, How.LAST,
            _("Confirmed subscriptions that have not ended, of the newsletters that serve the goal."),
        )
    )  # fmt: skip
