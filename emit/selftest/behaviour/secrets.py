"""Servers that ask who you are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emit.selftest.behaviour.good import file
from emit.selftest.behaviour.registry import integer, on, partial, redirect
from emit.selftest.content import body

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiohttp import web

    from emit.selftest.behaviour.registry import Behaviour
    from emit.selftest.visit import Visit

BEARER = "Bearer s3cret"
BASIC = "Basic dXNlcjpwYXNz"  # user:pass
EXPOSED = "Access-Control-Expose-Headers: ETag, Location\nContent-Location: /elsewhere\n"


def behind(credential: str) -> Callable[[Behaviour], Behaviour]:
    """Have the decorated behaviour answer 401 to whoever asks without the credential."""

    def guard(behave: Behaviour) -> Behaviour:
        async def guarded(visit: Visit) -> web.StreamResponse:
            if visit.exchange.headers.get("authorization") != credential:
                return await visit.answer(b"who?", status=401)
            return await behave(visit)

        return guarded

    return guard


@on(r"/secret/{size:\d+}")
@behind(BEARER)
async def secret(visit: Visit) -> web.StreamResponse:
    """Ask for the password `Bearer s3cret`."""
    return await file(visit)


@on(r"/secret-redirect/{size:\d+}")
@behind(BEARER)
async def secret_redirect(visit: Visit) -> web.StreamResponse:
    """Ask for the password, then redirect to another host which is not to see it."""
    return await redirect(visit, 302, visit.site.url(f"/signedonly/{integer(visit)}", other=True))


@on(r"/signedonly/{size:\d+}")
async def signed_only(visit: Visit) -> web.StreamResponse:
    """As signed storage does: 400 for a second credential."""
    if "authorization" in visit.exchange.headers:
        return await visit.answer(b"one credential only", status=400)
    return await file(visit)


@on(r"/secret-exposed/{size:\d+}")
@behind(BEARER)
async def secret_exposed(visit: Visit) -> web.StreamResponse:
    """Ask for the password, then redirect, with headers that look like those that matter."""
    away = visit.site.url(f"/exposed/{integer(visit)}", host="localhost")
    visit.write(f"HTTP/1.1 302 Found\n{EXPOSED}Location: {away}\nContent-Length: 0\n")
    return visit.close()


@on(r"/exposed/{size:\d+}")
async def exposed(visit: Visit) -> web.StreamResponse:
    """Answer as storage does that browsers are to read."""
    head, part = partial(visit, body(integer(visit)))
    visit.write(f"{head}{EXPOSED}Content-Length: {len(part)}\n", part)
    return visit.close()


@on(r"/basic-busy/{times:\d+}/{size:\d+}")
@behind(BASIC)
async def basic_busy(visit: Visit) -> web.StreamResponse:
    """Ask for a user and a password; be busy TIMES times."""
    if visit.site.count("basic-busy") < integer(visit, "times"):
        return await visit.answer(b"later", status=503)
    return await file(visit)


@on(r"/secret-hop/{times:\d+}/{size:\d+}")
@behind(BEARER)
async def secret_hop(visit: Visit) -> web.StreamResponse:
    """Ask for the password, be busy TIMES times, then redirect to a host of another name."""
    if visit.site.count("secret-hop") < integer(visit, "times"):
        return await visit.answer(b"later", status=429)
    away = visit.site.url(f"/signedonly/{integer(visit)}", host="localhost")
    return await redirect(visit, 302, away)


@on(r"/secret-return/{size:\d+}")
async def secret_return(visit: Visit) -> web.StreamResponse:
    """Redirect to another host, which redirects back to where the password is asked for."""
    away = visit.site.url(f"/secret-back/{integer(visit)}", other=True, host="localhost")
    return await redirect(visit, 302, away)


@on(r"/secret-back/{size:\d+}")
async def secret_back(visit: Visit) -> web.StreamResponse:
    """Redirect to the host that asks for the password."""
    return await redirect(visit, 302, visit.site.url(f"/secret/{integer(visit)}"))
