"""Trouble that passes: the first N requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emit.selftest.behaviour.good import file
from emit.selftest.behaviour.registry import half, integer, on
from emit.selftest.content import body

if TYPE_CHECKING:
    from aiohttp import web

    from emit.selftest.visit import Visit


@on(r"/short/{times:\d+}/{size:\d+}")
async def short(visit: Visit) -> web.StreamResponse:
    """Close half-way the first TIMES times."""
    content = body(integer(visit))
    if visit.site.count("short") >= integer(visit, "times"):
        return await file(visit)
    half(visit, content)
    return visit.close()


@on(r"/reset/{times:\d+}/{size:\d+}")
async def reset(visit: Visit) -> web.StreamResponse:
    """Reset the connection half-way the first TIMES times."""
    if visit.site.count("reset") >= integer(visit, "times"):
        return await file(visit)
    half(visit, body(integer(visit)))
    return visit.reset()


@on(r"/stall/{times:\d+}/{size:\d+}")
async def stall(visit: Visit) -> web.StreamResponse:
    """Fall silent half-way the first TIMES times."""
    if visit.site.count("stall") >= integer(visit, "times"):
        return await file(visit)
    half(visit, body(integer(visit)))
    return await visit.hang()


@on(r"/held/{size:\d+}")
async def held(visit: Visit) -> web.StreamResponse:
    """Send half of what is asked for and keep the connection."""
    half(visit, body(integer(visit)))
    return await visit.hang()


@on(r"/heldstream/{size:\d+}")
async def heldstream(visit: Visit) -> web.StreamResponse:
    """Send half of it all, whatever the range, and keep the connection."""
    content = body(integer(visit))
    visit.write(f"HTTP/1.1 200 OK\nContent-Length: {len(content)}\n", content[: len(content) // 2])
    return await visit.hang()


@on(r"/shortstream/{times:\d+}/{size:\d+}")
async def shortstream(visit: Visit) -> web.StreamResponse:
    """Know no ranges, and close half-way the first TIMES times."""
    content = body(integer(visit))
    if visit.site.count("shortstream") >= integer(visit, "times"):
        return await visit.answer(content)
    visit.write(f"HTTP/1.1 200 OK\nContent-Length: {len(content)}\n", content[: len(content) // 2])
    return visit.close()


@on(r"/together/{number:\d+}/{size:\d+}")
async def together(visit: Visit) -> web.StreamResponse:
    """After the first answer, hold NUMBER requests back until all of them are here."""
    number = integer(visit, "number")
    if 1 <= visit.site.count("together") <= number:
        await visit.gather(number)
    return await file(visit)


@on(r"/mute/{size:\d+}")
async def mute(visit: Visit) -> web.StreamResponse:
    """Take the request and say nothing at all."""
    return await visit.hang()


@on(r"/status/{code:\d+}")
async def status(visit: Visit) -> web.StreamResponse:
    """Answer CODE and a page, always."""
    return await visit.answer(b"<html>no</html>", status=integer(visit, "code"))


@on(r"/status-first/{code:\d+}/{times:\d+}/{size:\d+}")
async def status_first(visit: Visit) -> web.StreamResponse:
    """Answer CODE the first TIMES times, then the file."""
    if visit.site.count("status") >= integer(visit, "times"):
        return await file(visit)
    code = integer(visit, "code")
    return await visit.answer(b"later", status=code, headers={"Retry-After": "1"})


@on(r"/status-later/{code:\d+}/{good:\d+}/{size:\d+}")
async def status_later(visit: Visit) -> web.StreamResponse:
    """Answer well GOOD times, then CODE for ever."""
    if visit.site.count("status") < integer(visit, "good"):
        return await file(visit)
    return await visit.answer(b"<html>no</html>", status=integer(visit, "code"))
