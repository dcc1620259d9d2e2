"""What a process remembers of the last seconds and of this hour, to see what no reader does. Bounded, in memory, by keyed hashes alone.

Each web process judges what it has answered itself.
"""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from threading import Lock
from typing import NamedTuple

# Enough for an office that reads a page together, too little to make a figure.
RATE, HOUR = 60, 3600
MOST_KEPT = 100_000
# Within so many seconds, one network opens so many pages, or one reader the same page so often: nobody reads so fast. The rest of a burst
# comes within minutes.
WITHIN, MOST_ASKS, MOST_PAGES, MOST_AGAIN = 10, 30, 10, 20
MACHINE_FOR = 300
MOST_NETWORKS = 5_000


class Hourly:
    """How often something was asked in this hour of the clock."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.hour = 0
        self.counts: dict[bytes, int] = {}

    def is_over(self, key: bytes) -> bool:
        hour = int(time.time()) // HOUR
        with self.lock:
            if hour != self.hour or len(self.counts) >= MOST_KEPT:
                self.hour, self.counts = hour, {}
            found = self.counts[key] = self.counts.get(key, 0) + 1
        return found > RATE

    def forget(self) -> None:
        self.hour, self.counts = 0, {}


class Ask(NamedTuple):
    at: float
    page: int
    reader: bytes


class Burst(NamedTuple):
    """A machine's. `readers` are those whom the asks just before were taken for."""

    readers: frozenset[bytes]


NONE = Burst(frozenset())


class Bursts:
    """The last asks of each network."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.networks: OrderedDict[bytes, deque[Ask]] = OrderedDict()
        self.machines: OrderedDict[bytes, float] = OrderedDict()

    def look(self, network: bytes, page: int, reader: bytes) -> Burst | None:
        """None for what may be a person's."""
        now = time.time()
        with self.lock:
            for known in (network, reader):
                if self.machines.get(known, 0) > now:
                    self._name(known, now)
                    return NONE
            asks = self.networks.setdefault(network, deque(maxlen=MOST_ASKS + 1))
            self.networks.move_to_end(network)
            asks.append(Ask(now, page, reader))
            self._tidy(now)
            return self._judge(network, asks, now)

    def _judge(self, network: bytes, asks: deque[Ask], now: float) -> Burst | None:
        recent = [ask for ask in asks if now - ask.at <= WITHIN]
        if len(recent) > MOST_ASKS and len({ask.page for ask in recent}) > MOST_PAGES:
            self._name(network, now)
            return Burst(frozenset(ask.reader for ask in recent))
        last = asks[-1]
        if sum(ask.page == last.page and ask.reader == last.reader for ask in recent) > MOST_AGAIN:
            self._name(last.reader, now)
            return Burst(frozenset({last.reader}))
        return None

    def _name(self, known: bytes, now: float) -> None:
        self.machines[known] = now + MACHINE_FOR
        self.machines.move_to_end(known)

    def _tidy(self, now: float) -> None:
        """The front are those that were silent longest."""
        while self.networks and (len(self.networks) > MOST_NETWORKS or now - next(iter(self.networks.values()))[-1].at > WITHIN):
            self.networks.popitem(last=False)
        while self.machines and (len(self.machines) > MOST_NETWORKS or next(iter(self.machines.values())) < now):
            self.machines.popitem(last=False)

    def forget(self) -> None:
        self.networks.clear()
        self.machines.clear()


hourly, bursts = Hourly(), Bursts()


def forget() -> None:
    hourly.forget()
    bursts.forget()
