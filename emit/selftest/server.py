"""A file server made to misbehave, on the loopback, in a thread of its own.

Each user takes a `Site`: a path of its own below the server, so that counters
and the log of requests are the user's alone. `behaviour` holds the routes.
"""

from __future__ import annotations

import asyncio
import itertools
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Self, cast

from aiohttp import web

from emit.selftest.journal import HOST, Site
from emit.selftest.visit import Visit

if TYPE_CHECKING:
    import ssl
    from collections.abc import Awaitable, Callable, Sequence
    from types import TracebackType


class Server:
    """The server: start it with `with`, then ask it for sites."""

    def __init__(
        self,
        routes: Callable[[Server], Sequence[web.RouteDef]],
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Serve what `routes` returns, over TLS if asked."""
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
        """Start it."""
        self._thread.start()
        self._runner = asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(20)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop it, whatever is under way."""
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
        for port in self._ports:  # localhost may be either address
            with suppress(OSError):  # there is no IPv6 here
                self._listeners.append(
                    await self._loop.create_server(
                        self._protocol(runner), "::1", port, ssl=self._tls
                    )
                )
        return runner

    def _protocol(self, runner: web.AppRunner) -> Callable[[], asyncio.BaseProtocol]:
        """TLS has no half-open connections, so there is no need to bear them."""
        answering = cast("Callable[[], asyncio.Protocol]", runner.server)
        return answering if self._tls else lambda: HalfOpen(answering())

    async def _stop(self) -> None:
        for listener in self._listeners:
            listener.close()
        await self._runner.cleanup()


class HalfOpen(asyncio.Protocol):
    """aiohttp's protocol, but a peer that has said all it will say is still answered.

    busybox 1.26 shuts its side down after the request; aiohttp alone would then close.
    """

    def __init__(self, inner: asyncio.Protocol) -> None:
        """Behave as `inner` does, but for that."""
        self.connection_made = inner.connection_made  # type: ignore[method-assign]
        self.connection_lost = inner.connection_lost  # type: ignore[method-assign]
        self.data_received = inner.data_received  # type: ignore[method-assign]
        self.pause_writing = inner.pause_writing  # type: ignore[method-assign]
        self.resume_writing = inner.resume_writing  # type: ignore[method-assign]

    def eof_received(self) -> bool:
        """Keep the connection."""
        return True


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
