"""The well-behaved."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from emit.selftest.behaviour.registry import HOSTILE_SIZE, MODIFIED, etag, integer, on
from emit.selftest.content import body

if TYPE_CHECKING:
    from aiohttp import web

    from emit.selftest.visit import Visit

ODD = "/odd/&;'$(touch pwned)`touch pwned`$HOME*?x=1&y=(2)"  # what a shell would run
QUERY = "/odd/q?a=1&b= /"


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


@on("/odd/{rest:(?s:.*)}")
async def odd(visit: Visit) -> web.StreamResponse:
    """Answer to two paths, however their characters are escaped."""
    if unquote(visit.exchange.path) not in {ODD, QUERY}:
        return await visit.answer(b"no such file", status=404)
    return await visit.file(body(HOSTILE_SIZE))


@on(r"/big/{size:\d+}")
async def big(visit: Visit) -> web.StreamResponse:
    """Ranges of a file that no memory holds."""
    return await visit.big(integer(visit))


@on("/h/{rest:(?s:.*)}")
async def hostile(visit: Visit) -> web.StreamResponse:
    """Answer bytes that only this exact path has."""
    return await visit.file(body(HOSTILE_SIZE, visit.exchange.path))
