"""The routes of the misbehaving server, each below a site's own path.

A decorated function is the answer to its pattern; SIZE in a path is the size
of the body, and `server.body(SIZE)` is what should arrive.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from aiohttp import web

from integration.server import Server, Visit, body, visiting

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

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


# Well-behaved.


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


# Redirects.


@on(r"/redirect/{code:\d+}/{form:path|absolute|other}/{rest:(?s:.*)}")
async def redirected(visit: Visit) -> web.StreamResponse:
    """Redirect to REST: by path, by URL, or to the other host."""
    _, _, code, form, rest = visit.exchange.path.split("/", 4)
    target = {
        "path": f"/{visit.site.name}/{rest}",
        "absolute": visit.site.url(f"/{rest}"),
        "other": visit.site.url(f"/{rest}", other=True),
    }
    return await redirect(visit, int(code), target[form])


@on(r"/sibling/{code:\d+}/{size:\d+}")
async def sibling(visit: Visit) -> web.StreamResponse:
    """Redirect to a name beside this one."""
    return await redirect(visit, integer(visit, "code"), f"file-{integer(visit)}")


@on(r"/sibling/{code:\d+}/file-{size:\d+}")
async def sibling_file(visit: Visit) -> web.StreamResponse:
    return await file(visit)


@on(r"/chain/{left:\d+}/{size:\d+}")
async def chain(visit: Visit) -> web.StreamResponse:
    """Redirect LEFT times, by another code and another form each time."""
    left, size = integer(visit, "left"), integer(visit)
    code = (301, 302, 303)[left % 3]
    path = f"/chain/{left - 1}/{size}" if left > 1 else f"/file/{size}"
    location = f"/{visit.site.name}{path}" if left % 2 else visit.site.url(path, other=left == 2)
    return await redirect(visit, code, location)


@on("/loop")
async def loop(visit: Visit) -> web.StreamResponse:
    """Redirect to itself."""
    return await redirect(visit, 302, visit.site.url("/loop"))


@on("/nowhere")
async def nowhere(visit: Visit) -> web.StreamResponse:
    """Redirect without saying where to."""
    return await visit.answer(b"moved", status=302)


@on(r"/expiring/{uses:\d+}/{size:\d+}")
async def expiring(visit: Visit) -> web.StreamResponse:
    """Redirect to a fresh signed path on the other host, good for so many requests."""
    ticket = visit.site.count("tickets")
    path = f"/signed/{ticket}/{integer(visit, 'uses')}/{integer(visit)}?sig=a%2Fb&x=1"
    return await redirect(visit, 302, visit.site.url(path, other=True))


@on(r"/signed/{ticket:\d+}/{uses:\d+}/{size:\d+}")
async def signed(visit: Visit) -> web.StreamResponse:
    """Answer as long as the signature is good, then 403."""
    if visit.site.count(visit.exchange.path) >= integer(visit, "uses"):
        return await visit.answer(b"expired", status=403)
    return await file(visit)


# Fewer abilities.


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
    """A file of no bytes, 200 whatever is asked."""
    return await visit.answer(b"")


@on("/empty/416")
async def empty_unsatisfiable(visit: Visit) -> web.StreamResponse:
    """A file of no bytes, of which no range can be had."""
    return await visit.file(b"")


# Trouble that passes: the first N requests.


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


# Lies.


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
    return await visit.answer(b"<html>who are you?</html>", headers={"Content-Type": "text/html"})


# Secrets.


@on(r"/secret/{size:\d+}")
async def secret(visit: Visit) -> web.StreamResponse:
    """Ask for the password `Bearer s3cret`."""
    if visit.exchange.headers.get("authorization") != "Bearer s3cret":
        return await visit.answer(b"who?", status=401)
    return await file(visit)


@on(r"/secret-redirect/{size:\d+}")
async def secret_redirect(visit: Visit) -> web.StreamResponse:
    """Ask for the password, then redirect to another host which is not to see it."""
    if visit.exchange.headers.get("authorization") != "Bearer s3cret":
        return await visit.answer(b"who?", status=401)
    return await redirect(visit, 302, visit.site.url(f"/signedonly/{integer(visit)}", other=True))


@on(r"/signedonly/{size:\d+}")
async def signed_only(visit: Visit) -> web.StreamResponse:
    """As signed storage does: 400 for a second credential."""
    if "authorization" in visit.exchange.headers:
        return await visit.answer(b"one credential only", status=400)
    return await file(visit)
