"""How a behaviour is registered, and what several of them share."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from aiohttp import web

from emit.selftest.server import visiting

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from emit.selftest.server import Server
    from emit.selftest.visit import Visit

    Behaviour = Callable[[Visit], Awaitable[web.StreamResponse]]

MODIFIED = "Tue, 02 Jan 2024 03:04:05 GMT"
HOSTILE_SIZE = 3000
ROUTES: list[tuple[str, Behaviour]] = []


def on(pattern: str) -> Callable[[Behaviour], Behaviour]:
    """Register the decorated behaviour for `pattern`, below a site's name."""

    def register(behave: Behaviour) -> Behaviour:
        ROUTES.append((pattern, behave))
        return behave

    return register


def routes(server: Server) -> list[web.RouteDef]:
    """Return every route, bound to `server`."""
    return [
        web.route("*", "/{site}" + pattern, visiting(server, behave)) for pattern, behave in ROUTES
    ]


def integer(visit: Visit, name: str = "size") -> int:
    """Return the number called `name` in the path."""
    return int(visit.request.match_info[name])


def etag(content: bytes) -> str:
    """Return the entity tag of `content`."""
    return f'"{hashlib.sha256(content).hexdigest()[:16]}"'


def redirect(visit: Visit, code: int, location: str) -> Awaitable[web.StreamResponse]:
    """Answer a redirect, with a page of its own as real servers send."""
    return visit.answer(
        b"<html>over there</html>",
        status=code,
        headers={"Location": location, "Content-Type": "text/html"},
    )


def partial(visit: Visit, content: bytes) -> tuple[str, bytes]:
    """Return the head (no length yet) and body of what a good server would answer."""
    span = visit.span(len(content))
    if span is None:
        return "HTTP/1.1 200 OK\n", content
    first, end = span
    total = f"bytes {first}-{end - 1}/{len(content)}"
    return f"HTTP/1.1 206 Partial Content\nContent-Range: {total}\n", content[first:end]


def half(visit: Visit, content: bytes) -> None:
    """Promise the whole answer, send half of it."""
    head, part = partial(visit, content)
    head += f"ETag: {etag(content)}\nContent-Length: {len(part)}\n"
    visit.write(head, part[: len(part) // 2])
