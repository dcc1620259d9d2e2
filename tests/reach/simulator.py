"""A day of readers and machines of which the truth is known: who they are, what they ask with, and what an honest count would say.

It knows nothing of the rules: it makes requests as browsers and machines make them, and asks the real address with them. The same seed makes
the same day. `Truth` is what people did; what machines and people who asked for peace did is kept apart.
"""

from __future__ import annotations

import io
import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import time_machine

if TYPE_CHECKING:
    from collections.abc import Sequence
    from wsgiref.types import WSGIApplication

ORIGIN = "http://localhost"
PEOPLE = 900
INACTIVE = timedelta(minutes=30)
# Versions differ as they do in the wild: offices have few, telephones of one kind nearly one.
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{0}.0.0.0 Safari/537.36"
BROWSERS = [
    WINDOWS,
    WINDOWS + " Edg/{0}.0.0.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.{1} Safari/605.1.15",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_{1} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.{1} Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{0}.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:{0}.0) Gecko/20100101 Firefox/{0}.0",
    "Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/26.{1} Chrome/122.0.0.0 Mobile Safari/537.36",
]
DECLARED = [
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/116.0 Safari/537.36",
    "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
]
HEADLESS = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/{0}.0.0.0 Safari/537.36"
SCRIPTS = ["python-requests/2.32.3", "curl/8.9.1", "Go-http-client/1.1", "", "okhttp/4.12.0", "Java/17.0.9", "axios/1.7.2"]
SPOKEN = {"fi": "fi-FI,fi;q=0.9,en;q=0.5", "sv": "sv-FI,sv;q=0.9,fi;q=0.6", "en": "en-GB,en;q=0.9"}
# Where people come from: the referrer's host, what the address says, and the group that it is.
WAYS = [
    ("", {}, "direct"),
    ("www.google.com", {}, "search"),
    ("duckduckgo.com", {}, "search"),
    ("www.linkedin.com", {}, "social"),
    ("mastodon.social", {}, "social"),
    ("www.example.fi", {}, "sites"),
    ("", {"medium": "email", "source": "uutiskirje", "campaign": "kevat-2026"}, "mail"),
    ("outlook.office.com", {"medium": "email", "campaign": "kevat-2026"}, "mail"),
    ("t.co", {"medium": "social", "source": "x", "campaign": "syysseminaari"}, "social"),
]


@dataclass(frozen=True)
class Place:
    """A page of the site."""

    number: int
    language: str


@dataclass(frozen=True)
class Ask:
    """One request of the day. `who` is "person", "peace" or the kind of machine."""

    at: datetime
    who: str
    address: str
    headers: dict[str, str]
    body: dict[str, str]


@dataclass
class Truth:
    """What people who let themselves be counted did."""

    views: Counter[int] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    campaigns: Counter[str] = field(default_factory=Counter)
    readers: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    visits: int = 0
    reads: int = 0

    @property
    def people(self) -> int:
        return len(set().union(*self.readers.values()))


@dataclass
class Day:
    asks: list[Ask] = field(default_factory=list)
    truth: Truth = field(default_factory=Truth)

    def of(self, *kinds: str) -> list[Ask]:
        return [ask for ask in self.asks if ask.who in kinds]

    @property
    def machines(self) -> list[Ask]:
        return [ask for ask in self.asks if ask.who not in ("person", "peace")]


def browser_headers(agent: str, language: str, **more: str) -> dict[str, str]:
    """What a browser sends along with `sendBeacon`."""
    usual = {"user-agent": agent, "accept": "*/*", "accept-language": SPOKEN[language], "origin": ORIGIN, "sec-fetch-site": "same-origin"}
    return usual | {"sec-fetch-mode": "no-cors", "sec-fetch-dest": "empty"} | more


class Simulator:
    """`places` are the site's pages, `midnight` the day's beginning."""

    def __init__(self, seed: int, places: Sequence[Place], midnight: datetime, people: int = PEOPLE) -> None:
        self.chance = random.Random(seed)
        self.places, self.midnight, self.people = list(places), midnight, people
        self.day = Day()

    def make(self) -> Day:
        for number in range(self.people):
            self.person(number)
        for machines in (self.declared, self.headless, self.scripted, self.prefetching, self.burst, self.hammering, self.silent):
            machines()
        self.day.asks.sort(key=lambda ask: ask.at)
        return self.day

    # ---- people
    def person(self, number: int) -> None:
        chance = self.chance
        language = chance.choices(("fi", "sv", "en"), (80, 12, 8))[0]
        agent = chance.choice(BROWSERS).format(chance.randint(128, 142), chance.randint(0, 6))
        address = self.address_of(number)
        wants_peace = chance.random() < 0.08
        more = {chance.choice(("dnt", "sec-gpc")): "1"} if wants_peace else {}
        headers = browser_headers(agent, language, **more)
        at = self.midnight + timedelta(hours=chance.triangular(5, 23, 9.5), seconds=chance.random() * 60)
        for _visit in range(chance.choices((1, 2, 3), (75, 18, 7))[0]):
            host, said, group = chance.choice(WAYS)
            self.visit(number, language, (address, headers, wants_peace), at, (host, said, group))
            last = self.day.asks[-1].at
            at = last + timedelta(minutes=chance.uniform(45, 120))
            if at > self.midnight + timedelta(hours=23, minutes=50):
                break

    def address_of(self, number: int) -> str:
        """Every fifth sits in one of a dozen offices behind one address; the others have their own."""
        if number % 5 == 0:
            return f"192.0.2.{number // 5 % 12 + 1}"
        return (
            f"10.{number // 65536}.{number // 256 % 256}.{number % 256}" if number % 3 else f"2001:db8:{number:x}::{self.chance.randint(1, 9999):x}"
        )

    def visit(
        self,
        number: int,
        language: str,
        who: tuple[str, dict[str, str], bool],
        at: datetime,
        way: tuple[str, dict[str, str], str],
    ) -> None:
        chance, (address, headers, wants_peace), (host, said, group) = self.chance, who, way
        truth = self.day.truth
        mine = [place for place in self.places if place.language == language]
        if not wants_peace:
            truth.visits += 1
        # The first page, some more of them, tabs opened at once, and a page loaded again.
        page = chance.choice(mine)
        for step in range(chance.choices((1, 2, 3, 5), (55, 25, 12, 8))[0]):
            is_again = step and chance.random() < 0.1
            page = page if is_again else chance.choice(mine)
            sent = {"page": str(page.number)} | ({"ref": host, **said} if step == 0 else {"ref": "localhost"})
            kind = "peace" if wants_peace else "person"
            self.day.asks.append(Ask(at, kind, address, headers, {name: value for name, value in sent.items() if value}))
            if not wants_peace:
                truth.views[page.number] += 1
                truth.languages[language] += 1
                truth.sources[group if step == 0 else "internal"] += 1
                truth.campaigns[said.get("campaign", "") if step == 0 else ""] += 1
                truth.readers[page.number].add(number)
            stays = chance.uniform(4, 180)
            if chance.random() < 0.8:
                depth = chance.choice((25, 50, 75, 100))
                body = {"page": str(page.number), "kind": "read", "depth": str(depth), "seconds": str(int(stays))}
                self.day.asks.append(Ask(at + timedelta(seconds=stays), kind, address, headers, body))
                truth.reads += not wants_peace
            at += timedelta(seconds=chance.uniform(0.5, 2) if chance.random() < 0.15 else stays + 1)

    # ---- machines
    def hit(self, who: str, at: datetime, address: str, headers: dict[str, str], page: Place | None = None) -> None:
        chosen = page or self.chance.choice(self.places)
        self.day.asks.append(Ask(at, who, address, headers, {"page": str(chosen.number)}))

    def some_time(self) -> datetime:
        return self.midnight + timedelta(seconds=self.chance.uniform(3600, 23 * 3600))

    def declared(self) -> None:
        for _number in range(1500):
            agent = self.chance.choice(DECLARED)
            self.hit("declared", self.some_time(), f"198.51.100.{self.chance.randint(1, 200)}", browser_headers(agent, "en"))

    def headless(self) -> None:
        for _number in range(600):
            agent = HEADLESS.format(self.chance.randint(120, 142))
            self.hit("headless", self.some_time(), f"198.18.0.{self.chance.randint(1, 60)}", browser_headers(agent, "en"))

    def scripted(self) -> None:
        """Libraries that say what they are, or nothing."""
        for _number in range(600):
            self.hit(
                "scripted", self.some_time(), f"198.18.1.{self.chance.randint(1, 60)}", {"user-agent": self.chance.choice(SCRIPTS), "accept": "*/*"}
            )

    def silent(self) -> None:
        """Scripts with a browser's name, and without what a browser sends beside it."""
        for number in range(600):
            agent = self.chance.choice(BROWSERS).format(self.chance.randint(100, 142), self.chance.randint(0, 6))
            headers = browser_headers(agent, "en")
            for name in (("origin", "sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest"), ("accept-language",))[number % 2]:
                del headers[name]
            self.hit("silent", self.some_time(), f"198.18.2.{self.chance.randint(1, 60)}", headers)

    def prefetching(self) -> None:
        for number in range(300):
            purpose = {"sec-purpose": ("prefetch", "prefetch;prerender")[number % 2]} if number % 3 else {"purpose": "prefetch"}
            headers = browser_headers(BROWSERS[0].format(140, 0), "fi", **purpose)
            self.hit("prefetch", self.some_time(), f"198.18.3.{self.chance.randint(1, 200)}", headers)

    def burst(self) -> None:
        """One network, with a browser's headers in full, all pages in a few seconds. Some change their name with each request."""
        for number in range(5):
            at, address = self.some_time(), f"203.0.113.{number + 1}"
            for _hit in range(400):
                version = self.chance.randint(90, 142) if number % 2 else 141
                at += timedelta(seconds=self.chance.uniform(0.01, 0.15))
                self.hit("burst", at, address, browser_headers(BROWSERS[0].format(version, 0), "en"))

    def hammering(self) -> None:
        """One page again and again, to make a figure of it."""
        for number in range(2):
            at, address, page = self.some_time(), f"203.0.113.{100 + number}", self.chance.choice(self.places)
            for _hit in range(1000):
                at += timedelta(seconds=self.chance.uniform(0.02, 0.3))
                self.hit("hammering", at, address, browser_headers(BROWSERS[1].format(141, 0), "fi"), page)


def live(day: Day, application: WSGIApplication) -> Counter[str]:
    """Asks the server's application with all of the day's requests, each at its time. Returns how often each status was answered."""
    answers: Counter[str] = Counter()
    with time_machine.travel(day.asks[0].at, tick=False) as clock:
        for ask in day.asks:
            clock.move_to(ask.at)
            b"".join(application(environ_of(ask), lambda status, _headers: answers.update([status])))  # type: ignore[arg-type]
    return answers


def environ_of(ask: Ask) -> dict[str, Any]:
    """As a WSGI server has it (PEP 3333)."""
    body = urlencode(ask.body).encode()
    environ: dict[str, Any] = {"REQUEST_METHOD": "POST", "PATH_INFO": "/reach/", "QUERY_STRING": "", "REMOTE_ADDR": ask.address}
    environ |= {"HTTP_HOST": "localhost", "CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(len(body))}
    environ |= {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in ask.headers.items()}
    return environ | {"wsgi.input": io.BytesIO(body), "wsgi.url_scheme": "http"}
