"""A file server made to misbehave, on the loopback, in a thread of its own.

Each test takes a `Site`: a path of its own below the server, so that counters
and the log of requests are the test's alone. `behaviour.py` holds the routes.
"""

from __future__ import annotations

import asyncio
import functools
import itertools
import random
import socket
import struct
import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from aiohttp import HttpVersion10, web

if TYPE_CHECKING:
    import ssl
    from collections.abc import Awaitable, Callable, Sequence
    from types import TracebackType

HOST = "127.0.0.1"
PIECE = 1 << 16


@functools.lru_cache(maxsize=32)
def body(size: int, seed: str = "") -> bytes:
    """Return the `size` bytes of the file named by `seed`: noise, always the same."""
    return random.Random(f"{seed}/{size}").randbytes(size)  # noqa: S311 - not a secret


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
        with self.changed:
            exchange.beside = sum(not other.done for other in self.exchanges)
            self.exchanges.append(exchange)
            self.changed.notify_all()

    def update(self, exchange: Exchange, *, sent: int = 0, done: bool = False) -> None:
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

    def url(self, path: str, *, other: bool = False) -> str:
        """Return the URL of `path`, on the `other` host (its port) if asked."""
        host = HOST if self.scheme == "http" else "localhost"  # TLS wants a name
        return f"{self.scheme}://{host}:{self.ports[other]}/{self.name}{path}"

    def count(self, key: str) -> int:
        """Return how often `key` was counted before, and count it."""
        self.counts[key] += 1
        return self.counts[key] - 1

    def log(self, part: str = "") -> list[Exchange]:
        """Return the exchanges whose path contains `part`, all of them finished."""
        self.journal.wait(lambda log: all(exchange.done for exchange in log))
        return [exchange for exchange in self.journal.exchanges if part in exchange.path]

    def wait(self, what: Callable[[Sequence[Exchange]], bool]) -> None:
        """Wait until `what` is true of the log."""
        self.journal.wait(what)


class Server:
    """The server: start it with `with`, then ask it for sites."""

    def __init__(
        self,
        routes: Callable[[Server], Sequence[web.RouteDef]],
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._routes = routes
        self._tls = tls
        self._sites: dict[str, Site] = {}
        self._numbers = itertools.count(1)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._ports = (0, 0)

    def site(self) -> Site:
        """Return a new site."""
        scheme = "https" if self._tls else "http"
        site = Site(f"t{next(self._numbers)}", self._ports, scheme)
        self._sites[site.name] = site
        return site

    def find(self, name: str) -> Site:
        """Return the site called `name`, or answer 404."""
        try:
            return self._sites[name]
        except KeyError:
            raise web.HTTPNotFound from None

    def __enter__(self) -> Self:
        self._thread.start()
        self._runner = asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(20)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(20)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(20)
        self._loop.close()

    async def _start(self) -> web.AppRunner:
        app = web.Application()
        app.add_routes(self._routes(self))
        runner = web.AppRunner(
            app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1
        )
        await runner.setup()
        self._listeners = [
            await self._loop.create_server(self._protocol(runner), HOST, 0, ssl=self._tls)
            for _ in range(2)
        ]
        first, second = (each.sockets[0].getsockname()[1] for each in self._listeners)
        self._ports = (first, second)
        if self._tls is not None:  # localhost may be either address
            for port in self._ports:
                with suppress(OSError):  # there is no IPv6 here
                    self._listeners.append(
                        await self._loop.create_server(
                            self._protocol(runner), "::1", port, ssl=self._tls
                        )
                    )
        return runner

    def _protocol(self, runner: web.AppRunner) -> Callable[[], asyncio.BaseProtocol]:
        """TLS has no half-open connections, so there is no need to bear them."""
        if self._tls is None:
            return lambda: HalfOpen(runner.server)
        assert runner.server is not None
        return runner.server

    async def _stop(self) -> None:
        for listener in self._listeners:
            listener.close()
        await self._runner.cleanup()


class HalfOpen(asyncio.Protocol):
    """aiohttp's protocol, but a peer that has said all it will say is still answered.

    busybox 1.26 shuts its side down after the request; aiohttp alone would then close.
    """

    def __init__(self, server: Callable[[], asyncio.Protocol] | None) -> None:
        assert server is not None
        inner = server()
        self.connection_made = inner.connection_made  # type: ignore[method-assign]
        self.connection_lost = inner.connection_lost  # type: ignore[method-assign]
        self.data_received = inner.data_received  # type: ignore[method-assign]
        self.pause_writing = inner.pause_writing  # type: ignore[method-assign]
        self.resume_writing = inner.resume_writing  # type: ignore[method-assign]

    def eof_received(self) -> bool:
        """Keep the connection."""
        return True


class Visit:
    """One request being answered: politely by aiohttp, or with raw bytes."""

    def __init__(self, site: Site, request: web.Request) -> None:
        self.site = site
        self.request = request
        self._pause = 0.0
        address = _transport(request).get_extra_info("sockname")
        self.exchange = Exchange(
            port=address[1],
            method=request.method,
            path=request.raw_path.removeprefix(f"/{site.name}"),
            headers={name.lower(): value for name, value in request.headers.items()},
        )
        site.journal.add(self.exchange)

    @property
    def asked(self) -> tuple[int, int | None] | None:
        """The first and last byte asked for (last None: to the end), if any."""
        unit, _, span = self.exchange.range.partition("=")
        first, dash, last = span.partition("-")
        if unit != "bytes" or not dash or not first:
            return None
        return int(first), int(last) if last else None

    def span(self, size: int) -> tuple[int, int] | None:
        """Return what of a body of `size` bytes was asked for, as a slice."""
        if self.asked is None:
            return None
        first, last = self.asked
        return first, size if last is None else min(size, last + 1)

    async def answer(
        self, content: bytes = b"", *, status: int = 200, headers: dict[str, str] | None = None
    ) -> web.StreamResponse:
        """Answer all of `content`, well-formed."""
        response = web.StreamResponse(status=status, headers=headers)
        response.content_length = len(content)
        return await self._stream(response, content)

    async def chunked(
        self, content: bytes, *, status: int = 200, headers: dict[str, str] | None = None
    ) -> web.StreamResponse:
        """Answer all of `content` in chunked coding, or to HTTP/1.0 up to the connection's end."""
        response = web.StreamResponse(status=status, headers=headers)
        if self.request.version > HttpVersion10:
            response.enable_chunked_encoding()
        else:
            response.headers["Connection"] = "close"
        return await self._stream(response, content)

    async def _stream(self, response: web.StreamResponse, content: bytes) -> web.StreamResponse:
        self.exchange.status = response.status
        await response.prepare(self.request)
        if self.request.method != "HEAD":
            for start in range(0, len(content), PIECE):
                piece = content[start : start + PIECE]
                await asyncio.sleep(self._pause)
                await response.write(piece)
                self.site.journal.update(self.exchange, sent=len(piece))
        await response.write_eof()
        return response

    async def paced(self, content: bytes, rate: int) -> web.StreamResponse:
        """Answer as `file` does, at RATE bytes a second."""
        self._pause = PIECE / rate
        return await self.file(content)

    async def file(
        self, content: bytes, headers: dict[str, str] | None = None
    ) -> web.StreamResponse:
        """Answer `content`, or the range of it that was asked for."""
        headers = {"Accept-Ranges": "bytes", "Content-Type": "application/octet-stream"} | (
            headers or {}
        )
        span = self.span(len(content))
        if span is None or self.request.headers.get("If-Range", "") not in (
            "",
            headers.get("ETag"),
            headers.get("Last-Modified"),
        ):
            return await self.answer(content, headers=headers)
        first, end = span
        if first >= len(content):
            headers |= {"Content-Range": f"bytes */{len(content)}"}
            return await self.answer(status=416, headers=headers)
        headers |= {"Content-Range": f"bytes {first}-{end - 1}/{len(content)}"}
        return await self.answer(content[first:end], status=206, headers=headers)

    def write(self, head: str, content: bytes = b"") -> None:
        """Write a head, as it stands, and `content` past aiohttp onto the connection."""
        self.exchange.status = int(head.split()[1])
        transport = _transport(self.request)
        transport.write(head.replace("\n", "\r\n").encode("latin-1") + b"\r\n" + content)
        self.site.journal.update(self.exchange, sent=len(content))

    def close(self) -> web.StreamResponse:
        """Close the connection once what was written has gone out."""
        _transport(self.request).close()
        return web.Response()

    def reset(self) -> web.StreamResponse:
        """Break the connection: the peer sees a reset."""
        transport = _transport(self.request)
        at_once = struct.pack("ii", 1, 0)
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
        transport.abort()
        return web.Response()

    async def gather(self, number: int) -> None:
        """Return once `number` requests of the site have come to this point."""
        if self.site.count("gathered") == number - 1:
            self.site.gathered.set()
        await self.site.gathered.wait()

    async def hang(self) -> web.StreamResponse:
        """Send nothing more until the peer goes away."""
        await asyncio.Event().wait()
        return web.Response()


def _transport(request: web.Request) -> asyncio.Transport:
    if request.transport is None:
        raise ConnectionResetError("the peer is gone")
    assert isinstance(request.transport, asyncio.Transport)
    return request.transport


def visiting(
    server: Server, behave: Callable[[Visit], Awaitable[web.StreamResponse]]
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Turn a behaviour into a handler that logs each exchange from start to end."""

    async def handler(request: web.Request) -> web.StreamResponse:
        visit = Visit(server.find(request.match_info["site"]), request)
        try:
            return await behave(visit)
        except ConnectionResetError:  # the peer is gone: there is nobody to answer
            return web.Response()
        finally:
            visit.site.journal.update(visit.exchange, done=True)

    return handler
