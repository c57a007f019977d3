"""One request being answered, well or badly."""

from __future__ import annotations

import asyncio
import socket
import struct

from aiohttp import HttpVersion10, web

from emit.selftest.content import big_piece
from emit.selftest.journal import Exchange, Site

PIECE = 1 << 16
BIG_PIECE = 1 << 20


class Visit:
    """One request being answered: politely by aiohttp, or with raw bytes."""

    def __init__(self, site: Site, request: web.Request) -> None:
        """Begin to answer a request, which the site's journal notes."""
        self.site = site
        self.request = request
        self._pause = 0.0
        address = _transport(request).get_extra_info("sockname")
        self.exchange = Exchange(
            port=address[1],
            method=request.method,
            path=request.raw_path.removeprefix(f"/{site.name}"),
            headers={name.lower(): value for name, value in request.headers.items()},
        )
        site.journal.add(self.exchange)

    @property
    def asked(self) -> tuple[int, int | None] | None:
        """The first and last byte asked for (last None: to the end), if any."""
        unit, _, span = self.exchange.range.partition("=")
        first, dash, last = span.partition("-")
        if unit != "bytes" or not dash or not first:
            return None
        return int(first), int(last) if last else None

    def span(self, size: int) -> tuple[int, int] | None:
        """Return what of a body of `size` bytes was asked for, as a slice."""
        if self.asked is None:
            return None
        first, last = self.asked
        return first, size if last is None else min(size, last + 1)

    async def answer(
        self, content: bytes = b"", *, status: int = 200, headers: dict[str, str] | None = None
    ) -> web.StreamResponse:
        """Answer all of `content`, well-formed."""
        response = web.StreamResponse(status=status, headers=headers)
        response.content_length = len(content)
        return await self._stream(response, content)

    async def chunked(
        self, content: bytes, *, status: int = 200, headers: dict[str, str] | None = None
    ) -> web.StreamResponse:
        """Answer all of `content` in chunked coding, or to HTTP/1.0 up to the connection's end."""
        response = web.StreamResponse(status=status, headers=headers)
        if self.request.version > HttpVersion10:
            response.enable_chunked_encoding()
        else:
            response.headers["Connection"] = "close"
        return await self._stream(response, content)

    async def _stream(self, response: web.StreamResponse, content: bytes) -> web.StreamResponse:
        self.exchange.status = response.status
        await response.prepare(self.request)
        if self.request.method != "HEAD":
            for start in range(0, len(content), PIECE):
                piece = content[start : start + PIECE]
                await asyncio.sleep(self._pause)
                await response.write(piece)
                self.site.journal.update(self.exchange, sent=len(piece))
        await response.write_eof()
        return response

    async def paced(self, content: bytes, rate: int) -> web.StreamResponse:
        """Answer as `file` does, at RATE bytes a second."""
        self._pause = PIECE / rate
        return await self.file(content)

    async def file(
        self, content: bytes, headers: dict[str, str] | None = None
    ) -> web.StreamResponse:
        """Answer `content`, or the range of it that was asked for."""
        headers = {"Accept-Ranges": "bytes", "Content-Type": "application/octet-stream"} | (
            headers or {}
        )
        span = self.span(len(content))
        if span is None or self.request.headers.get("If-Range", "") not in (
            "",
            headers.get("ETag"),
            headers.get("Last-Modified"),
        ):
            return await self.answer(content, headers=headers)
        first, end = span
        if first >= len(content):
            headers |= {"Content-Range": f"bytes */{len(content)}"}
            return await self.answer(status=416, headers=headers)
        headers |= {"Content-Range": f"bytes {first}-{end - 1}/{len(content)}"}
        return await self.answer(content[first:end], status=206, headers=headers)

    async def big(self, size: int) -> web.StreamResponse:
        """Answer the file of `size` bytes that no memory holds, or the range asked for."""
        first, end = self.span(size) or (0, size)
        response = web.StreamResponse(status=200 if self.asked is None else 206)
        response.headers["Content-Range"] = f"bytes {first}-{end - 1}/{size}"
        response.content_length = end - first
        self.exchange.status = response.status
        await response.prepare(self.request)
        while first < end and self.request.method != "HEAD":
            piece = big_piece(first, min(end, first + BIG_PIECE))
            await response.write(piece)
            self.site.journal.update(self.exchange, sent=len(piece))
            first += len(piece)
        await response.write_eof()
        return response

    def write(self, head: str, content: bytes = b"") -> None:
        """Write a head, as it stands, and `content` past aiohttp onto the connection."""
        self.exchange.status = int(head.split()[1])
        content = b"" if self.request.method == "HEAD" else content
        whole = head.replace("\n", "\r\n").encode("latin-1") + b"\r\n" + content
        self.raw(whole, len(content))

    def raw(self, piece: bytes, sent: int = 0) -> None:
        """Write a piece of an answer, of which `sent` bytes are the body's."""
        _transport(self.request).write(piece)
        self.site.journal.update(self.exchange, sent=sent)

    def close(self) -> web.StreamResponse:
        """Close the connection once what was written has gone out."""
        _transport(self.request).close()
        return web.Response()

    def reset(self) -> web.StreamResponse:
        """Break the connection: the peer sees a reset."""
        transport = _transport(self.request)
        at_once = struct.pack("ii", 1, 0)
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
        transport.abort()
        return web.Response()

    async def gather(self, number: int) -> None:
        """Return once `number` requests of the site have come to this point."""
        if self.site.count("gathered") == number - 1:
            self.site.gathered.set()
        await self.site.gathered.wait()

    async def hang(self) -> web.StreamResponse:
        """Send nothing more until the peer goes away."""
        await asyncio.Event().wait()
        return web.Response()


def _transport(request: web.Request) -> asyncio.Transport:
    if request.transport is None:
        raise ConnectionResetError("the peer is gone")
    return request.transport
