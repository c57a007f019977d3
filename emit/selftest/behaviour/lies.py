"""Lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emit.selftest.behaviour.good import file
from emit.selftest.behaviour.registry import MODIFIED, etag, half, integer, on, partial, redirect
from emit.selftest.content import body

if TYPE_CHECKING:
    from aiohttp import web

    from emit.selftest.visit import Visit


@on(r"/changes/{good:\d+}/{size:\d+}")
async def changes(visit: Visit) -> web.StreamResponse:
    """After GOOD requests it is another file of the same size, and stays so."""
    old = visit.site.count("changes") < integer(visit, "good")
    content = body(integer(visit), "old" if old else "new")
    return await visit.file(content, {"ETag": etag(content)})


@on(r"/fickle/{size:\d+}")
async def fickle(visit: Visit) -> web.StreamResponse:
    """Another file of the same size each time."""
    content = body(integer(visit), str(visit.site.count("fickle")))
    return await visit.file(content, {"ETag": etag(content)})


@on(r"/resized/{good:\d+}/{size:\d+}")
async def resized(visit: Visit) -> web.StreamResponse:
    """After GOOD requests the file is longer, with no tag to tell."""
    grown = visit.site.count("resized") >= integer(visit, "good")
    return await visit.file(body(integer(visit) + (1000 if grown else 0)))


@on(r"/starred/{size:\d+}")
async def starred(visit: Visit) -> web.StreamResponse:
    """Answer ranges without telling the total."""
    content = body(integer(visit))
    span = visit.span(len(content))
    if span is None or span[0] >= len(content):
        return await visit.file(content)
    first, end = span
    headers = {"Content-Range": f"bytes {first}-{end - 1}/*"}
    return await visit.answer(content[first:end], status=206, headers=headers)


@on(r"/shifted/{good:\d+}/{size:\d+}")
async def shifted(visit: Visit) -> web.StreamResponse:
    """After GOOD requests: the right number of bytes from the wrong place, as it says."""
    content = body(integer(visit))
    span = visit.span(len(content))
    if span is None or visit.site.count("shifted") < integer(visit, "good"):
        return await visit.file(content)
    first, end = (span[0] - 1, span[1] - 1) if span[0] else (1, span[1] + 1)
    headers = {"Content-Range": f"bytes {first}-{end - 1}/{len(content)}"}
    return await visit.answer(content[first:end], status=206, headers=headers)


@on(r"/overlong/{size:\d+}")
async def overlong(visit: Visit) -> web.StreamResponse:
    """Answer each range with bytes too many."""
    content = body(integer(visit))
    if visit.asked is None:
        return await visit.answer(content)
    head, part = partial(visit, content)
    visit.write(f"{head}Content-Length: {len(part) + 99}\nConnection: close\n", part + b"!" * 99)
    return visit.close()


@on(r"/otherfile/{size:\d+}")
async def otherfile(visit: Visit) -> web.StreamResponse:
    """Another file of the same size: all is as it should be but the bytes."""
    return await visit.file(body(integer(visit), "other"))


@on(r"/forgetful/{good:\d+}/{size:\d+}")
async def forgetful(visit: Visit) -> web.StreamResponse:
    """Know ranges GOOD times, then answer everything to whoever asks for a part."""
    if visit.site.count("forgetful") < integer(visit, "good"):
        return await file(visit)
    return await visit.answer(body(integer(visit)))


@on(r"/login/{good:\d+}/{size:\d+}")
async def login(visit: Visit) -> web.StreamResponse:
    """After GOOD requests, redirect to a page that asks who you are."""
    if visit.site.count("login") < integer(visit, "good"):
        return await file(visit)
    return await redirect(visit, 302, visit.site.url("/login"))


@on("/login")
async def login_page(visit: Visit) -> web.StreamResponse:
    """Answer the page itself."""
    return await visit.answer(b"<html>who are you?</html>", headers={"Content-Type": "text/html"})


@on(r"/changes-date/{good:\d+}/{size:\d+}")
async def changes_date(visit: Visit) -> web.StreamResponse:
    """After GOOD requests it is another file of the same size, of another date."""
    old = visit.site.count("changes") < integer(visit, "good")
    date = MODIFIED if old else "Wed, 03 Jan 2024 03:04:05 GMT"
    return await visit.file(body(integer(visit), "old" if old else "new"), {"Last-Modified": date})


@on(r"/changes-unseen/{good:\d+}/{size:\d+}")
async def changes_unseen(visit: Visit) -> web.StreamResponse:
    """After GOOD requests it is another file of the same size, and nothing tells."""
    old = visit.site.count("changes") < integer(visit, "good")
    return await visit.file(body(integer(visit), "old" if old else "new"))


@on(r"/changes-broken/{size:\d+}")
async def changes_broken(visit: Visit) -> web.StreamResponse:
    """Break off half-way; whoever resumes finds another file of the same size."""
    if visit.site.count("broken"):
        content = body(integer(visit), "new")
        return await visit.file(content, {"ETag": etag(content)})
    half(visit, body(integer(visit), "old"))
    return visit.close()


@on(r"/shrinks/{good:\d+}/{size:\d+}")
async def shrinks(visit: Visit) -> web.StreamResponse:
    """After GOOD requests the file is another one, of half the size."""
    shrunk = visit.site.count("shrinks") >= integer(visit, "good")
    content = body(integer(visit) // 2 if shrunk else integer(visit))
    return await visit.file(content, {"ETag": etag(content)})


@on(r"/flipped/{size:\d+}")
async def flipped(visit: Visit) -> web.StreamResponse:
    """Flip one bit of the last byte but one; all else is as it should be."""
    content = bytearray(body(integer(visit)))
    content[-2] ^= 1
    return await visit.file(bytes(content), {"ETag": etag(body(integer(visit)))})


@on(r"/misplaced/{good:\d+}/{size:\d+}")
async def misplaced(visit: Visit) -> web.StreamResponse:
    """After GOOD requests send the file's first bytes for every range, and say all is well."""
    content = body(integer(visit))
    span = visit.span(len(content))
    if span is None or visit.site.count("misplaced") < integer(visit, "good"):
        return await visit.file(content)
    head, part = partial(visit, content)
    visit.write(f"{head}Content-Length: {len(part)}\nConnection: close\n", content[: len(part)])
    return visit.close()


@on(r"/huge-total/{size:\d+}")
async def huge_total(visit: Visit) -> web.StreamResponse:
    """Say that the file has 2^64 bytes."""
    content = body(integer(visit))
    head, part = partial(visit, content)
    head = head.replace(f"/{len(content)}\n", f"/{1 << 64}\n")
    visit.write(f"{head}Content-Length: {len(part)}\nConnection: close\n", part)
    return visit.close()


@on(r"/two-lengths/{size:\d+}")
async def two_lengths(visit: Visit) -> web.StreamResponse:
    """Know no ranges, and tell the length twice: the second time it is 5."""
    content = body(integer(visit))
    visit.write(f"HTTP/1.1 200 OK\nContent-Length: {len(content)}\nContent-Length: 5\n", content)
    return visit.close()


@on(r"/login-page/{good:\d+}/{size:\d+}")
async def login_in_place(visit: Visit) -> web.StreamResponse:
    """After GOOD requests answer 200 and a page that asks who you are."""
    if visit.site.count("login") < integer(visit, "good"):
        return await file(visit)
    return await login_page(visit)
