"""Blocks for a part of the readers: who gets which, and how many different letters that makes.

An audience is what a block names: sub-themes and regions. An issue's audiences have letters, a, b, c, in the order in which they first stand in it;
a segment is the letters of the audiences that a reader is among, "" for who is in none.
"""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any

from django.db.models import Case, CharField, Count, Value, When
from django.db.models.functions import Concat

from newsletters.library import raw_blocks
from newsletters.models import Subscription
from themes.models import Region, SubTheme

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from newsletters.models import IssuePage, SubscriptionQuerySet

# Each is rendered and kept whole, in every language.
MOST_SEGMENTS = 24


@dataclass(frozen=True)
class Audience:
    """Who wants something of one of these sub-themes and one of these regions: keys and national codes."""

    sub_themes: tuple[str, ...]
    regions: tuple[str, ...]

    @classmethod
    def of(cls, value: Any) -> Audience:
        return cls(tuple(sorted(value["sub_themes"] or ())), tuple(sorted(value["regions"] or ())))

    def among(self, subscriptions: SubscriptionQuerySet, theme_id: int) -> SubscriptionQuerySet:
        """A word that is gone matches nobody: else its block would go to all."""
        sub_themes = list(SubTheme.objects.filter(theme=theme_id, key__in=self.sub_themes))
        regions = list(Region.objects.filter(code__in=self.regions))
        if (self.sub_themes and not sub_themes) or (self.regions and not regions):
            return subscriptions.none()
        return subscriptions.interested_in(sub_themes=sub_themes, regions=regions)

    def words(self, theme_id: int) -> str:
        names = [row.name for row in SubTheme.objects.filter(theme=theme_id, key__in=self.sub_themes).order_by("pk")]
        return ", ".join(map(str, [*names, *Region.objects.filter(code__in=self.regions)]))


def audiences_of(issues: Iterable[IssuePage]) -> list[Audience]:
    """Of all languages of an issue."""
    found = [Audience.of(block["value"]) for issue in issues for block in raw_blocks(issue.body.raw_data) if block["type"] == "only_for"]
    return list(dict.fromkeys(found))


def letter(audiences: Sequence[Audience], audience: Audience) -> str:
    return ascii_lowercase[audiences.index(audience)]


def with_segments(subscriptions: SubscriptionQuerySet, audiences: Sequence[Audience], theme_id: int) -> Any:
    """Each row with its `variant_segment`, in the database."""
    everybody = Subscription.objects.all()
    cases = [
        Case(When(pk__in=audience.among(everybody, theme_id).values("pk"), then=Value(name)), default=Value(""), output_field=CharField())
        for audience, name in zip(audiences, ascii_lowercase, strict=False)
    ]
    whole = Concat(*cases, Value(""), output_field=CharField()) if cases else Value("", output_field=CharField())
    return subscriptions.annotate(variant_segment=whole)


@dataclass(frozen=True)
class AudienceRow:
    """What a part of the issue is called, and how many get it."""

    words: str
    count: int


def audience_rows(subscriptions: SubscriptionQuerySet, audiences: Sequence[Audience], theme_id: int) -> list[AudienceRow]:
    if not audiences:
        return []
    found = with_segments(subscriptions, audiences, theme_id).order_by().values("variant_segment").annotate(number=Count("pk"))
    counts = dict(found.values_list("variant_segment", "number"))
    return [
        AudienceRow(audience.words(theme_id), sum(number for segment, number in counts.items() if letter(audiences, audience) in segment))
        for audience in audiences
    ]
