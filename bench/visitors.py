"""People who come to an event's page and register, each from an address of their own: the load of `bench.registrations`.

They come by a clock that waits for nobody (open loop, Poisson): who finds the product slow makes it no less busy. Each asks for the page, sends its
form as a browser would, takes the link out of the mail that was written for them, opens it, and presses its button.
"""

from __future__ import annotations

import asyncio
import gzip
import random
import re
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import psycopg

# As long as somebody waits for an answer, and for a mail.
PATIENCE, MAIL_PATIENCE = 30, 60
# How often the outbox is read for new mails.
LOOK = 0.05
FORM_TYPE = "application/x-www-form-urlencoded"
LINK = re.compile(rb"https?://[^\s\"<>]+/events/registration/[^\s/\"<>]+/(?=[\s\"<>])")
HIDDEN = re.compile(rb'<input type="hidden" name="([\w-]+)"(?: value="([^"]*)")?')


@dataclass
class Told:
    """Seconds of each request by its name, what went wrong, and when each seat was confirmed."""

    taken: dict[str, list[float]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    confirmed: list[float] = field(default_factory=list)
    began: float = 0.0


class Browser:
    """One person's connection. `address` is of 127.0.0.0/8; a proxy would say so in X-Forwarded-For."""

    def __init__(self, url: str, headers: dict[str, str], address: str, told: Told) -> None:
        parts = urlsplit(url)
        self.host, self.port, self.told, self.address = str(parts.hostname), int(parts.port or 80), told, address
        self.head = "".join(f"{name}: {value}\r\n" for name, value in {**headers, "Accept-Encoding": "gzip", "X-Forwarded-For": address}.items())
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, name: str, path: str, form: dict[str, str] | None = None, *, since: float = 0.0) -> bytes:
        """The answer's body. `since` is when the person wanted it, where that was before now."""
        before = since or time.perf_counter()
        body = urlencode(form).encode() if form is not None else b""
        verb = "GET" if form is None else "POST"
        more = f"Content-Type: {FORM_TYPE}\r\nContent-Length: {len(body)}\r\n" if form is not None else ""
        async with asyncio.timeout(PATIENCE):
            if self.streams is None:
                self.streams = await asyncio.open_connection(self.host, self.port, local_addr=(self.address, 0))
            reader, writer = self.streams
            writer.write(f"{verb} {path} HTTP/1.1\r\n{self.head}{more}\r\n".encode() + body)
            status, content = await answer(reader)
        self.told.taken.setdefault(name, []).append(time.perf_counter() - before)
        if status != 200:
            raise ConnectionError(f"{name}: {status}")
        return content

    def close(self) -> None:
        if self.streams:
            self.streams[1].close()


async def answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
    if "content-length" in fields:
        body = await reader.readexactly(int(fields["content-length"]))
    else:
        body = b""
        while size := int(await reader.readline(), 16):
            body += (await reader.readexactly(size + 2))[:-2]
        await reader.readline()
    return int(head.split(" ", 2)[1]), gzip.decompress(body) if fields.get("content-encoding") == "gzip" else body


class Outbox:
    """The mails that the product has written, by whom they go to: read as they stand in its database."""

    def __init__(self, database: str) -> None:
        self.database, self.links, self.last = database, dict[str, asyncio.Future[str]](), 0

    def link_for(self, email: str) -> asyncio.Future[str]:
        return self.links.setdefault(email, asyncio.get_running_loop().create_future())

    async def read(self) -> None:
        connection = await psycopg.AsyncConnection.connect(self.database, autocommit=True)
        async with connection:
            while True:
                rows = await connection.execute("SELECT id, address, mime FROM mail_delivery WHERE id > %s ORDER BY id", [self.last])
                async for number, address, mime in rows:
                    self.last, found = number, self.link_for(address)
                    if not found.done() and (link := link_in(bytes(mime))):
                        found.set_result(link)
                await asyncio.sleep(LOOK)


def source(number: int) -> str:
    """Spread over 127.0.0.0/8, each in a network of its own."""
    return f"127.{1 + number // 250 % 250}.{number % 250}.{1 + number % 200}"


def form_in(page: bytes) -> tuple[str, dict[str, str]]:
    """Where the form of an event's page goes, and what it brings along by itself."""
    found = re.search(rb'<form[^>]*action="([^"#]*/register/)[^"]*"', page)
    if found is None:
        raise ConnectionError("the page has no form")
    form = page[found.start() : page.find(b"</form>", found.start())]
    return urlsplit(found[1].decode()).path, {name.decode(): value.decode() for name, value in HIDDEN.findall(form)}


def link_in(mail: bytes) -> str:
    """The address that confirms; "" in a mail that has none. Quoted-printable breaks long lines."""
    found = LINK.search(mail.replace(b"=\r\n", b""))
    return urlsplit(found[0].decode()).path if found else ""


def words_of(number: int) -> dict[str, str]:
    return {"first_name": "Aino", "last_name": f"Esimerkki {number}", "email": f"kavija{number}@mittaus.example.org", "language": "fi"}


async def person(number: int, url: str, page: str, headers: dict[str, str], outbox: Outbox, told: Told, came: float) -> None:
    browser, words = Browser(url, headers, source(number), told), words_of(number)
    try:
        action, hidden = form_in(await browser.ask("the page", page, since=came))
        await browser.ask("the form", action, hidden | words)
        link = await asyncio.wait_for(outbox.link_for(words["email"]), MAIL_PATIENCE)
        await browser.ask("the link", link)
        await browser.ask("its button", link, {})
        told.confirmed.append(time.perf_counter())
    except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError) as problem:
        told.wrong.append(f"{type(problem).__name__}: {problem}")
    finally:
        browser.close()


async def come(people: int, a_second: float, url: str, page: str, headers: dict[str, str], database: str, *, first: int = 0) -> Told:
    """All of them, numbered from the `first`, and who comes last is waited for."""
    told, outbox, chance = Told(), Outbox(database), random.Random(people)  # noqa: S311 — arrivals, not a secret
    reading = asyncio.create_task(outbox.read())
    told.began = due = time.perf_counter()
    tasks = []
    for number in range(first, first + people):
        due += chance.expovariate(a_second)
        if (wait := due - time.perf_counter()) > 0:
            await asyncio.sleep(wait)
        tasks.append(asyncio.create_task(person(number, url, page, headers, outbox, told, due)))
    await asyncio.gather(*tasks)
    reading.cancel()
    with suppress(asyncio.CancelledError):
        await reading
    return told


def percentile(values: list[float], share: int) -> float:
    return sorted(values)[min(len(values) - 1, len(values) * share // 100)]


def figures(told: Told) -> dict[str, Any]:
    """Rates are of confirmed seats, from the first arrival to the last seat."""
    every = [one for values in told.taken.values() for one in values]
    rate = len(told.confirmed) / (max(told.confirmed) - told.began) if told.confirmed else 0.0
    return {
        "confirmed": len(told.confirmed), "a_second": rate, "p95": percentile(every, 95) if every else 0.0,
        "p95_by_request": {name: percentile(values, 95) for name, values in told.taken.items()},
        "wrong": len(told.wrong), "first_wrong": told.wrong[:3],
    }  # fmt: skip
