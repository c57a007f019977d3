"""What a site of the server was asked and answered, for those who wait and judge."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

HOST = "127.0.0.1"


@dataclass(slots=True, kw_only=True)
class Exchange:
    """One request as it came, what has gone back so far, and how many were beside it."""

    port: int
    method: str
    path: str
    headers: dict[str, str]
    status: int = 0
    sent: int = 0
    done: bool = False
    beside: int = 0
    at: float = field(default_factory=time.monotonic)

    @property
    def range(self) -> str:
        """The Range asked for, or an empty string."""
        return self.headers.get("range", "")


@dataclass(slots=True)
class Journal:
    """Every exchange of a site; readers in other threads wait on it."""

    exchanges: list[Exchange] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def add(self, exchange: Exchange) -> None:
        """Note a request that has come."""
        with self.changed:
            exchange.beside = sum(not other.done for other in self.exchanges)
            self.exchanges.append(exchange)
            self.changed.notify_all()

    def update(self, exchange: Exchange, *, sent: int = 0, done: bool = False) -> None:
        """Note what went back, or its end."""
        with self.changed:
            exchange.sent += sent
            exchange.done = exchange.done or done
            self.changed.notify_all()

    def wait(self, what: Callable[[Sequence[Exchange]], bool], seconds: float = 20) -> None:
        """Return once `what` is true of the log, or raise TimeoutError."""
        with self.changed:
            if not self.changed.wait_for(lambda: what(self.exchanges), seconds):
                raise TimeoutError(f"not seen in {seconds} s; the log: {self.exchanges}")


@dataclass(slots=True)
class Site:
    """A test's own part of the server: URLs, counters, and a log."""

    name: str
    ports: tuple[int, int]
    scheme: str = "http"
    journal: Journal = field(default_factory=Journal)
    counts: Counter[str] = field(default_factory=Counter)
    gathered: asyncio.Event = field(default_factory=asyncio.Event)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    began: dict[str, float] = field(default_factory=dict)

    def url(self, path: str, *, other: bool = False, host: str = HOST) -> str:
        """Return the URL of `path`, on the `other` host (its port) if asked."""
        host = host if self.scheme == "http" else "localhost"  # TLS wants a name
        return f"{self.scheme}://{host}:{self.ports[other]}/{self.name}{path}"

    def count(self, key: str) -> int:
        """Return how often `key` was counted before, and count it."""
        self.counts[key] += 1
        return self.counts[key] - 1

    def since(self, key: str) -> float:
        """Return when this was first asked for `key`, by the monotonic clock."""
        return self.began.setdefault(key, time.monotonic())

    def log(self, part: str = "") -> list[Exchange]:
        """Return the exchanges whose path contains `part`, all of them finished."""
        self.journal.wait(lambda log: all(exchange.done for exchange in log))
        return [exchange for exchange in self.journal.exchanges if part in exchange.path]

    def wait(self, what: Callable[[Sequence[Exchange]], bool]) -> None:
        """Wait until `what` is true of the log."""
        self.journal.wait(what)
