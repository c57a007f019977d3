"""Servers of fewer abilities."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
