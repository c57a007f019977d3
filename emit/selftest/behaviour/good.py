"""The well-behaved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emit.selftest.behaviour.registry import HOSTILE_SIZE, MODIFIED, etag, integer, on
from emit.selftest.content import body

if TYPE_CHECKING:
    from aiohttp import web

    from emit.selftest.visit import Visit


@on(r"/file/{size:\d+}")
async def file(visit: Visit) -> web.StreamResponse:
    """Ranges, an ETag, a date: all as it should be."""
    content = body(integer(visit))
    return await visit.file(content, {"ETag": etag(content), "Last-Modified": MODIFIED})


@on(r"/plain/{size:\d+}")
async def plain(visit: Visit) -> web.StreamResponse:
    """Ranges, with neither ETag nor date."""
    return await visit.file(body(integer(visit)))


@on(r"/paced/{rate:\d+}/{size:\d+}")
async def paced(visit: Visit) -> web.StreamResponse:
    """Ranges, each connection held to RATE bytes a second, as on a real network."""
    return await visit.paced(body(integer(visit)), integer(visit, "rate"))


@on("/h/{rest:(?s:.*)}")
async def hostile(visit: Visit) -> web.StreamResponse:
    """Answer bytes that only this exact path has."""
    return await visit.file(body(HOSTILE_SIZE, visit.exchange.path))
