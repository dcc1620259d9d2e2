"""The measures that media mentions and surveys give. A goal without any has no data."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Sum
from django.db.models.signals import m2m_changed, post_save, pre_delete
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from themes.history import forget
from themes.measures import How, Measure, Share, register
from themes.models import Mention, Survey

if TYPE_CHECKING:
    from collections.abc import Collection

    from themes.measures import Daily


def _of_mentions(goal_ids: Collection[int], value: Any, rows: Any, since: date | None) -> Daily:
    """A goal is observed by its first mention, also where it was before `since`."""
    found: dict[int, dict[date, int]] = defaultdict(dict)
    for goal, day, number in rows.filter(goals__in=list(goal_ids)).order_by().values_list("goals", "day").annotate(number=value):
        days = found[goal]
        if since is None or day >= since:
            days[day] = number
    return dict(found)


def mentions(goal_ids: Collection[int], since: date | None = None) -> Daily:
    return _of_mentions(goal_ids, Count("pk"), Mention.objects.all(), since)


def earned_reach(goal_ids: Collection[int], since: date | None = None) -> Daily:
    return _of_mentions(goal_ids, Sum("audience"), Mention.objects.exclude(audience=None), since)


def awareness(goal_ids: Collection[int], since: date | None = None) -> Daily:
    """Of surveys of one day those who answered stand together."""
    rows = Survey.objects.filter(goals__in=list(goal_ids)).order_by().values_list("goals", "day")
    found: dict[int, dict[date, int]] = defaultdict(dict)
    for goal, day, aware, sample in rows.annotate(knew=Sum("aware"), answered=Sum("sample")):
        days = found[goal]
        if since is None or day >= since:
            days[day] = Share(aware, sample)
    return dict(found)


def register_all() -> None:
    register(
        Measure(
            "media_mentions", _("Media mentions"), pgettext_lazy("unit", "mentions"), "output", mentions, How.SUM,
            _("Mentions that the staff have written down, or brought from a media monitor."),
        )
    )  # fmt: skip
    register(
        Measure(
            "earned_reach", _("Audience of media mentions"), pgettext_lazy("unit", "possible readers"), "output", earned_reach, How.SUM,
            _(
                "Audiences of outlets as the source of each mention says; mentions whose audience nobody knows are left out. "
                "The same person may be in several."
            ),
        )
    )  # fmt: skip
    register(
        Measure(
            "awareness", _("Awareness in the audience"), pgettext_lazy("unit", "per cent"), "outcome", awareness, How.SHARE,
            _("Surveys of awareness that the staff have written down or brought, with their sample sizes."),
        )
    )  # fmt: skip
    for model in (Mention, Survey):
        name = model.__name__
        post_save.connect(_changed, model, dispatch_uid=f"themes.evidence.saved.{name}")
        pre_delete.connect(_changed, model, dispatch_uid=f"themes.evidence.deleted.{name}")
        m2m_changed.connect(_linked, model.goals.through, dispatch_uid=f"themes.evidence.linked.{name}")


def _changed(instance: Any, **_how: Any) -> None:
    forget(instance.goals.values_list("pk", flat=True))


def _linked(instance: Any, action: str, reverse: bool, pk_set: set[int] | None, **_how: Any) -> None:
    if action in ("post_add", "post_remove"):
        forget([instance.pk] if reverse else (pk_set or ()))
    elif action == "pre_clear":
        forget([instance.pk] if reverse else instance.goals.values_list("pk", flat=True))
