"""The demo's newsletters: who subscribed when, the issues that were sent, and what their readers followed."""

from __future__ import annotations

import random
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.html import format_html

from contacts.models import Person
from desk.demo.content import read, words
from desk.demo.plan import by_code, by_key
from desk.opening import publish, translate
from events.models import EventPage
from mail import clicks
from mail.models import Delivery, Link
from newsletters import subscriptions
from newsletters.issues import send_issue
from newsletters.models import IssuePage, Newsletter, NewsletterPage, Subscription
from newsletters.recipients import NotSendable
from pages.models import PracticePage, ResultPage, StoryPage
from themes.models import Goal, Scope, SubTheme, TargetGroup, Theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from wagtail.models import Page

    Act = tuple[float, Callable[[], Any]]

OPENED = 305
CONFIRMED_HOW = "double opt-in: link in the mail, button on the page"
READER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SCANNER = "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)"
LANGUAGES, SHARES = ("fi", "sv", "en"), (78, 14, 8)
# Of every hundred: those who never confirm, those who leave again, those who follow a link of an issue, and mail scanners.
NEVER_CONFIRM, LEAVE, FOLLOW, SCAN = 6, 5, 30, 4
# Every so many readers have an address that stops taking mail: for good, or because the mailbox is full (`mail.transports.ANSWERS`).
# With the days before today since when.
EVERY, MOVED = 25, {0: ("gone.example.org", 60), 12: ("full.example.org", 80)}


def open_newsletters(theme: Theme, home: Page) -> dict[str, NewsletterPage]:
    content, found = read("newsletters"), {}
    for row in content["newsletters"]:
        texts = words("name", row["name"]) | words("description", row["description"]) | words("consent", row["consent"])
        plain = {name: row[name] for name in ("key", "scope", "consent_version")}
        newsletter = Newsletter.objects.create(theme=theme, from_email=content["sender"], **texts, **plain)
        pages = {code: {"title": row["name"][code], "slug": row["slug"][code], "lead": row["description"][code]} for code in LANGUAGES}
        page = NewsletterPage(newsletter=newsletter, show_in_menus=row["scope"] == Scope.EXTERNAL, **pages["fi"])
        found[row["key"]] = publish(page, home, {"goals": goals_of(theme, row)})
        translate(page, pages)
    return found


def letter_acts(theme: Theme, home: Page, register: list[Person], *, subscribers: int, seed: int) -> list[Act]:
    """(days before today, what to do then). The external newsletter ends with that many confirmed subscribers."""
    letters: dict[str, NewsletterPage] = {}
    plan: list[Act] = [(OPENED, lambda: letters.update(open_newsletters(theme, home)))]
    issues = read("newsletters")["issues"]
    first = {key: max(row["sent"] for row in issues if row["newsletter"] == key) for key in ("tyoelama", "verkosto")}
    chance = random.Random(f"subscribers:{seed}")  # noqa: S311 — a demo's dice, not a secret
    people = readers(theme, register, subscribers, chance)
    staying = len(people) - subscribers
    for count, reader in enumerate(people):
        # Most come before the first issue, the others one by one.
        asks = chance.randint(first["tyoelama"] + 1, OPENED - 1) if chance.random() < 0.55 else chance.randint(3, first["tyoelama"])
        fate = "stays" if count >= staying else chance.choices(["never_confirms", "leaves"], [NEVER_CONFIRM, LEAVE])[0]
        plan += reader_acts(letters, "tyoelama", reader, asks, fate, chance)
        if fate == "stays" and not reader["is_internal"] and count % EVERY in MOVED:
            domain, since = MOVED[count % EVERY]
            plan.append((min(asks - 2, since), partial(move, theme, reader["email"], domain)))
        if fate == "stays" and reader["is_internal"]:
            plan += reader_acts(letters, "verkosto", reader, chance.randint(first["verkosto"] + 1, OPENED - 1), "stays", chance)
    for row in issues:
        plan += issue_acts(theme, letters, row, seed)
    return plan


def readers(theme: Theme, register: list[Person], subscribers: int, chance: random.Random) -> list[dict[str, Any]]:
    """What each tells in the form: people of the register, and as many others as are needed, shuffled."""
    names, regions = read("names"), list(by_code().values())
    groups = list(TargetGroup.objects.filter(theme=theme, scope=Scope.EXTERNAL).order_by("pk"))
    known = [
        {"email": person.email, "language": person.language, "is_internal": bool(person.target_group and person.target_group.scope == Scope.INTERNAL)}
        for person in register
        if chance.random() < 0.7
    ]
    number = subscribers + subscribers * (NEVER_CONFIRM + LEAVE) // 100
    new = [
        {
            "email": f"lukija{count + 1}@example.org",
            "language": chance.choices(LANGUAGES, SHARES)[0],
            "first_name": chance.choice(names["first"]),
            "last_name": chance.choice(names["last"]),
            "region": chance.choice(regions),
            "target_group": chance.choice(groups),
            "is_internal": False,
        }
        for count in range(max(number - len(known), 0))
    ]
    found = [*known, *new][:number]
    chance.shuffle(found)
    choose_topics(theme, found)
    return found


def choose_topics(theme: Theme, readers: list[dict[str, Any]]) -> None:
    """A third want some sub-themes alone, every fifth one region."""
    chance = random.Random("topics")  # noqa: S311 — a demo's dice, not a secret
    topics, regions = list(SubTheme.objects.filter(theme=theme).order_by("pk")), list(by_code().values())
    for reader in readers:
        if topics and chance.random() < 0.35:
            reader["sub_themes"] = chance.sample(topics, min(chance.choice((1, 2)), len(topics)))
        if chance.random() < 0.2:
            reader["regions"] = [chance.choice(regions)]


def reader_acts(letters: dict[str, NewsletterPage], key: str, reader: dict[str, Any], asks: int, fate: str, chance: random.Random) -> list[Act]:
    answers = {name: value for name, value in reader.items() if name != "is_internal"}
    found: list[Subscription] = []

    def ask() -> None:
        found.append(subscriptions.ask_subscription(newsletter=letters[key].newsletter, **answers))

    plan: list[Act] = [(asks, ask)]
    if fate != "never_confirms":
        plan.append((asks - chance.random(), lambda: subscriptions.confirm_subscription(found[0], how=CONFIRMED_HOW)))
    if fate == "leaves":
        plan.append((chance.randint(1, asks - 1), lambda: subscriptions.end_subscription(found[0], how="link in the mail, button on the page")))
    return plan


def move(theme: Theme, email: str, domain: str) -> None:
    """Whoever does not tell that their address has changed is written to at the old one."""
    Person.objects.filter(theme=theme, email=email).update(email=f"{email.partition('@')[0]}@{domain}")


def issue_acts(theme: Theme, letters: dict[str, NewsletterPage], row: dict[str, Any], seed: int) -> list[Act]:
    issues: list[IssuePage] = []

    def send() -> None:
        issues.append(compose(theme, letters[row["newsletter"]], row))
        # With few subscribers a newsletter may have none yet: then its issue is published and waits.
        with suppress(NotSendable):
            send_issue(issues[0])

    # Most follow a link on the day itself, some hours later.
    days = {row["sent"] - 0.2: 0.6, row["sent"] - 1: 0.25, row["sent"] - 3: 0.15}
    follows = [(day, partial(follow, issues, share, f"clicks:{seed}:{row['key']}:{day}")) for day, share in days.items()]
    return [(row["sent"], send), *follows]


def compose(theme: Theme, letter: NewsletterPage, row: dict[str, Any]) -> IssuePage:
    """The newest pages of the site, then the events to come, then a last word."""
    coming, now = read("newsletters")["coming"], timezone.now()
    newest = [page for model in (StoryPage, ResultPage, PracticePage) for page in model.objects.live().filter(locale__language_code="fi")]
    newest = sorted(newest, key=lambda page: page.first_published_at, reverse=True)[: row["items"]]
    events = EventPage.objects.live().filter(locale__language_code="fi", starts_at__gt=now, scope=letter.newsletter.scope).order_by("starts_at")[:2]
    texts = {code: texts_of(row[code], coming[code]) for code in LANGUAGES}
    finnish = texts["fi"]
    body = [("item", page) for page in newest]
    body += [("heading", coming["fi"]), *(("item", page) for page in events)] if events else []
    body.append(("paragraph", format_html("<p>{}</p>", finnish["outro"])))
    page = IssuePage(title=finnish["title"], preview_text=finnish["preview_text"], lead=finnish["lead"], body=body)
    publish(page, letter, {"goals": goals_of(theme, row)})
    translate(page, texts)
    return page


def texts_of(row: dict[str, str], coming: str) -> dict[str, str]:
    return {"title": row["title"], "preview_text": row["preview"], "lead": row["intro"], "coming": coming, "outro": row["outro"]}


def follow(issues: list[IssuePage], share: float, seed: str) -> None:
    """Readers follow one or two links to the site's pages; scanners of mail servers follow some too, and are not counted."""
    chance = random.Random(seed)  # noqa: S311 — a demo's dice, not a secret
    mailing = IssuePage.objects.get(pk=issues[0].pk).mailing
    if mailing is None:
        return
    links = list(Link.objects.filter(mailing=mailing).exclude(item_key=None).exclude(item_key=issues[0].translation_key).order_by("pk"))
    for delivery in Delivery.objects.filter(mailing=mailing, state=Delivery.State.SENT).defer("mime").order_by("pk"):
        dice = chance.random() * 100
        agent = READER if dice < FOLLOW * share else SCANNER if dice < (FOLLOW + SCAN) * share else ""
        followed = chance.sample(links, min(len(links), 1 if chance.random() < 0.65 else 2)) if agent else []
        for link in followed:
            clicks.record(delivery, link, clicks.visit(agent, ""))


def goals_of(theme: Theme, row: dict[str, Any]) -> list[Goal]:
    goals = by_key(Goal, theme)
    return [goals[key] for key in row["goals"]]
