"""Trouble that passes: the first N requests."""

from __future__ import annotations

import asyncio
import time
from email.utils import formatdate
from typing import TYPE_CHECKING

from emit.selftest.behaviour.good import file
from emit.selftest.behaviour.limited import nolength
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


@on(r"/short-accepted/{size:\d+}")
async def short_accepted(visit: Visit) -> web.StreamResponse:
    """Know no ranges, close half-way, say 202 without a length, then answer it all."""
    number = visit.site.count("short-accepted")
    content = body(integer(visit))
    if number > 1:
        return await visit.answer(content)
    if number:
        visit.write("HTTP/1.1 202 Accepted\nConnection: close\n", b"being made")
    else:
        visit.write(f"HTTP/1.1 200 OK\nContent-Length: {len(content)}\n", content[:1000])
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


@on(r"/cut-chunk/{where:inside|between}/{times:\d+}/{size:\d+}")
async def cut_chunk(visit: Visit) -> web.StreamResponse:
    """Know no ranges, and cut the chunked answer short the first TIMES times."""
    content = body(integer(visit))
    if visit.site.count("cut") >= integer(visit, "times"):
        return await visit.chunked(content)
    visit.write("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\nConnection: close\n")
    half_of_it = content[: len(content) // 2]
    promised = len(half_of_it) + 9 * (visit.request.match_info["where"] == "inside")
    end = b"" if promised > len(half_of_it) else b"\r\n"
    visit.raw(f"{promised:x}\r\n".encode() + half_of_it + end, len(half_of_it))
    return visit.close()


@on(r"/reset-stream/{times:\d+}/{size:\d+}")
async def reset_stream(visit: Visit) -> web.StreamResponse:
    """Know neither ranges nor a length, and reset the connection the first TIMES times."""
    content = body(integer(visit))
    if visit.site.count("reset-stream") >= integer(visit, "times"):
        return await nolength(visit)
    visit.write("HTTP/1.1 200 OK\nConnection: close\n", content[: len(content) // 2])
    await asyncio.sleep(0.3)  # a reset overtakes what has not gone out yet
    return visit.reset()


@on(r"/garbage/{times:\d+}/{size:\d+}")
async def garbage(visit: Visit) -> web.StreamResponse:
    """Speak another protocol the first TIMES times."""
    if visit.site.count("garbage") >= integer(visit, "times"):
        return await file(visit)
    visit.raw(b"SSH-2.0-OpenSSH_9.7\r\n\r\nis not HTTP\r\n")
    return visit.close()


@on(r"/empty-reply/{times:\d+}/{size:\d+}")
async def empty_reply(visit: Visit) -> web.StreamResponse:
    """Close without a word the first TIMES times."""
    if visit.site.count("empty-reply") >= integer(visit, "times"):
        return await file(visit)
    return visit.close()


@on(r"/mute-first/{times:\d+}/{size:\d+}")
async def mute_first(visit: Visit) -> web.StreamResponse:
    """Say nothing at all the first TIMES times."""
    if visit.site.count("mute") >= integer(visit, "times"):
        return await file(visit)
    return await visit.hang()


@on(r"/accepted/{times:\d+}/{size:\d+}")
async def accepted(visit: Visit) -> web.StreamResponse:
    """Say 202 and that the file is being made, the first TIMES times."""
    if visit.site.count("accepted") >= integer(visit, "times"):
        return await file(visit)
    return await visit.answer(b'{"message": "being made"}', status=202)


@on(r"/brownout/{good:\d+}/{seconds:\d+}/{size:\d+}")
async def brownout(visit: Visit) -> web.StreamResponse:
    """After GOOD requests answer 503 for SECONDS, then well again."""
    if visit.site.count("brownout") < integer(visit, "good"):
        return await file(visit)
    began = visit.site.since("brownout")
    if time.monotonic() - began < integer(visit, "seconds"):
        return await visit.answer(b"busy", status=503)
    return await file(visit)


@on(r"/retry-after/{form:seconds|date|days|zero}/{size:\d+}")
async def retry_after(visit: Visit) -> web.StreamResponse:
    """Answer 429 twice, with Retry-After as seconds, as a date, far too long or 0."""
    if visit.site.count("retry-after") > 1:
        return await file(visit)
    date = formatdate(time.time() + 3, usegmt=True)
    after = {"seconds": "3", "date": date, "days": "86400", "zero": "0"}
    headers = {"Retry-After": after[visit.request.match_info["form"]]}
    return await visit.answer(b"slower", status=429, headers=headers)


@on(r"/bad-block/{code:\d+}/{size:\d+}")
async def bad_block(visit: Visit) -> web.StreamResponse:
    """Answer all but the ranges that begin in the second half."""
    if visit.asked is None or visit.asked[0] < integer(visit) // 2:
        return await file(visit)
    return await visit.answer(b"bad disk", status=integer(visit, "code"))
