"""What the networks have in common: what is sent and what comes of it, and a wire that neither waits without end nor tells a secret.

What becomes of a request is one of few kinds (`Kind`), and the engine knows no others. The one that matters is UNKNOWN: the network may have
made the post.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit, urlunsplit

import requests
from django.conf import settings
from django.utils import timezone
from requests.adapters import HTTPAdapter

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

Credentials = dict[str, Any]
LONGEST_ANSWER = 4 * 1024 * 1024
LONGEST_WORDS = 300


class Kind(StrEnum):
    """Why nothing came of a request, or nothing certain."""

    TOKEN = "token"  # noqa: S105 — the name of a kind
    LIMIT = "limit"
    MEND = "mend"
    GONE = "gone"
    LATER = "later"
    UNKNOWN = "unknown"


class Problem(Exception):
    """`until` is when the network's limit ends, as it says so; None where it does not. `words` hold no secret."""

    def __init__(self, kind: Kind, words: str = "", *, status: int = 0, until: datetime | None = None) -> None:
        super().__init__(words)
        self.kind, self.words, self.status, self.until = kind, words, status, until


@dataclass(frozen=True)
class Picture:
    content: bytes
    mime: str
    alt: str
    width: int
    height: int


@dataclass(frozen=True)
class Item:
    """One post of a thread, or all there is. `key` is the same at each attempt; `reply` is what the post before it left in `Sent.reply`."""

    text: str
    language: str
    key: str
    at: datetime
    link: str = ""
    title: str = ""
    lead: str = ""
    picture: Picture | None = None
    reply: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Sent:
    """A post that is there. `reply` is what the next one of a thread needs of it."""

    id: str
    url: str
    reply: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Profile:
    id: str
    handle: str
    followers: int | None
    token_ends: datetime | None = None
    limits: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Figures:
    """Sums since the post was made. None: the network does not give it."""

    impressions: int | None
    likes: int
    reposts: int
    replies: int


class Network(ABC):
    """`repeats_for`: so long after the first attempt the same key makes no second post; None where a repeat is never safe."""

    repeats_for: ClassVar[timedelta | None] = None
    # Asked about at once.
    most_asked: ClassVar[int] = 20

    def __init__(self, credentials: Credentials, server: str = "", keep: Callable[[Credentials], None] | None = None) -> None:
        self.credentials, self.server = credentials, server
        self._keep = keep or (lambda _credentials: None)

    def renewed(self, **changed: Any) -> None:
        self.credentials = self.credentials | changed
        self._keep(self.credentials)

    @abstractmethod
    def publish(self, item: Item) -> Sent:
        """Raises Problem. Whatever comes before the post itself, such as its picture, never ends as UNKNOWN."""

    @abstractmethod
    def find(self, item: Item, since: datetime, known: Collection[str]) -> Sent | None:
        """A post of this text among the account's own since then, which is none of the `known`. Raises Problem."""

    @abstractmethod
    def there(self, ids: Collection[str]) -> set[str]:
        """Which of the posts the network shows."""

    @abstractmethod
    def figures(self, ids: Collection[str]) -> dict[str, Figures]:
        """By the post's id; those that the network does not show are missing."""

    @abstractmethod
    def profile(self) -> Profile:
        """Of the account itself. Raises Problem."""

    @abstractmethod
    def close(self) -> None:
        """Connections end."""

    def clean(self, words: object) -> str:
        """Without what is secret of the account, however it came into an answer."""
        text = " ".join(str(words).split())
        for secret in _texts(self.credentials):
            text = text.replace(secret, "…")
        return text[:LONGEST_WORDS]


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for one in value.values() for text in _texts(one)]
    return [value] if isinstance(value, str) and len(value) > 5 else []


def before_the_post(problem: Problem) -> Problem:
    """Of what prepares a post: it has made none."""
    return Problem(Kind.LATER, problem.words, status=problem.status) if problem.kind is Kind.UNKNOWN else problem


def kind_of(status: int) -> Kind:
    """A 503 says that the server did not take the request; other errors of a server leave open what it did."""
    by_status = {
        401: Kind.TOKEN,
        403: Kind.MEND,
        404: Kind.GONE,
        408: Kind.UNKNOWN,
        410: Kind.GONE,
        426: Kind.LATER,
        429: Kind.LIMIT,
        503: Kind.LATER,
    }
    if status in by_status:
        return by_status[status]
    return Kind.UNKNOWN if status >= 500 else Kind.MEND


def reset_of(headers: Mapping[str, str]) -> datetime | None:
    """When the limit ends, however the network says it: in seconds from now, as a time of the clock, or as seconds since 1970. Never in the past."""
    lower = {name.lower(): value for name, value in headers.items()}
    now = timezone.now()
    after = lower.get("retry-after", "")
    if after.isdecimal():
        return now + timedelta(seconds=min(int(after), 86400))
    for name in ("x-rate-limit-reset", "x-ratelimit-reset", "ratelimit-reset"):
        value = lower.get(name, "")
        try:
            at = datetime.fromtimestamp(int(value), UTC) if value.isdecimal() else datetime.fromisoformat(value)
        except (ValueError, OverflowError, OSError):
            continue
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        # A network whose clock is behind ours would have us come back at once, one that is ahead never.
        return min(max(at, now + timedelta(seconds=1)), now + timedelta(days=1))
    return None


class Wire(HTTPAdapter):
    """For `requests`: no request without a limit of time, none goes on to another address, and the base address is the one of the settings.

    What the libraries ask of the real host is asked of `base`, where that is another: in the tests alone.
    """

    def __init__(self, base: str = "") -> None:
        super().__init__()
        self.base = urlsplit(base)

    def send(self, request: Any, stream: bool = False, timeout: Any = None, *rest: Any, **more: Any) -> requests.Response:
        if self.base.netloc:
            parts = urlsplit(request.url)
            request.url = urlunsplit((self.base.scheme, self.base.netloc, parts.path, parts.query, ""))
        limit = settings.SOCIAL_TIMEOUT
        ends = time.monotonic() + 3 * limit
        response = super().send(request, True, (limit, limit), *rest, **more)
        content = bytearray()
        for piece in response.iter_content(1024):
            content += piece
            # A body that comes byte by byte keeps within the limit between two bytes for ever.
            if time.monotonic() > ends or len(content) > LONGEST_ANSWER:
                response.close()
                raise requests.ReadTimeout("The answer did not end in time.", request=request)
        response._content, response._content_consumed = bytes(content), True
        return response


def session_for(host: str, base: str) -> requests.Session:
    """A session in which requests to `host` go over the wire."""
    session = requests.Session()
    session.mount("https://", Wire())
    session.mount("http://", Wire())
    session.mount(host, Wire(base))
    session.max_redirects = 0
    session.trust_env = False
    return session


def from_requests(error: BaseException) -> Kind:
    """What a broken connection leaves open: nothing where there never was one."""
    is_unsent = isinstance(error, requests.exceptions.ConnectTimeout | requests.exceptions.SSLError | requests.exceptions.InvalidURL)
    reason = getattr(error.args[0], "reason", None) if error.args else None
    # urllib3 wraps what happened when it wanted to connect.
    is_unsent = is_unsent or type(reason).__name__ in {"NewConnectionError", "ConnectTimeoutError", "NameResolutionError", "SSLError"}
    return Kind.LATER if is_unsent else Kind.UNKNOWN
