"""The page cache: a visitor's page comes from memory, without Django, until something that pages show has changed.

It stands in front of the application (`config.wsgi`). A page says how long it may be kept by the header `X-Page-Cache: SECONDS`
(see `base.pages.PublicPage.serve`). Every change raises a number that all processes of a machine see in one mapped file, and with
Redis all machines: whatever was rendered before is rendered again when it is asked for. An ETag is made from the bytes, so a page
that did not change keeps its own.
"""

from __future__ import annotations

import gzip
import hashlib
import mmap
import re
import struct
import time
from dataclasses import dataclass
from fcntl import LOCK_EX, LOCK_UN, flock
from threading import Event, Lock
from typing import TYPE_CHECKING, Any

import brotli

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    Headers = list[tuple[str, str]]

SECONDS_HEADER = "X-Page-Cache"
# What a page may be asked with. Anything else goes to the application, and is not kept: nobody fills the memory with made-up queries.
QUERY = re.compile(r"(page=\d{1,4}|view=week|view=month|when=past)?", re.ASCII)
READS = frozenset({"GET", "HEAD"})
PATH = re.compile(r"/(fi|sv|en)/")
MOST_BYTES = 64 * 1024 * 1024
BROTLI_QUALITY, GZIP_LEVEL = 5, 6
# Seconds that a visitor waits for another one's rendering of the same page.
PATIENCE = 5
NUMBER = struct.Struct("<Q")


class Generation:
    """A number in a file that every process of this machine has mapped: reading it costs no system call."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.file = path.open("a+b")
        flock(self.file, LOCK_EX)
        if path.stat().st_size < NUMBER.size:
            self.file.truncate(NUMBER.size)
        self.map = mmap.mmap(self.file.fileno(), NUMBER.size)
        flock(self.file, LOCK_UN)

    def value(self) -> int:
        number: int = NUMBER.unpack_from(self.map)[0]
        return number

    def bump(self) -> None:
        flock(self.file, LOCK_EX)
        NUMBER.pack_into(self.map, 0, self.value() + 1)
        flock(self.file, LOCK_UN)


@dataclass(frozen=True)
class Entry:
    """A page as it is sent: headers and bytes by encoding, made once. "" is the plain one."""

    status: str
    headers: dict[str, Headers]
    bodies: dict[str, bytes]
    etag: str
    generation: int
    until: float

    @property
    def size(self) -> int:
        return sum(map(len, self.bodies.values()))

    def answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        accepted = environ.get("HTTP_ACCEPT_ENCODING", "")
        encoding = "br" if "br" in accepted else "gzip" if "gzip" in accepted else ""
        if self.etag in environ.get("HTTP_IF_NONE_MATCH", ""):
            start_response("304 Not Modified", self.headers["304"])
            return []
        start_response(self.status, self.headers[encoding])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [self.bodies[encoding]]


class PageCache:
    """WSGI middleware. `session_cookie` names the cookie of who is signed in: they get their pages from the application."""

    def __init__(
        self, application: WSGIApplication, generation: Generation, *, session_cookie: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.application = application
        self.generation = generation
        self.session_cookie = f"{session_cookie}="
        self.clock = clock
        self.entries: dict[tuple[str, ...], Entry] = {}
        self.rendering: dict[tuple[str, ...], Event] = {}
        self.keeping = Lock()
        self.size = 0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        key = self._key(environ)
        entry = self._fresh(key)
        if entry and self._is_visitor(environ):
            return entry.answer(environ, start_response)
        if environ["REQUEST_METHOD"] == "GET" and self._may_keep(environ):
            return self._fill_once(key, environ, start_response)
        return self.application(environ, start_response)

    def _fresh(self, key: tuple[str, ...]) -> Entry | None:
        entry = self.entries.get(key)
        return entry if entry and entry.generation == self.generation.value() and self.clock() < entry.until else None

    def _key(self, environ: WSGIEnvironment) -> tuple[str, ...]:
        get = environ.get
        return get("PATH_INFO", ""), get("QUERY_STRING", ""), get("HTTP_HOST", ""), get("HTTP_X_FORWARDED_PROTO", ""), environ["wsgi.url_scheme"]

    def _is_visitor(self, environ: WSGIEnvironment) -> bool:
        """Whether a page that is kept may answer."""
        is_read = environ["REQUEST_METHOD"] in READS
        return is_read and self.session_cookie not in environ.get("HTTP_COOKIE", "") and "HTTP_AUTHORIZATION" not in environ

    def _may_keep(self, environ: WSGIEnvironment) -> bool:
        is_page = PATH.match(environ.get("PATH_INFO", "")) and QUERY.fullmatch(environ.get("QUERY_STRING", ""))
        return bool(is_page) and self._is_visitor(environ)

    def _fill_once(self, key: tuple[str, ...], environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Many may ask for a page that has just grown old: one thread renders it, the others wait for that one, once. Then each is on its own."""
        mine = Event()
        first = self.rendering.setdefault(key, mine)
        if first is not mine:
            first.wait(PATIENCE)
            entry = self._fresh(key)
            return entry.answer(environ, start_response) if entry else self._fill(key, environ, start_response)
        try:
            return self._fill(key, environ, start_response)
        finally:
            del self.rendering[key]
            mine.set()

    def _fill(self, key: tuple[str, ...], environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        # Read before: a change in the middle of the rendering makes this page an old one.
        generation = self.generation.value()
        answered: list[Any] = []

        def catch(status: str, headers: Headers, *error: Any) -> Callable[[bytes], object]:
            answered[:] = [status, headers, *error]
            return lambda _written: None

        parts = self.application(environ, catch)
        try:
            body = b"".join(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        status, headers = answered[:2]
        named = {name.lower(): value for name, value in headers}
        seconds = named.get(SECONDS_HEADER.lower())
        if seconds is None or not status.startswith("200") or "set-cookie" in named:
            start_response(*answered)
            return [body]
        entry = self._entry(status, headers, body, generation, self.clock() + int(seconds))
        self._keep(key, entry)
        return entry.answer(environ, start_response)

    def _entry(self, status: str, headers: Headers, body: bytes, generation: int, until: float) -> Entry:
        ours = {SECONDS_HEADER.lower(), "content-length", "vary", "etag", "cache-control"}
        kept = [(name, value) for name, value in headers if name.lower() not in ours]
        etag = hashlib.blake2b(body, digest_size=16).hexdigest()
        kept += [("Vary", "Accept-Encoding"), ("Cache-Control", "public, max-age=0, must-revalidate"), ("ETag", f'W/"{etag}"')]
        bodies = {"": body, "gzip": gzip.compress(body, GZIP_LEVEL, mtime=0), "br": brotli.compress(body, quality=BROTLI_QUALITY)}
        sent = {name: [*kept, ("Content-Length", str(len(bytes_)))] for name, bytes_ in bodies.items()}
        for name in ("gzip", "br"):
            sent[name].append(("Content-Encoding", name))
        return Entry(status, sent | {"304": kept}, bodies, etag, generation, until)

    def _keep(self, key: tuple[str, ...], entry: Entry) -> None:
        """The oldest go first when the memory is full."""
        with self.keeping:
            if old := self.entries.pop(key, None):
                self.size -= old.size
            self.entries[key] = entry
            self.size += entry.size
            while self.size > MOST_BYTES:
                self.size -= self.entries.pop(next(iter(self.entries))).size
