"""Answers that are right, in forms that are seen seldom."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from emit.selftest.behaviour.good import file
from emit.selftest.behaviour.registry import MODIFIED, etag, integer, on, partial
from emit.selftest.content import body

if TYPE_CHECKING:
    from aiohttp import web

    from emit.selftest.visit import Visit

LONG = 6000  # bytes of a header; GitHub's Content-Security-Policy has 4000


def _head(visit: Visit) -> tuple[str, bytes]:
    """Return a whole head but for its last, empty line, and the body."""
    content = body(integer(visit))
    head, part = partial(visit, content)
    head += f"Content-Length: {len(part)}\nETag: {etag(content)}\nConnection: close\n"
    return head, part


@on(r"/tagged/{form:weak|date|fresh}/{size:\d+}")
async def tagged(visit: Visit) -> web.StreamResponse:
    """Tell the file by a weak ETag, by a date alone, or by another tag each time."""
    content = body(integer(visit))
    headers = {
        "weak": {"ETag": f"W/{etag(content)}"},
        "date": {"Last-Modified": MODIFIED},
        "fresh": {"ETag": f'"{visit.site.count("fresh")}"'},
    }
    return await visit.file(content, headers[visit.request.match_info["form"]])


@on(r"/long-headers/{size:\d+}")
async def long_headers(visit: Visit) -> web.StreamResponse:
    """Put a header longer than any buffer before those that matter."""
    head, part = _head(visit)
    status, _, rest = head.partition("\n")
    visit.write(f"{status}\nContent-Security-Policy: {'x' * LONG}\n{rest}", part)
    return visit.close()


@on(r"/lookalikes/{size:\d+}")
async def lookalikes(visit: Visit) -> web.StreamResponse:
    """Add headers whose names or values look like those that matter, other ones each time."""
    head, part = _head(visit)
    status, _, rest = head.partition("\n")
    number = visit.site.count("lookalikes")
    odd = (
        f"Link: <https://mirror-{number}.example.com/f>; rel=duplicate; pri=1\n"
        "Content-Location: /elsewhere\nX-Content-Range: bytes 0-0/1\n"
        f'X-ETag: "{number}"\nX-Content-Length: 1\nX-Location: http://127.0.0.1:1/\n'
        'Content-Disposition: attachment; filename="x-r: bytes 0-0/1"\n'
        f"Locale: en:{number}\nLeast-Modified: {number}\n"
    )
    visit.write(f"{status}\n{odd}{rest}{odd}", part)
    return visit.close()


@on(r"/location/{size:\d+}")
async def location(visit: Visit) -> web.StreamResponse:
    """Name a Location in an answer that is no redirect."""
    head, part = _head(visit)
    visit.write(f"{head}Location: {visit.site.url('/nothing-here')}\n", part)
    return visit.close()


@on(r"/bare-lines/{size:\d+}")
async def bare_lines(visit: Visit) -> web.StreamResponse:
    """End the lines of the head without a carriage return, and the status without a reason."""
    head, part = _head(visit)
    status, _, rest = head.partition("\n")
    visit.raw(f"{' '.join(status.split()[:2])}\n{rest}\n".encode() + part, len(part))
    return visit.close()


@on(r"/http10/{size:\d+}")
async def http10(visit: Visit) -> web.StreamResponse:
    """Answer as HTTP/1.0."""
    head, part = _head(visit)
    visit.write(head.replace("HTTP/1.1", "HTTP/1.0"), part)
    return visit.close()


@on(r"/interim/{code:100|103}/{size:\d+}")
async def interim(visit: Visit) -> web.StreamResponse:
    """Send an interim answer before the answer."""
    head, part = _head(visit)
    visit.write(f"HTTP/1.1 {visit.request.match_info['code']} wait\nLink: </a>; rel=preload\n")
    visit.write(head, part)
    return visit.close()


@on(r"/dribbled/{size:\d+}")
async def dribbled(visit: Visit) -> web.StreamResponse:
    """Send the head a few bytes at a time."""
    head, part = _head(visit)
    whole = head.replace("\n", "\r\n").encode() + b"\r\n"
    for start in range(0, len(whole), 16):
        visit.raw(whole[start : start + 16])
        await asyncio.sleep(0.02)
    visit.raw(part, len(part))
    return visit.close()


@on(r"/lingering/{size:\d+}")
async def lingering(visit: Visit) -> web.StreamResponse:
    """Send all there is and keep the connection."""
    head, part = _head(visit)
    visit.write(head, part)
    return await visit.hang()


@on(r"/trailing/{size:\d+}")
async def trailing(visit: Visit) -> web.StreamResponse:
    """Send more than Content-Length says."""
    head, part = _head(visit)
    visit.write(head, part + b"trailing")
    return visit.close()


@on(r"/trickle/{size:\d+}")
async def trickle(visit: Visit) -> web.StreamResponse:
    """Send a little every half second, and never stop for long."""
    head, part = _head(visit)
    visit.write(head)
    pieces = 6
    for number in range(pieces):
        piece = part[number * len(part) // pieces : (number + 1) * len(part) // pieces]
        visit.raw(piece, len(piece))
        await asyncio.sleep(0.5)
    return visit.close()


@on(r"/no-head/{size:\d+}")
async def no_head(visit: Visit) -> web.StreamResponse:
    """Refuse HEAD, as signed storage does."""
    if visit.request.method == "HEAD":
        return await visit.answer(status=403)
    return await file(visit)
