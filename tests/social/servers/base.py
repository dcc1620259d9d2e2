"""What the four servers have in common: faults by script or by seed, and a log of what was accepted, which the ledger is compared with."""

from __future__ import annotations

import json
import random
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable


class Fault(StrEnum):
    """What becomes of the next request that would make a post."""

    NONE = "200"
    LOSE = "200, and lost"
    BAD = "400"
    TOKEN = "401"
    FORBIDDEN = "403"
    LIMIT = "429"
    LIMIT_UNTIL = "429 with its reset"
    ERROR = "500"
    ERROR_KEPT = "500, and kept"
    BUSY = "503"
    HANG_BEFORE = "no answer, not accepted"
    HANG_AFTER = "no answer, accepted"
    SLOW = "a body that comes byte by byte"


# Of what a network does by itself: a token is not refused at random.
PASSING = (Fault.LIMIT_UNTIL, Fault.LIMIT, Fault.ERROR, Fault.ERROR_KEPT, Fault.BUSY, Fault.HANG_BEFORE, Fault.HANG_AFTER, Fault.LOSE)


@dataclass
class Asked:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body or b"{}")

    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


@dataclass
class Answer:
    status: int = 200
    content: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    slow: bool = False


@dataclass
class Post:
    """What a server holds. `text` is as it came."""

    id: str
    text: str
    at: datetime
    facts: dict[str, Any] = field(default_factory=dict)
    figures: dict[str, int] = field(default_factory=dict)


class Network:
    """A network of one account. `accepted` holds whatever was ever posted, `lost` what was answered with 200 and thrown away."""

    reset_headers: dict[str, str] = {}

    def __init__(self) -> None:
        self.posts: dict[str, Post] = {}
        self.accepted: list[Post] = []
        self.lost: list[Post] = []
        self.pictures: dict[str, dict[str, Any]] = {}
        self.requests: list[Asked] = []
        self.script: deque[Fault] = deque()
        self.given: Counter[Fault] = Counter()
        self.chance: random.Random | None = None
        self.rate = 0.0
        self.passing: tuple[Fault, ...] = PASSING
        self.hang = 1.0
        # How far the network's clock is off.
        self.skew = 0.0
        self.followers = 100
        self.lock = Lock()
        # A network makes one post of a key, also of two requests at once.
        self.one_by_one = Lock()
        self.number = 1000
        self.revoked = False

    def play(self, *faults: Fault) -> None:
        self.script.extend(faults)

    def fail(self, rate: float, *, seed: int, faults: Iterable[Fault] = PASSING) -> None:
        """So much of the requests that make posts, at random."""
        self.rate, self.chance, self.passing = rate, random.Random(seed), tuple(faults)

    def next_fault(self) -> Fault:
        with self.lock:
            fault = Fault.NONE
            if self.script:
                fault = self.script.popleft()
            elif self.chance and self.chance.random() < self.rate:
                fault = self.chance.choice(self.passing)
            self.given[fault] += 1
            return fault

    def next_number(self) -> int:
        with self.lock:
            self.number += 1
            return self.number

    def now(self) -> datetime:
        return datetime.fromtimestamp(time.time() + self.skew, UTC)

    def keep(self, text: str, *, id: str = "", **facts: Any) -> Post:
        post = Post(id or str(self.next_number()), text, self.now(), facts)
        with self.lock:
            self.posts[post.id] = post
            self.accepted.append(post)
        return post

    def making(self, make: Any, show: Any) -> Answer | None:
        """`make()` accepts the post, `show(post)` is the answer to it. None: the connection ends without an answer."""
        fault = self.next_fault()
        match fault:
            case Fault.NONE:
                return show(make())
            case Fault.SLOW:
                answer = show(make())
                answer.slow = True
                return answer
            case Fault.LOSE:
                answer = show(post := make())
                with self.lock:
                    self.posts.pop(post.id, None)
                    self.accepted.remove(post)
                    self.lost.append(post)
                return answer
            case Fault.ERROR_KEPT:
                make()
                return self.problem(500)
            case Fault.HANG_AFTER:
                make()
                time.sleep(self.hang)
                return None
            case Fault.HANG_BEFORE:
                time.sleep(self.hang)
                return None
            case Fault.LIMIT_UNTIL:
                answer = self.problem(429)
                answer.headers |= self.until(1)
                return answer
        return self.problem(int(fault.value[:3]))

    def until(self, seconds: int) -> dict[str, str]:
        """The headers by which the network says when its limit ends."""
        raise NotImplementedError

    def problem(self, status: int) -> Answer:
        raise NotImplementedError

    def answer(self, asked: Asked) -> Answer | None:
        raise NotImplementedError

    def texts(self) -> Counter[str]:
        """How often each text was accepted, ever."""
        return Counter(post.text for post in self.accepted)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body leave in one piece: else a client on the same machine waits 40 ms for each answer.
    wbufsize = -1
    disable_nagle_algorithm = True
    server: Server

    def handle_any(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        asked = Asked(self.command, parts.path, query, {name.lower(): value for name, value in self.headers.items()}, body)
        network = self.server.network
        network.requests.append(asked)
        answer = network.answer(asked)
        if answer is None:
            self.close_connection = True
            return
        content = b"" if answer.content is None else json.dumps(answer.content).encode()
        self.send_response(answer.status)
        for name, value in ({"Content-Type": "application/json; charset=utf-8"} | answer.headers).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        try:
            for piece in [content[at : at + 1] for at in range(len(content))] if answer.slow else [content]:
                self.wfile.write(piece)
                self.wfile.flush()
                if answer.slow:
                    time.sleep(0.1)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    do_GET = do_POST = do_PUT = handle_any  # noqa: N815 — the names that http.server calls

    def log_message(self, format: str, *args: Any) -> None:
        """Silence: what was accepted is in the log of the network."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, network: Network) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.network = network
        Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that was killed hangs up in the middle."""

    def stop(self) -> None:
        self.shutdown()
        self.server_close()
