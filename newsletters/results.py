"""What came of an issue; `result_tables` says what each figure is. Opens are never shown: a mail program that fetches pictures is no reader.

What takes a look at every copy is kept by `mail.summing`, and is never older than the ledger.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, DateTimeField, Exists, ExpressionWrapper, OuterRef, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from base.bounds import everywhere
from base.languages import CODES
from base.pages import ENDONYMS
from contacts.models import Tally, Touch
from mail import figures, summing
from mail.models import Click, Delivery, Link
from mail.summing import folded
from newsletters import segments
from newsletters.making import versions
from newsletters.models import IssuePage, Subscription

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from uuid import UUID

    from mail.balance import Balance
    from mail.figures import CameBack, LinkClicks, Place
    from mail.models import Mailing
    from mail.summing import Summed

MOST_ISSUES = 12
FOLLOWS_WITHIN = timedelta(days=14)
State = Delivery.State


@dataclass
class Sums:
    """Of a part of the copies. Shares are of those delivered, in per cent; None of none."""

    name: str
    copies: int = 0
    sent: int = 0
    came_back: int = 0
    clicked: int = 0
    left: int = 0

    @property
    def delivered(self) -> int:
        return self.sent - self.came_back

    @property
    def click_share(self) -> float | None:
        return share(self.clicked, self.delivered)

    @property
    def left_share(self) -> float | None:
        return share(self.left, self.delivered)


@dataclass(frozen=True)
class LinkRow:
    """`machines` are (rule, clicks)."""

    url: str
    title: str
    people: int
    machines: list[tuple[str, int]]


@dataclass(frozen=True)
class BackRow:
    """`refused` before the server took the copy, `returned` after."""

    kind: str
    refused: int
    returned: int


@dataclass(frozen=True)
class Followed:
    """An event of which the issue had a link, and how many registered after they had followed it."""

    event: str
    people: int


@dataclass(frozen=True)
class Compared:
    issue: IssuePage
    sums: Sums
    is_this: bool


@dataclass(frozen=True)
class Results:
    """`rest` is how many domains the last row of `domains` sums."""

    issue: IssuePage
    balance: Balance
    total: Sums
    languages: list[Sums]
    segments: list[Sums]
    domains: list[Sums]
    links: list[LinkRow]
    came_back: list[BackRow]
    reports: dict[str, int]
    views: dict[str, int]
    followed: list[Followed]
    compared: list[Compared]
    at: object = field(default_factory=timezone.now)

    @property
    def machine_clicks(self) -> int:
        return sum(number for row in self.links for _rule, number in row.machines)


def share(number: int, of: int) -> float | None:
    return round(100 * number / of, 1) if of else None


def results_of(issue: IssuePage) -> Results:
    """Of an issue with a mailing: whatever the number of its copies, as many queries."""
    mailing = issue.mailing
    assert mailing is not None  # noqa: S101 — for mypy: the caller has looked
    beside = _beside(issue)
    each = summing.summed_each([mailing, *(row.mailing for row in beside if row.mailing and row.mailing_id != mailing.pk)])
    parts = Parts(mailing, each[mailing.pk])
    links = list(Link.objects.filter(mailing=mailing).order_by("pk"))
    return Results(
        issue=issue,
        balance=each[mailing.pk].balance,
        total=parts.total(),
        languages=parts.by_language(),
        segments=parts.by_segment(issue),
        domains=parts.by_domain(),
        links=link_rows(issue, links, each[mailing.pk].by_link),
        came_back=back_rows(each[mailing.pk].returns),
        reports=figures.reports(mailing),
        views=web_views(issue),
        followed=registrations(mailing, links),
        compared=compared(issue, beside, each),
    )


class Parts:
    """The copies by place, folded together as each table needs it."""

    def __init__(self, mailing: Mailing, sums: Summed) -> None:
        self.sums = sums
        self.left = folded(left_by(mailing), {place.domain for place, _state in sums.copies} - {""})
        self.variants = figures.variants(mailing)

    def total(self) -> Sums:
        return next(iter(self._by(lambda place: "").values()), Sums(""))

    def by_language(self) -> list[Sums]:
        found = self._by(lambda place: self._variant(place)[0])
        return [_named(found[code], ENDONYMS[code]) for code in CODES if code in found]

    def by_segment(self, issue: IssuePage) -> list[Sums]:
        """None where everybody got the same."""
        found = self._by(lambda place: self._variant(place)[1])
        words = _segment_words(issue) if set(found) - {""} else {}
        return [_named(found[key], _segment_name(key, words)) for key in sorted(found)] if words else []

    def by_domain(self) -> list[Sums]:
        """Those with the most copies; the rest, and erased addresses, are one row at the end."""
        found = self._by(lambda place: place.domain)
        rest = found.pop("", None)
        rows = sorted(found.values(), key=lambda row: (-row.copies, row.name))
        return [*rows, _named(rest, _("All other domains"))] if rest else rows

    def _variant(self, place: Place) -> tuple[str, str]:
        return self.variants.get(place.variant, ("", ""))

    def _by(self, key: Callable[[Place], str]) -> dict[str, Sums]:
        found: dict[str, Sums] = {}

        def add(place: Place, name: str, number: int) -> None:
            row = found.setdefault(key(place), Sums(key(place)))
            setattr(row, name, getattr(row, name) + number)

        for (place, state), number in self.sums.copies.items():
            add(place, "copies", number)
            if state == State.SENT:
                add(place, "sent", number)
        for back in self.sums.returns:
            add(back.place, "came_back", back.number if back.was_sent else 0)
        for name, counts in (("clicked", self.sums.clickers), ("left", self.left)):
            for place, number in counts.items():
                add(place, name, number)
        return found


def _named(row: Sums, name: str) -> Sums:
    row.name = name
    return row


def _segment_words(issue: IssuePage) -> dict[str, str]:
    """By letter, as the issue stands now."""
    audiences = segments.audiences_of(versions(issue).values())
    return {segments.letter(audiences, audience): audience.words(issue.theme_id) for audience in audiences} or {"": ""}


def _segment_name(segment: str, words: dict[str, str]) -> str:
    return " + ".join(words.get(letter) or _("part %(letter)s") % {"letter": letter} for letter in segment) or _("What everybody gets alone")


def left_by(mailing: Mailing) -> dict[Place, int]:
    """Readers who left by a copy of it, and have not come back."""
    rows = Subscription.objects.filter(ended_by__mailing=mailing, state=Subscription.State.ENDED).order_by()
    counted = rows.values_list("ended_by__variant", "ended_by__domain").annotate(number=Count("person", distinct=True))
    return {figures.Place(variant or 0, domain): number for variant, domain, number in counted}


def link_rows(issue: IssuePage, links: Iterable[Link], clicks: dict[int, LinkClicks]) -> list[LinkRow]:
    """Most people first."""
    links = list(links)
    titles = _titles({link.item_key for link in links if link.item_key}, issue.locale_id)
    none = figures.LinkClicks(0, {})
    found = [(link, clicks.get(link.pk, none)) for link in links]
    rows = [LinkRow(link.url, titles.get(link.item_key, "") if link.item_key else "", it.people, sorted(it.by_rule.items())) for link, it in found]
    return sorted(rows, key=lambda row: -row.people)


def _titles(keys: set[UUID], locale: int) -> dict[UUID, str]:
    """In the issue's own language where there is one."""
    rows = Page.objects.filter(translation_key__in=keys).values_list("translation_key", "title", "locale") if keys else []
    found: dict[UUID, str] = {}
    for key, title, spoken in rows:
        if spoken == locale or key not in found:
            found[key] = title
    return found


def back_rows(found: Iterable[CameBack]) -> list[BackRow]:
    words = {
        figures.HARD: _("Hard: the address does not exist or takes no mail"),
        figures.SOFT: _("Soft: a passing hindrance, such as a full mailbox"),
        figures.ABOUT_US: _("About us: blocked, taken for spam, or too large"),
    }
    counts: Counter[tuple[int, bool]] = Counter()
    for row in found:
        counts[row.kind, row.was_sent] += row.number
    return [BackRow(label, counts[kind, False], counts[kind, True]) for kind, label in words.items()]


def web_views(issue: IssuePage) -> dict[str, int]:
    """Of the issue's page, by language."""
    rows = Tally.objects.filter(outreach__item_key=issue.translation_key, kind=Tally.Kind.VIEW).order_by()
    counts = dict(rows.values_list("language").annotate(number=Sum("count")))
    return {ENDONYMS[code]: counts[code] for code in CODES if code in counts}


def registrations(mailing: Mailing, links: Iterable[Link]) -> list[Followed]:
    """Registered for an event after a person followed its link in this issue, within `FOLLOWS_WITHIN`. Followed is not caused."""
    keys = {link.item_key for link in links if link.item_key}
    since = ExpressionWrapper(OuterRef("at") - FOLLOWS_WITHIN, output_field=DateTimeField())
    before = Click.objects.filter(
        link__mailing=mailing, link__item_key=OuterRef("outreach__item_key"), delivery__recipient_key=OuterRef("person__key"),
        is_human=True, at__lte=OuterRef("at"), at__gte=since,
    )  # fmt: skip
    rows = Touch.objects.filter(kind=Touch.Kind.REGISTERED, outreach__item_key__in=keys, at__gte=mailing.frozen_at).filter(Exists(before))
    counted = rows.order_by().values_list("outreach__title").annotate(number=Count("person", distinct=True))
    return [Followed(title, number) for title, number in sorted(counted, key=lambda row: (-row[1], row[0]))]


def _beside(issue: IssuePage) -> list[IssuePage]:
    """The newsletter's last issues and this one, the newest first."""
    sent = IssuePage.objects.sibling_of(issue, inclusive=True).filter(mailing__isnull=False).select_related("mailing")
    rows = list(sent.order_by("-mailing__frozen_at")[:MOST_ISSUES])
    return rows if issue.pk in {row.pk for row in rows} else [*rows, issue]


def compared(issue: IssuePage, beside: list[IssuePage], each: dict[int, Summed]) -> list[Compared]:
    left = _left_by_each([row.mailing for row in beside if row.mailing])
    found = []
    for row in beside:
        assert row.mailing is not None  # noqa: S101 — for mypy: only those were asked for
        it = each[row.mailing.pk]
        sums = Sums("", it.balance.frozen, it.balance.sent, it.came_back, it.clicked, left.get(row.mailing.pk, 0))
        found.append(Compared(row, sums, row.pk == issue.pk))
    return found


def _left_by_each(mailings: list[Mailing]) -> dict[int, int]:
    with everywhere():
        rows = Subscription.objects.filter(ended_by__mailing__in=mailings, state=Subscription.State.ENDED).order_by()
        return dict(rows.values_list("ended_by__mailing").annotate(number=Count("person", distinct=True)))
