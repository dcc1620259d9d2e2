"""What came of an issue; `result_tables` says what each figure is. Opens are never shown: a mail program that fetches pictures is no reader.

What takes a look at every copy is kept for an hour: of copies by the sums of their states, of clicks and of what came back by their number and
the last one. These are asked at every look, and where they differ it is counted anew.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.db.models import Count, DateTimeField, Exists, ExpressionWrapper, OuterRef, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from base.bounds import everywhere
from base.languages import CODES
from base.pages import ENDONYMS
from contacts.models import Tally, Touch
from mail import figures
from mail.balance import balance
from mail.models import Click, Delivery, Link
from newsletters import segments
from newsletters.making import versions
from newsletters.models import IssuePage, Subscription

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from uuid import UUID

    from mail.balance import Balance
    from mail.figures import CameBack, LinkClicks, Place
    from mail.models import Mailing

MOST_DOMAINS = 20
MOST_ISSUES = 12
FOLLOWS_WITHIN = timedelta(days=14)
KEPT = 3600
# After so long the comparison takes an issue's sums from what is kept.
AT_REST = timedelta(days=1)
State = Delivery.State
Rows = dict[tuple["Place", str], int]


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
    sums = balance(mailing)
    parts = Parts(mailing, sums)
    links = list(Link.objects.filter(mailing=mailing).order_by("pk"))
    return Results(
        issue=issue,
        balance=sums,
        total=parts.total(),
        languages=parts.by_language(),
        segments=parts.by_segment(issue),
        domains=parts.by_domain(),
        links=link_rows(issue, links, parts.clicks),
        came_back=back_rows(parts.back),
        reports=figures.reports(mailing),
        views=web_views(issue),
        followed=registrations(mailing, links),
        compared=compared(issue, parts.total()),
    )


class Parts:
    """The copies by place, folded together as each table needs it."""

    def __init__(self, mailing: Mailing, sums: Balance) -> None:
        self.copies = _copies(mailing, sums)
        self.top = {place.domain for place, _state in self.copies} - {""}
        self.back = _came_back(mailing, sums, self.top)
        self.clicks, self.clicked = _clicks(mailing, self.top)
        self.left = _folded(left_by(mailing), self.top)
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

        for (place, state), number in self.copies.items():
            add(place, "copies", number)
            if state == State.SENT:
                add(place, "sent", number)
        for back in self.back:
            add(back.place, "came_back", back.number if back.was_sent else 0)
        for name, counts in (("clicked", self.clicked), ("left", self.left)):
            for place, number in counts.items():
                add(place, name, number)
        return found


def _copies(mailing: Mailing, sums: Balance) -> Rows:
    """With the domains that have the most copies; others are ""."""
    key = f"newsletters.results:{mailing.key}:{mailing.frozen_at.timestamp()}:{sums}".replace(" ", "")
    kept: Rows | None = cache.get(key)
    if kept is None:
        every = figures.copies(mailing)
        sizes: Counter[str] = Counter()
        for (place, _state), number in every.items():
            sizes[place.domain] += number
        del sizes[""]
        top = {domain for domain, _number in sizes.most_common(MOST_DOMAINS)}
        kept = {}
        for (place, state), number in every.items():
            to = (_fold(place, top), state)
            kept[to] = kept.get(to, 0) + number
        cache.set(key, kept, KEPT)
    return kept


def _came_back(mailing: Mailing, sums: Balance, top: set[str]) -> list[CameBack]:
    number, last = figures.came_back_mark(mailing)
    mark = sha256(f"{sums}{sorted(top)}".encode()).hexdigest()
    key = f"newsletters.came_back:{mailing.key}:{mailing.frozen_at.timestamp()}:{number}:{last}:{mark}"
    kept: list[CameBack] | None = cache.get(key)
    if kept is None:
        kept = [row._replace(place=_fold(row.place, top)) for row in figures.came_back(mailing)]
        cache.set(key, kept, KEPT)
    return kept


def _clicks(mailing: Mailing, top: set[str]) -> tuple[dict[int, LinkClicks], dict[Place, int]]:
    """By link, and by place of copy."""
    number, last = figures.clicks_mark(mailing)
    key = f"newsletters.clicks:{mailing.key}:{mailing.frozen_at.timestamp()}:{number}:{last}:{sha256(str(sorted(top)).encode()).hexdigest()}"
    kept: tuple[dict[int, LinkClicks], dict[Place, int]] | None = cache.get(key)
    if kept is None:
        kept = figures.clicks(mailing), _folded(figures.clickers(mailing), top)
        cache.set(key, kept, KEPT)
    return kept


def _fold(place: Place, top: set[str]) -> Place:
    return place if place.domain in top else place._replace(domain="")


def _folded(counts: dict[Place, int], top: set[str]) -> dict[Place, int]:
    found: Counter[Place] = Counter()
    for place, number in counts.items():
        found[_fold(place, top)] += number
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


def compared(issue: IssuePage, own: Sums) -> list[Compared]:
    """The newsletter's last issues and this one, the newest first. `own` are the issue's sums."""
    sent = IssuePage.objects.sibling_of(issue, inclusive=True).filter(mailing__isnull=False).select_related("mailing")
    rows = list(sent.order_by("-mailing__frozen_at")[:MOST_ISSUES])
    if issue.pk not in {row.pk for row in rows}:
        rows.append(issue)
    found = _sums([row.mailing for row in rows if row.mailing and row.pk != issue.pk])
    return [Compared(row, own if row.pk == issue.pk else found[row.mailing_id or 0], row.pk == issue.pk) for row in rows]


def _sums(mailings: list[Mailing]) -> dict[int, Sums]:
    now = timezone.now()
    long_done = [(it, it.finished_at) for it in mailings if it.finished_at and it.finished_at < now - AT_REST]
    at_rest = {it.pk: f"newsletters.compared:{it.key}:{at.timestamp()}" for it, at in long_done}
    kept = cache.get_many(at_rest.values())
    found: dict[int, Sums] = {pk: kept[key] for pk, key in at_rest.items() if key in kept}
    missing = [it for it in mailings if it.pk not in found]
    counted = figures.sums(missing)
    left = _left_by_each(missing)
    for it in missing:
        one = counted[it.pk]
        found[it.pk] = Sums("", it.frozen_count, one.sent, one.came_back, one.clicked, left.get(it.pk, 0))
    cache.set_many({at_rest[it.pk]: found[it.pk] for it in missing if it.pk in at_rest}, KEPT)
    return found


def _left_by_each(mailings: list[Mailing]) -> dict[int, int]:
    with everywhere():
        rows = Subscription.objects.filter(ended_by__mailing__in=mailings, state=Subscription.State.ENDED).order_by()
        return dict(rows.values_list("ended_by__mailing").annotate(number=Count("person", distinct=True)))
