"""Servers of fewer abilities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emit.selftest.behaviour.good import file
from emit.selftest.behaviour.registry import integer, on, partial
from emit.selftest.content import body

if TYPE_CHECKING:
    from aiohttp import web

    from emit.selftest.visit import Visit


@on(r"/noranges/{size:\d+}")
async def noranges(visit: Visit) -> web.StreamResponse:
    """Answer 200 and everything, whatever the range."""
    return await visit.answer(body(integer(visit)), headers={"Accept-Ranges": "none"})


@on(r"/nolength/{size:\d+}")
async def nolength(visit: Visit) -> web.StreamResponse:
    """Answer without a length: the end of the connection is the end."""
    head = "HTTP/1.1 200 OK\nConnection: close\n"
    visit.write(head, body(integer(visit)))
    return visit.close()


@on(r"/chunked/{size:\d+}")
async def chunked(visit: Visit) -> web.StreamResponse:
    """Answer in chunked coding, without ranges."""
    return await visit.chunked(body(integer(visit)))


@on(r"/chunkedranges/{size:\d+}")
async def chunkedranges(visit: Visit) -> web.StreamResponse:
    """Answer ranges in chunked coding: only Content-Range tells the size."""
    content = body(integer(visit))
    span = visit.span(len(content))
    if span is None:
        return await visit.chunked(content)
    first, end = span
    total = f"bytes {first}-{end - 1}/{len(content)}"
    return await visit.chunked(content[first:end], status=206, headers={"Content-Range": total})


@on(r"/capped/{cap:\d+}/{size:\d+}")
async def capped(visit: Visit) -> web.StreamResponse:
    """Answer at most CAP bytes of any range, and say so."""
    content = body(integer(visit))
    span = visit.span(len(content))
    if span is None:
        return await visit.answer(content)
    first, end = span[0], min(span[1], span[0] + integer(visit, "cap"))
    total = f"bytes {first}-{end - 1}/{len(content)}"
    return await visit.answer(content[first:end], status=206, headers={"Content-Range": total})


@on(r"/oddcase/{size:\d+}")
async def oddcase(visit: Visit) -> web.StreamResponse:
    """Answer right, with header names in odd case and no blank after the colon."""
    head, part = partial(visit, body(integer(visit)))
    head = head.replace("Content-Range: ", "cONTENT-rANGE:")
    visit.write(f'{head}CONTENT-length:{len(part)}\neTAG:"odd"\nconnection:close\n', part)
    return visit.close()


@on(r"/oddredirect/{size:\d+}")
async def oddredirect(visit: Visit) -> web.StreamResponse:
    """Redirect by a header in odd case, with no blank after the colon."""
    location = f"/{visit.site.name}/oddcase/{integer(visit)}"
    visit.write(f"HTTP/1.1 302 found\nlOCATION:{location}\ncontent-LENGTH:0\n")
    return visit.close()


@on("/empty/200")
async def empty(visit: Visit) -> web.StreamResponse:
    """Answer 200 and no bytes, whatever is asked."""
    return await visit.answer(b"")


@on("/empty/416")
async def empty_unsatisfiable(visit: Visit) -> web.StreamResponse:
    """Answer 416: no range can be had of no bytes."""
    return await visit.file(b"")


@on(r"/bare206/{size:\d+}")
async def bare206(visit: Visit) -> web.StreamResponse:
    """Answer ranges without Content-Range."""
    head, part = partial(visit, body(integer(visit)))
    visit.write(f"{_without_range(head)}Content-Length: {len(part)}\nConnection: close\n", part)
    return visit.close()


@on(r"/bare206-stream/{size:\d+}")
async def bare206_stream(visit: Visit) -> web.StreamResponse:
    """Answer ranges without Content-Range and without a length."""
    head, part = partial(visit, body(integer(visit)))
    visit.write(f"{_without_range(head)}Connection: close\n", part)
    return visit.close()


def _without_range(head: str) -> str:
    return f"{head.splitlines()[0]}\n"


@on(r"/multipart/{size:\d+}")
async def multipart(visit: Visit) -> web.StreamResponse:
    """Answer a range as multipart/byteranges, its Content-Range inside."""
    content = body(integer(visit))
    span = visit.span(len(content))
    if span is None:
        return await visit.answer(content)
    first, end = span
    part = (
        f"--x\r\nContent-Range: bytes {first}-{end - 1}/{len(content)}\r\n\r\n".encode()
        + content[first:end]
        + b"\r\n--x--\r\n"
    )
    kind = {"Content-Type": "multipart/byteranges; boundary=x"}
    return await visit.answer(part, status=206, headers=kind)


@on(r"/maxconn/{most:\d+}/{size:\d+}")
async def maxconn(visit: Visit) -> web.StreamResponse:
    """Answer 503 to whoever comes while MOST others are being answered, slowly."""
    if visit.exchange.beside >= integer(visit, "most"):
        return await visit.answer(b"too many", status=503)
    return await visit.paced(body(integer(visit)), 4 << 20)


@on(r"/one-at-a-time/{size:\d+}")
async def one_at_a_time(visit: Visit) -> web.StreamResponse:
    """Have everybody wait until the one before is served."""
    async with visit.site.turn:
        return await file(visit)
