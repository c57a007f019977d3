"""Tell how a stream is packed by its first bytes, and unpack it, by bounded chunks."""

import itertools
import sys
from collections.abc import Callable
from typing import Protocol, cast

from isal import igzip_lib

from emit.errors import InputError
from emit.layers.chunks import CHUNK, Chunk, Chunks

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


class Decoder(Protocol):
    """What bz2.BZ2Decompressor began and isal and zstd follow: bounded output."""

    @property
    def eof(self) -> bool:
        """Whether the member is at its end."""

    @property
    def needs_input(self) -> bool:
        """Whether there is no output left without more input."""

    @property
    def unused_data(self) -> bytes:
        """What came behind the end."""

    def decompress(self, data: Chunk, max_length: int = ..., /) -> bytes:
        """Return at most `max_length` bytes."""


#: RFC 1952, RFC 8878, and what else the engines have read as a layer.
_MAGIC = {
    b"\x1f\x8b": "gzip",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
}
_ISAL_ERROR = cast("type[Exception]", igzip_lib.IsalError)  # its stub says it is an instance
# A frame that a decoder passes over (RFC 8878, 3.1.2); zstd:chunked may begin with one.
_SKIPPABLE = range(0x184D2A50, 0x184D2A60)


_DECODERS: dict[str, Callable[[], Decoder]] = {
    "gzip": lambda: igzip_lib.IgzipDecompressor(flag=igzip_lib.DECOMP_GZIP),
    "zstd": zstd.ZstdDecompressor,
}


def sniff(head: bytes) -> str:
    """Return gzip, zstd, bzip2 or xz, or plain where it is none of them."""
    if int.from_bytes(head[:4], "little") in _SKIPPABLE:
        return "zstd"
    return next((name for magic, name in _MAGIC.items() if head.startswith(magic)), "plain")


def peek(chunks: Chunks, count: int) -> tuple[bytes, Chunks]:
    """Return the first `count` bytes (fewer where there are no more), and all chunks again."""
    seen = []
    missing = count
    while missing > 0 and (chunk := next(chunks, b"")):
        seen.append(chunk)
        missing -= len(chunk)
    return b"".join(chunk[:count] for chunk in seen)[:count], itertools.chain(seen, chunks)


def inflate(chunks: Chunks) -> tuple[str, Chunks]:
    """Return how the stream is packed and what is in it, in chunks of at most CHUNK bytes.

    Raises InputError on a packing that is not read, and, while read, on damaged data.
    """
    head, chunks = peek(chunks, 6)
    packing = sniff(head)
    if packing in _DECODERS:
        return packing, _unpack(packing, chunks)
    if packing != "plain":
        raise InputError(f"it is packed with {packing}, which no registry takes; unpack it first")
    return packing, chunks


def _unpack(packing: str, chunks: Chunks) -> Chunks:
    """Unpack all members (gzip) or frames (zstd); zeros behind the last are padding."""
    new = _DECODERS[packing]
    rest = next(chunks, b"")
    while rest:
        decoder = new()
        try:
            yield from _decode(decoder, rest, chunks)
        except (_ISAL_ERROR, zstd.ZstdError, EOFError) as error:
            raise InputError(f"its {packing} data is damaged or cut short: {error}") from error
        rest = decoder.unused_data.lstrip(b"\0")
        while not rest and (more := next(chunks, b"")):
            rest = bytes(more).lstrip(b"\0")


def _decode(decoder: Decoder, data: Chunk, chunks: Chunks) -> Chunks:
    while True:
        piece = decoder.decompress(data, CHUNK)
        if piece:
            yield piece
        if decoder.eof:
            return
        data = b""
        if decoder.needs_input and not (data := next(chunks, b"")):
            raise EOFError("it ends too early")
