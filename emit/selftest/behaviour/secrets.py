"""Servers that ask who you are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emit.selftest.behaviour.good import file
from emit.selftest.behaviour.registry import integer, on, redirect

if TYPE_CHECKING:
    from aiohttp import web

    from emit.selftest.visit import Visit


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
