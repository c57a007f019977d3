"""Redirects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emit.selftest.behaviour.good import file
from emit.selftest.behaviour.registry import integer, on, redirect
from emit.selftest.content import body

if TYPE_CHECKING:
    from aiohttp import web

    from emit.selftest.visit import Visit

OTHER = 4  # fewer redirects than that are left where the other host is in between


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
    """Answer the file."""
    return await file(visit)


@on(r"/chain/{left:\d+}/{size:\d+}")
async def chain(visit: Visit) -> web.StreamResponse:
    """Redirect LEFT times, by another code and another form each time."""
    left, size = integer(visit, "left"), integer(visit)
    code = (301, 302, 303)[left % 3]
    path = f"/chain/{left - 1}/{size}" if left > 1 else f"/file/{size}"
    location = f"/{visit.site.name}{path}" if left % 2 else visit.site.url(path, other=left < OTHER)
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


@on(r"/expiring-with/{code:\d+}/{uses:\d+}/{size:\d+}")
async def expiring_with(visit: Visit) -> web.StreamResponse:
    """Redirect to a fresh signed path, which answers CODE after so many requests."""
    code, uses = integer(visit, "code"), integer(visit, "uses")
    path = (
        f"/signed-with/{code}/{visit.site.count('tickets')}/{uses}/{integer(visit)}?sig=a%2Fb&x=1"
    )
    return await redirect(visit, 302, visit.site.url(path, other=True))


@on(r"/signed-with/{code:\d+}/{ticket:\d+}/{uses:\d+}/{size:\d+}")
async def signed_with(visit: Visit) -> web.StreamResponse:
    """Answer as long as the signature is good, then CODE."""
    if visit.site.count(visit.exchange.path) >= integer(visit, "uses"):
        return await visit.answer(b"expired", status=integer(visit, "code"))
    return await file(visit)


@on(r"/round-robin/{size:\d+}")
async def round_robin(visit: Visit) -> web.StreamResponse:
    """Redirect to another mirror each time, each with a tag of its own."""
    number = visit.site.count("round-robin")
    return await redirect(visit, 302, visit.site.url(f"/mirror/{number}/{integer(visit)}"))


@on(r"/mirror/{number:\d+}/{size:\d+}")
async def mirror(visit: Visit) -> web.StreamResponse:
    """Answer the file, with the tag of this mirror."""
    return await visit.file(body(integer(visit)), {"ETag": f'"{integer(visit, "number")}"'})


@on(r"/hostile-redirect/{size:\d+}")
async def hostile_redirect(visit: Visit) -> web.StreamResponse:
    """Redirect to a path that a shell would run."""
    path = f"/{visit.site.name}/hostile/;touch$IFS./pwned;&$(touch%20pwned)`touch%20pwned`'"
    visit.write(f"HTTP/1.1 302 Found\nLocation: {path}/{integer(visit)}\nContent-Length: 0\n")
    return visit.close()


@on(r"/hostile/{rest:.*}/{size:\d+}")
async def hostile_target(visit: Visit) -> web.StreamResponse:
    """Answer the file."""
    return await file(visit)
